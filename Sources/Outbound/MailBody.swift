/// A body made fit for the wire: 7bit where it is, quoted-printable otherwise (RFC 2045 section 6).
struct MailBody {
    let encoding: String
    let text: String

    init(_ body: String) {
        let lines = Self.lines(of: body)
        let isPlain = lines.allSatisfy { line in
            line.count <= 900 && line.allSatisfy { $0 >= 32 && $0 < 127 || $0 == 9 }
        }
        encoding = isPlain ? "7bit" : "quoted-printable"
        text = lines.map { (isPlain ? String(decoding: $0, as: UTF8.self) : QuotedPrintable.line($0)) + "\r\n" }
            .joined()
    }

    /// The lines, whether they end in LF, CRLF or CR; a line break at the end begins no further line.
    private static func lines(of body: String) -> [ArraySlice<UInt8>] {
        let bytes = Array(body.utf8)
        var lines: [ArraySlice<UInt8>] = []
        var start = 0
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte == 10 || byte == 13 {
                lines.append(bytes[start..<index])
                if byte == 13, index + 1 < bytes.count, bytes[index + 1] == 10 { index += 1 }
                start = index + 1
            }
            index += 1
        }
        if start < bytes.count { lines.append(bytes[start...]) }
        return lines
    }
}

/// RFC 2045 section 6.7.
enum QuotedPrintable {
    /// One line of text as lines of at most 76 characters with soft breaks between.
    static func line(_ bytes: ArraySlice<UInt8>) -> String {
        var out = ""
        var column = 0
        for (index, byte) in zip(bytes.indices, bytes) {
            let isLast = index == bytes.endIndex - 1
            let isBlank = byte == 32 || byte == 9
            let isLiteral = byte > 32 && byte < 127 && byte != UInt8(ascii: "=") || isBlank && !isLast
            let piece = isLiteral ? String(UnicodeScalar(byte)) : "=" + hex(byte)
            if column + piece.utf8.count > 75 {
                out += "=\r\n"
                column = 0
            }
            out += piece
            column += piece.utf8.count
        }
        return out
    }

    static func hex(_ byte: UInt8) -> String {
        let digits = Array("0123456789ABCDEF")
        return String([digits[Int(byte >> 4)], digits[Int(byte & 15)]])
    }
}
