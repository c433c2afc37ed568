import Testing
import YAML

@testable import PlainWords
@testable import Playbooks

@Suite("Formatting playbooks")
struct FormatterTests {
    private func format(_ text: String) throws -> String {
        try PlaybookFormatter.format(SourceFile(path: "p.yaml", text: text))
    }

    @Test(
        "what is written one way comes out the other",
        arguments: [
            (
                "order of keys, at the top and in steps",
                "steps:\n- with: {text: a}\n  uses: x.y\n  if: a\n  id: one\nplaybook: p\n",
                "playbook: p\n\nsteps:\n  - id: one\n    if: a\n    uses: x.y\n    with: { text: a }\n"
            ),
            (
                "comments go with what they stand by",
                "# top\n\nsteps:\n    # about the step\n    - uses: x.y   # what it calls\n      # its name\n      id: one\n    # at the end\n# the id\nplaybook: p # p\n# last\n",
                "# top\n\n# the id\nplaybook: p # p\n\nsteps:\n  # about the step\n  # its name\n  - id: one\n    uses: x.y   # what it calls\n  # at the end\n# last\n"
            ),
            (
                "quotes that are not needed go, the others stay",
                "playbook: \"p\"\ntitle: 'a: b'\nowner: \"lead\"\nvars: { a: \"x\", b: \"5\", c: 'yes', d: \"1a\", e: \"=x\", f: '${{ x }}', g: \"a, b\" }\n",
                "playbook: p\ntitle: 'a: b'\nowner: lead\nvars: { a: x, b: \"5\", c: 'yes', d: \"1a\", e: \"=x\", f: '${{ x }}', g: \"a, b\" }\n"
            ),
            (
                "texts of several lines stay, and their hashes",
                "playbook: p\nvars:\n      a: |+\n           # no comment\n             deeper\n\n      b: >-  # a comment\n       one\n       two\n      c: plain\n        # not here\n",
                "playbook: p\n\nvars:\n  a: |+\n    # no comment\n      deeper\n\n  b: >-  # a comment\n    one\n    two\n  c: plain\n  # not here\n"
            ),
            (
                "lists of several lines move as a whole",
                "playbook: p\nvars:\n    a: [1,\n       2, # two\n       3]  # all\n",
                "playbook: p\n\nvars:\n  a: [1,\n     2, # two\n     3]  # all\n"
            ),
            (
                "variables keep their order, and one empty line stays one",
                "playbook: p\nvars:\n  b: 1\n\n\n\n  a: 2\n",
                "playbook: p\n\nvars:\n  b: 1\n\n  a: 2\n"
            ),
            (
                "repeated values keep the order of keys",
                "steps: &s\n  - uses: x.y\n    id: a\non_failure: *s\nplaybook: p\n",
                "steps: &s\n  - uses: x.y\n    id: a\n\non_failure: *s\nplaybook: p\n"
            ),
            (
                "lines of Windows, blanks at ends and a missing last break",
                "playbook: p  \r\nsteps:   \r\n  - wait: 5m",
                "playbook: p\n\nsteps:\n  - wait: 5m\n"
            ),
            (
                "lists of lists, empty values", "playbook: p\nvars:\n  a:\n  - - 1\n    -   2\n  -\n  b:\n  c: {}\n",
                "playbook: p\n\nvars:\n  a:\n    - - 1\n      - 2\n    -\n  b:\n  c: {}\n"
            ),
            (
                "short steps may stand close together, long ones not",
                "playbook: p\nsteps:\n  - wait: 1m\n  - { wait: 2m }\n  - { wait: 3m }\n  - uses: x.y\n    id: a\n",
                "playbook: p\n\nsteps:\n  - wait: 1m\n\n  - { wait: 2m }\n  - { wait: 3m }\n\n  - id: a\n    uses: x.y\n"
            ),
        ])
    func formats(what: String, text: String, expected: String) throws {
        let formatted = try format(text)
        #expect(formatted == expected, "\(what)")
        #expect(try format(formatted) == formatted, "twice is as once")
    }

