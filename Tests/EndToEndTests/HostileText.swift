/// Numbers that are the same in every test of the same seed (SplitMix64).
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}

/// Makes bad files out of good ones.
struct HostileText {
    private var numbers: SeededNumbers
    private let samples: [[UInt8]]
    private let words: [String]

    /// Of `samples`; `words` are those that the format takes notice of.
    init(seed: UInt64, samples: [[UInt8]], words: [String]) {
        numbers = SeededNumbers(seed: seed)
        self.samples = samples
        self.words = words
    }

    private mutating func index(_ count: Int) -> Int { count == 0 ? 0 : Int.random(in: 0..<count, using: &numbers) }

    private mutating func sample() -> [UInt8] { samples[index(samples.count)] }

    /// The next bad file: one to four mutations of a sample.
    mutating func next() -> [UInt8] {
        var bytes = sample()
        for _ in 0...index(4) { mutate(&bytes) }
        return Array(bytes.prefix(200_000))
    }

    private mutating func mutate(_ bytes: inout [UInt8]) {
        let place = index(bytes.count)
        let end = min(bytes.count, place + index(60))
        switch index(14) {
        case 0: bytes.removeSubrange(place..<end)
        case 1: bytes = Array(bytes.prefix(place))
        case 2:
            let other = sample()
            let start = index(other.count)
            bytes.insert(contentsOf: other[start..<min(other.count, start + index(200))], at: place)
        case 3: if place < bytes.count { bytes[place] = UInt8(truncatingIfNeeded: numbers.next()) }
        case 4: if place < bytes.count { bytes[place] ^= 1 << UInt8(index(8)) }
        case 5: bytes.insert(contentsOf: bytes[place..<end], at: end)
        case 6:
            // A line twice: duplicate keys, duplicate ids.
            let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
            let line = index(lines.count)
            bytes = Array((lines[...line] + lines[line...]).joined(separator: [0x0A]))
        case 7:
            let opening = ["[", "{", "{\"a\":", "- ", "((", "\"", "!(", "a.b["][index(8)]
            bytes.insert(
                contentsOf: Array(String(repeating: opening, count: [3, 70, 2000, 20_000][index(4)]).utf8), at: place)
        case 8:
            let number = [
                "99999999999999999999999", "-9223372036854775809", "1e999", "0.0000000000000000000000000000001", "-0",
                "0x7fffffffffffffff", String(repeating: "7", count: 3000),
            ][index(7)]
            bytes.insert(contentsOf: Array(number.utf8), at: place)
        case 9:
            let bad: [[UInt8]] = [
                [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xFF], [0xF4, 0x90, 0x80, 0x80], [0x00], [0xE2, 0x28, 0xA1],
                [0xEF, 0xBB, 0xBF], [0xFE, 0xFF],
            ]
            bytes.insert(contentsOf: bad[index(bad.count)], at: place)
        case 10, 11: bytes.insert(contentsOf: Array(words[index(words.count)].utf8), at: place)
        case 12: bytes.replaceSubrange(place..<end, with: Array(words[index(words.count)].utf8))
        default:
            let odd = ["\t", "\r", "\u{2028}", "\u{85}", "\u{202E}", "e\u{301}\u{301}\u{301}", "👩‍👩‍👧‍👦"][index(7)]
            bytes.insert(contentsOf: Array(odd.utf8), at: place)
        }
    }
}
