/// One slip that a person might make in a playbook.
struct Mutation: Sendable {
    /// The kinds of slips.
    enum Kind: String, CaseIterable, Sendable {
        case key = "misspells a key"
        case action = "misspells an action"
        case field = "misspells a field"
        case type = "swaps a type"
        case required = "drops a required key or input"
        case order = "moves a step before what it needs"
        case expression = "breaks an expression"
    }

    let kind: Kind
    /// The playbook's file.
    let file: String
    /// The line, from 1, as it was and as it is now.
    let line: Int
    let before: String
    let after: String
    /// The whole text with the slip.
    let text: String

    /// The mutation that replaces `range` of `bytes`; nil when nothing would change.
    init?(_ kind: Kind, _ file: String, _ bytes: [UInt8], _ range: Range<Int>, with new: String) {
        let changed = Array(bytes[..<range.lowerBound]) + Array(new.utf8) + Array(bytes[range.upperBound...])
        guard changed != bytes else { return nil }
        func line(_ text: [UInt8], around at: Int) -> String {
            let at = min(at, text.count)
            let start = text[..<at].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
            let end = text[at...].firstIndex(of: 0x0A) ?? text.count
            return String(decoding: text[start..<end], as: UTF8.self)
        }
        self.kind = kind
        self.file = file
        self.line = bytes[..<range.lowerBound].count { $0 == 0x0A } + 1
        before = line(bytes, around: range.lowerBound)
        after = line(changed, around: range.lowerBound)
        text = String(decoding: changed, as: UTF8.self)
    }

    /// Why a check may let it pass, as far as the line tells.
    var whyMissed: String {
        switch kind {
        case .field where before.contains(".row."), .key where before.contains("default: {"):
            "what a looked-up row holds is known when it runs"
        case .type where after.contains("default: {"): "what a looked-up row holds is known when it runs"
        case .type where after.contains("if: ") || after.contains("when: ") || after.hasSuffix("- true"):
            "a condition that always holds is one"
        case .type: "any value is right for this name"
        default: "not known"
        }
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014): the same slips on every machine.
struct MutationRandom: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
