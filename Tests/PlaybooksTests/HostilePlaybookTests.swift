import Playbooks
import Testing
import YAML

@Suite("Hostile playbooks")
struct HostilePlaybookTests {
    /// SplitMix64 (Steele, Lea, Flood 2014): the same cases on every machine.
    private struct Generator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }

    private static let pieces = [
        "{", "}", "[", "]", ":", "- ", "\n", "\n  ", "\"", "'", "=", "${{ ", " }}", "{{", "&a ", "*a ", "|", ">", "#",
        "!", "@",
        "\u{0}", "\u{FFFD}", "é", "😀", "null", "~", "steps:", "if: ", "9999999999999999999", "- - - - ", "\t", "%", "?",
        "for_each: x", "steps.a.b", "...", "---",
    ]

    @Test("400 mutated playbooks are read or refused, each with a place", arguments: 0..<8)
    func mutations(_ block: Int) {
        let original = Array(RightPlaybookTests.full.unicodeScalars)
        for seed in block * 50..<block * 50 + 50 {
            var random = Generator(state: UInt64(seed))
            var text = original
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                let at = Int.random(in: 0..<text.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: text.remove(at: at)
                case 1:
                    let end = min(text.count, at + Int.random(in: 1...60, using: &random))
                    text.removeSubrange(at..<end)
                case 2:
                    let from = Int.random(in: 0..<text.count, using: &random)
                    text.insert(contentsOf: text[from..<min(text.count, from + 80)], at: at)
                default:
                    let piece = Self.pieces[Int.random(in: 0..<Self.pieces.count, using: &random)]
                    text.insert(contentsOf: piece.unicodeScalars, at: at)
                }
            }
            let source = String(String.UnicodeScalarView(text))
            let (workflow, diagnostics) = Sample.read(source)
            let hasErrors = diagnostics.contains { $0.severity == .error }
            #expect((workflow == nil) == hasErrors, "seed \(seed)")
            #expect(diagnostics.allSatisfy { $0.range != nil }, "seed \(seed)")
        }
    }

    @Test("steps that nest too deeply are refused, not followed")
    func depth() {
        var steps = "  - if: 'true'\n    then:\n"
        var indent = "      "
        for _ in 0..<60 {
            steps += "\(indent)- if: 'true'\n\(indent)  then:\n"
            indent += "    "
        }
        steps += "\(indent)- stop:\n"
        #expect(Sample.read(Sample.playbook(steps: steps)).workflow == nil)
    }

    @Test("thousands of unknown names are found in bounded time")
    func manyNames() {
        var steps = ""
        for number in 0..<4000 {
            steps += "  - { id: step_\(number), set: { v\(number): =steps.stap_\(number).x + vars.w\(number) } }\n"
        }
        let clock = ContinuousClock()
        var count = 0
        let time = clock.measure { count = Sample.read(Sample.playbook(steps: steps)).diagnostics.count }
        #expect(count == 200)
        #expect(time < .seconds(180))
    }

    @Test("two thousand mistakes give a bounded number of reports")
    func manyMistakes() {
        let steps = (0..<2000).map { "  - { uses: notify.sned, id: s\($0) }" }.joined(separator: "\n")
        let found = Sample.read(Sample.playbook(steps: steps)).diagnostics
        #expect(found.count == Diagnostics.keptPerFile)
    }
}
