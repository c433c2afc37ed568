import Foundation
import Testing
import TicketImport
import WorkflowModel
import YAML

/// A small generator, so that a failure can be repeated by its seed.
private struct Dice: RandomNumberGenerator {
    var state: UInt64

    // SplitMix64 (Steele, Lea, Flood 2014).
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

@Suite("Hostile files")
struct HostileTests {
    private static let pieces: [[UInt8]] =
        [
            "\"", "\"\"", ",", ";", "\n", "\r\n", "\r", "\u{2028}", "\u{FEFF}", "?", "A1", "01-03-2016 09:00",
            "Resolved", "{", "}", "[",
            ": ", "- ", "values:", "known_at: ", "null", "~", "'", "\u{0}", "\u{301}", "999999999999999999999",
            "e\u{301}", "&a", "*a", "|\n",
        ].map { Array($0.utf8) } + [[0xFF], [0xC3], [0xED, 0xA0, 0x80], Array(repeating: 0x78, count: 2000)]

    private static func damaged(_ text: [UInt8], _ dice: inout Dice) -> [UInt8] {
        var text = text
        for _ in 0..<Int.random(in: 1...6, using: &dice) {
            let at = Int.random(in: 0...text.count, using: &dice)
            switch Int.random(in: 0..<4, using: &dice) {
            case 0: text.insert(contentsOf: pieces.randomElement(using: &dice) ?? [], at: at)
            case 1: text.removeSubrange(at..<min(text.count, at + Int.random(in: 1...20, using: &dice)))
            case 2 where at < text.count: text[at] = UInt8.random(in: 0...255, using: &dice)
            default:
                let part = text[min(at, max(0, text.count - 40))..<min(text.count, at + 40)]
                text.insert(contentsOf: part, at: Int.random(in: 0...text.count, using: &dice))
            }
        }
        return text
    }

    @Test func `damaged exports give events or a reason, and never a time from after the event`() throws {
        let mapping = try Exports.read()
        let good = Array(([Exports.header] + EventTests.life).joined(separator: "\n").utf8)
        for seed in 0..<400 {
            var dice = Dice(state: UInt64(seed))
            do {
                let (events, report) = try TicketImport.run(
                    csv: Self.damaged(good, &dice), path: "export.csv", mapping: mapping)
                #expect(report.events == events.count, "seed \(seed)")
                #expect(Set(events.map(\.id)).count == events.count, "seed \(seed)")
                for event in events {
                    if let resolved = event.data["ticket"]?["resolved_at"]?.timestamp {
                        #expect(resolved <= event.time, "seed \(seed)")
                    }
                    _ = try Event(
                        cloudEvent: JSON.parse(JSONWriter.text(event.envelope)), now: Timestamp(seconds: 0))
                }
            } catch let failure as ImportFailure {
                #expect(!failure.diagnostics.isEmpty, "seed \(seed)")
            }
        }
    }

    @Test func `damaged mappings are read or refused with a place`() throws {
        let good = Array(Exports.mapping.utf8)
        let csv = Array(([Exports.header] + EventTests.life).joined(separator: "\n").utf8)
        for seed in 0..<400 {
            var dice = Dice(state: UInt64(seed))
            let file = SourceFile(path: "map.yaml", bytes: Self.damaged(good, &dice))
            let (mapping, diagnostics) = ImportMapping.read(file)
            guard let mapping else {
                #expect(diagnostics.contains { $0.severity == .error }, "seed \(seed)")
                continue
            }
            do {
                _ = try TicketImport.run(csv: csv, path: "export.csv", mapping: mapping)
            } catch {
                #expect(!error.diagnostics.isEmpty, "seed \(seed)")
            }
        }
    }
}
