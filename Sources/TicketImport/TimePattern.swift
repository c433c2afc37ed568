import WorkflowModel

/// How a file writes its times: `dd-MM-yyyy HH:mm`, `yyyy-MM-dd'T'HH:mm:ss`, or `rfc3339` for times that carry their own offset.
///
/// The letters are a subset of those of Unicode Technical Standard 35, Dates: `yyyy`, `MM`, `dd`, `HH`, `mm`, `ss`. Letters meant as they
/// are stand in single quotes; everything else stands for itself. Hours, minutes and seconds that are not in the pattern are 0.
struct TimePattern: Sendable, Hashable {
    /// A date and a time of day without a zone, in seconds as if they were UTC; or an instant.
    enum Reading: Sendable, Hashable {
        case local(Int64)
        case instant(Timestamp)
    }

    enum Part: Sendable, Hashable {
        case year, month, day, hour, minute, second
        case literal(UInt8)
    }

    /// What is wrong with a pattern.
    struct Malformed: Error, Sendable, Hashable {
        var message: String
    }

    private let parts: [Part]
    private let hasOffset: Bool

    /// Reads a pattern.
    /// - Throws: ``Malformed`` for a letter that is not known, a part twice, or a pattern without year, month and day.
    init(_ text: String) throws(Malformed) {
        guard text.lowercased() != "rfc3339" else {
            parts = []
            hasOffset = true
            return
        }
        hasOffset = false
        let words: [(letters: String, part: Part)] = [
            ("yyyy", .year), ("MM", .month), ("dd", .day), ("HH", .hour), ("mm", .minute), ("ss", .second),
        ]
        var parts: [Part] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.first {
            if let word = words.first(where: { rest.starts(with: $0.letters.utf8) }) {
                guard !parts.contains(word.part) else { throw Malformed(message: "\(word.letters) is there twice") }
                parts.append(word.part)
                rest = rest.dropFirst(word.letters.utf8.count)
            } else if byte == UInt8(ascii: "'") {
                let quoted = rest.dropFirst().prefix { $0 != UInt8(ascii: "'") }
                guard quoted.endIndex < rest.endIndex else { throw Malformed(message: "a ' is not closed") }
                parts += quoted.map(Part.literal)
                rest = rest[(quoted.endIndex + 1)...]
            } else if TimePattern.isLetter(byte) {
                let letter = String(decoding: [byte], as: UTF8.self)
                throw Malformed(
                    message: "\(letter) stands for nothing here; a pattern has yyyy, MM, dd, HH, mm and ss, "
                        + "such as dd-MM-yyyy HH:mm, or is rfc3339")
            } else {
                parts.append(.literal(byte))
                rest = rest.dropFirst()
            }
        }
        for (letters, part) in words.prefix(3) where !parts.contains(part) {
            throw Malformed(message: "\(letters) is missing; a time needs year, month and day")
        }
        self.parts = parts
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte | 0x20)
    }

    /// Reads a time; nil when the text is not of this pattern or no such day or time exists.
    func read(_ text: String) -> Reading? {
        if hasOffset { return Timestamp(rfc3339: text).map(Reading.instant) }
        var text = text
        return text.withUTF8 { read($0) }.map(Reading.local)
    }

    private func read(_ bytes: UnsafeBufferPointer<UInt8>) -> Int64? {
        var next = 0
        /// Up to `width` digits; fewer only where something other than a digit follows in the pattern.
        func number(_ width: Int, exactly: Bool) -> Int64? {
            var value: Int64 = 0
            var digits = 0
            while digits < width, next < bytes.count, bytes[next] &- 0x30 < 10 {
                value = value * 10 + Int64(bytes[next] &- 0x30)
                next += 1
                digits += 1
            }
            return digits == width || (!exactly && digits > 0) ? value : nil
        }
        var (year, month, day, hour, minute, second): (Int64, Int64, Int64, Int64, Int64, Int64) = (0, 0, 0, 0, 0, 0)
        for (index, part) in parts.enumerated() {
            var exactly = false
            if index + 1 < parts.count, case .literal(let byte) = parts[index + 1] {
                exactly = byte &- 0x30 < 10
            } else if index + 1 < parts.count {
                exactly = true
            }
            if case .literal(let byte) = part {
                guard next < bytes.count, bytes[next] == byte else { return nil }
                next += 1
                continue
            }
            guard let value = number(part == .year ? 4 : 2, exactly: exactly || part == .year) else { return nil }
            switch part {
            case .year: year = value
            case .month: month = value
            case .day: day = value
            case .hour: hour = value
            case .minute: minute = value
            case .second: second = value
            case .literal: break
            }
        }
        guard next == bytes.count, year >= 1, (1...12).contains(month), hour < 24, minute < 60, second < 60,
            day >= 1, day <= CivilDate.days(inMonth: month, of: year)
        else { return nil }
        let date = CivilDate(year: year, month: month, day: day)
        return date.daysSinceEpoch * 86_400 + hour * 3600 + minute * 60 + second
    }
}