    @Test(
        "what cannot be formatted says why",
        arguments: [
            ("a: [", PlaybookFormatter.Problem?.none), ("a: 1\n", .noPlaybook), ("- a\n", .noPlaybook),
            ("{ playbook: p }\n", .noPlaybook),
            ("playbook: p\n---\n", nil), ("---\nplaybook: p\n", .unsupported("it has lines with `---`, `...` or `%`")),
            ("playbook: p\nvars:\n  a: |2\n     x\n", .unsupported("a text says how far it is indented (`|2`)")),
        ])
    func refuses(text: String, problem: PlaybookFormatter.Problem?) {
        do throws(PlaybookFormatter.Problem) {
            let formatted = try PlaybookFormatter.format(SourceFile(path: "p.yaml", text: text))
            Issue.record("\(formatted)")
        } catch {
            if let problem { #expect(error == problem) }
        }
    }

    @Test(
        "every sample playbook, however it was mangled, keeps its meaning and its comments",
        arguments: ReadPlaybook.samples)
    func samples(name: String) throws {
        let text = try ReadPlaybook.sampleText(name)
        let formatted = try format(text)
        #expect(try format(formatted) == formatted)
        var changed = 0
        for seed in UInt64(0)..<60 {
            var random = SeededChoice(seed: seed &* 7919 &+ UInt64(text.utf8.count))
            let mangled = Mangled.text(text, &random)
            let (root, problems) = YAMLParser.parse(SourceFile(path: name, text: mangled))
            guard root != nil, !problems.contains(where: { $0.severity == .error }) else { continue }
            do throws(PlaybookFormatter.Problem) {
                let once = try PlaybookFormatter.format(SourceFile(path: name, text: mangled))
                #expect(
                    try PlaybookFormatter.format(SourceFile(path: name, text: once)) == once, "\(mangled)\n=>\n\(once)")
                changed += 1
            } catch {
                Issue.record("\(error)\n\(mangled)")
            }
        }
        #expect(changed > 10, "mangled texts can still be read, many of them")
    }

    @Test func `the order has a place for every key of the language`() {
        let pairs: [(KeyOrder.Place, [String])] = [
            (.playbook, KeyTable.playbook), (.trigger, KeyTable.trigger), (.schedule, KeyTable.schedule),
            (.step, KeyTable.allOfSteps), (.cases, KeyTable.choice), (.rounds, KeyTable.rounds),
            (.listen, KeyTable.listen),
            (.listenOption, KeyTable.listenOption), (.stop, KeyTable.stop), (.ask, KeyTable.ask + KeyTable.approve),
            (.retry, KeyTable.retry), (.undo, KeyTable.undo), (.onlyIf, KeyTable.onlyIf),
            (.throttle, KeyTable.throttle),
            (.concurrency, KeyTable.concurrency), (.breaker, KeyTable.breaker), (.input, KeyTable.input),
        ]
        for (place, keys) in pairs {
            for key in keys { #expect(KeyOrder.keys(place).contains(key), "\(place): \(key)") }
            #expect(Set(KeyOrder.keys(place)).count == KeyOrder.keys(place).count)
        }
    }

    @Test func `a large file takes its time, not the square of it`() throws {
        var text = "playbook: p\nsteps:\n"
        for number in 0..<3000 { text += "  # comment \(number)\n  - { uses: x.y, id: s\(number) }\n" }
        #expect(try format(text).hasSuffix("- { id: s2999, uses: x.y }\n"))
    }

    @Test func `the difference is that of diff -u`() {
        let old = (1...20).map { "line \($0)" }.joined(separator: "\n") + "\n"
        let new = old.replacing("line 5\n", with: "five\n").replacing("line 18\n", with: "")
        #expect(
            UnifiedDiff.text(old, new, name: "f") == """
                --- f
                +++ f (formatted)
                @@ -2,7 +2,7 @@
                 line 2
                 line 3
                 line 4
                -line 5
                +five
                 line 6
                 line 7
                 line 8
                @@ -15,7 +15,6 @@
                 line 15
                 line 16
                 line 17
                -line 18
                 line 19
                 line 20
                \u{20}

                """)
        #expect(UnifiedDiff.text(old, old, name: "f").isEmpty)
    }
}

/// Random choices that are the same each time.
struct SeededChoice: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed &+ 0x9E37_79B9_7F4A_7C15 }

    /// SplitMix64.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}

/// Texts with other white space and more comments than they had.
enum Mangled {
    static func text(_ text: String, _ random: inout SeededChoice) -> String {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if Bool.random(using: &random) {
            // Twice as far in.
            lines = lines.map { line in
                let blanks = line.prefix { $0 == " " }.count
                return String(repeating: " ", count: blanks * 2) + line.dropFirst(blanks)
            }
        }
        var out: [String] = []
        for (number, line) in lines.enumerated() {
            let own = line.prefix { $0 == " " }.count
            let above = number > 0 ? lines[number - 1].prefix { $0 == " " }.count : 0
            switch Int.random(in: 0..<48, using: &random) {
            case 0: out.append(String(repeating: " ", count: own) + "# added \(number)")
            case 1: out.append(String(repeating: " ", count: above) + "#added \(number)  ")
            case 2: out.append("# added \(number)")
            case 3:
                out.append(String(repeating: " ", count: Int.random(in: 0...8, using: &random)) + "# added \(number)")
            case 4: out += ["", ""]
            case 5: if line.isEmpty { continue }
            default: break
            }
            switch Int.random(in: 0..<40, using: &random) {
            case 0: out.append(line + "   ")
            case 1 where !line.isEmpty: out.append(line + "  # behind \(number)")
            case 2 where line.hasSuffix("with:") || line.hasSuffix("steps:"): out.append(line + " #c")
            default: out.append(line)
            }
        }
        return out.joined(separator: "\n")
    }
}
