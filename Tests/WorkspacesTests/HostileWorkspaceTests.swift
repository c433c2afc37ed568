import Testing
import Workspaces
import YAML

@Suite("Hostile workspaces")
struct HostileWorkspaceTests {
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
        "{", "}", "[", "]", ":", "\n", "\"", "'", "=", "${{ secrets.", "{{", "&a ", "*a ", ",", ";", "\r\n", "\u{0}",
        "é", "-", "null",
        "99999999999999999999", "\t", "mon-", "24:00",
    ]

    @Test("120 mutated workspaces are loaded or refused", arguments: 0..<4)
    func mutations(_ block: Int) throws {
        let names = WorkspaceLoaderTests.files.keys.sorted()
        for seed in block * 30..<block * 30 + 30 {
            var random = Generator(state: UInt64(seed))
            var files = WorkspaceLoaderTests.files
            var settings = WorkspaceLoaderTests.settings
            for _ in 0..<6 {
                settings = mutated(settings, &random)
                let name = names[Int.random(in: 0..<names.count, using: &random)]
                files[name] = files[name].map { mutated($0, &random) }
            }
            let load = try TemporaryWorkspace(files, settings: settings).load()
            #expect(load.workspace != nil || load.hasErrors, "seed \(seed)")
        }
    }

    private func mutated(_ text: String, _ random: inout Generator) -> String {
        var scalars = Array(text.unicodeScalars)
        guard !scalars.isEmpty else { return text }
        let at = Int.random(in: 0..<scalars.count, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: scalars.removeSubrange(at..<min(scalars.count, at + Int.random(in: 1...20, using: &random)))
        case 1:
            let from = Int.random(in: 0..<scalars.count, using: &random)
            scalars.insert(contentsOf: scalars[from..<min(scalars.count, from + 40)], at: at)
        default:
            let piece = Self.pieces[Int.random(in: 0..<Self.pieces.count, using: &random)]
            scalars.insert(contentsOf: piece.unicodeScalars, at: at)
        }
        return String(String.UnicodeScalarView(scalars))
    }

    @Test("a table with very many columns is refused")
    func manyColumns() throws {
        let columns = (0..<20_000).map { "c\($0)" }.joined(separator: ",")
        let folder = try TemporaryWorkspace(["tables/wide.csv": columns + "\n1,2\n"])
        #expect(folder.load().diagnostics.map(\.code) == ["SB1708"])
    }
}
