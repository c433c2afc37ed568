import Testing
import YAML

/// Broken and hostile files: never a trap, always a tree or a located error, always soon.
struct HostileTests {
    static let playbook = """
        # Triage of new tickets
        name: triage
        description: "What happens to a new ticket – größer"
        trigger:
          event: [ticket.created, ticket.updated]
          when:
            all:
              - ticket.priority == "high"
              - "'vip' in ticket.tags"
        vars: &vars { limit: 5, owner: me }
        steps:
          - id: classify
            uses: enrich.classify
            with: { text: "${{ ticket.subject }}", rules: [a, b] }
          - id: notify
            if: =steps.classify.output.priority in ["P1", "P2"]
            uses: notify.send
            with:
              to: team:support
              copy: *vars
              text: |
                Ticket ${{ ticket.id }} is here.
                  Indented.
              note: >-
                folded
                text
        outputs: {}
        """

    static let fragments = [
        "\t", "\n", "\r", "{", "}", "[", "]", "\"", "'", ": ", "- ", "#", " #", "&a ", "*a", "*vars", "!", "!!str ",
        "|", ">",
        "|9", "%", "@", "`", "? ", "---\n", "...\n", "<<: ", "\u{FEFF}", "\u{85}", "\u{2028}", "😀", "\u{0}", "\\",
        "${{", "{{",
        "}}", "=f(", ",", "\"\\x", "\"\\u12", "%YAML 9.9\n", "%TAG ! x\n", "- - - - ", "\n\n\n  ", "0x", "1e999", "~",
    ]

    static func mutated(_ seed: UInt64) -> [UInt8] {
        var random = SeededGenerator(seed: seed)
        var bytes = Array(playbook.utf8)
        for _ in 0..<Int.random(in: 1...12, using: &random) {
            let at = Int.random(in: 0...bytes.count, using: &random)
            let length = min(Int.random(in: 0...40, using: &random), bytes.count - at)
            switch Int.random(in: 0..<7, using: &random) {
            case 0: bytes.removeSubrange(at..<at + length)
            case 1: bytes.insert(contentsOf: Array(bytes[at..<at + length]), at: min(at, bytes.count))
            case 2: bytes.insert(UInt8.random(in: 0...255, using: &random), at: at)
            case 3: if at < bytes.count { bytes[at] = UInt8.random(in: 0...127, using: &random) }
            case 4: bytes.removeSubrange(at...)
            case 5:
                let many = Int.random(in: 1...200, using: &random)
                let one = Array((fragments.randomElement(using: &random) ?? "").utf8)
                bytes.insert(contentsOf: Array(repeating: one, count: many).joined(), at: at)
            default: bytes.insert(contentsOf: Array((fragments.randomElement(using: &random) ?? "").utf8), at: at)
            }
        }
        return bytes
    }

    @Test func `the playbook that is mutated is a good one`() {
        #expect(codes(Self.playbook) == [])
    }

    @Test func `3000 hostile files end in a tree or a located error, each in bounded time`() {
        let clock = ContinuousClock()
        var trees = 0
        var slowest = Duration.zero
        for seed in 0..<3000 {
            let source = SourceFile(path: "hostile.yaml", bytes: Self.mutated(UInt64(seed)))
            var result: YAMLParser.Result = (nil, [])
            let time = clock.measure {
                result = YAMLParser.parse(source)
                for diagnostic in result.diagnostics {
                    _ = CodeFrame.render(diagnostic, source: source, colour: true)
                    _ = diagnostic.json
                }
                if let root = result.root {
                    trees += 1
                    for node in allNodes(root) {
                        _ = node.comments
                        _ = node.sourceRange(ofScalars: 0..<3)
                    }
                }
            }
            slowest = max(slowest, time)
            #expect(result.root != nil || result.diagnostics.contains { $0.severity == .error }, "seed \(seed)")
            #expect(result.diagnostics.allSatisfy { $0.range != nil }, "seed \(seed)")
            for range in result.diagnostics.compactMap(\.range) {
                #expect(range.start <= range.end && range.end.byte <= source.bytes.count, "seed \(seed)")
            }
            if result.root != nil {
                // What was read without an error is read without an error by libyaml too.
                let isClean = result.diagnostics.isEmpty
                #expect(!isClean || (try? YAMLParser.events(source.bytes)) != nil, "seed \(seed)")
            }
        }
        print("hostile: \(trees) of 3000 gave a tree; slowest \(slowest)")
        #expect(slowest < .seconds(20))
    }

    @Test func `scalars of hostile files are still found in their source`() {
        var scalars = 0
        for seed in 5000..<5600 {
            let source = SourceFile(path: "hostile.yaml", bytes: Self.mutated(UInt64(seed)))
            guard let root = YAMLParser.parse(source).root else { continue }
            for node in allNodes(root) where node.scalar != nil && !node.isDamaged && node.text != "" {
                scalars += 1
                #expect(node.scalarMap.isExact, "seed \(seed): \(node.text ?? "")")
            }
        }
        #expect(scalars > 1000)
    }
}
