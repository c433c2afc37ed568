/// The addresses of files, as editors write them (RFC 8089, RFC 3986).
enum FileAddress {
    /// The path in `file:///…`; nil for any other address.
    static func path(_ address: String) -> String? {
        guard address.hasPrefix("file://") else { return nil }
        var rest = Substring(address.dropFirst("file://".count))
        // A host may stand before the path; only this machine's files are read.
        guard let slash = rest.firstIndex(of: "/") else { return nil }
        rest = rest[slash...]
        var bytes: [UInt8] = []
        var at = rest.utf8.startIndex
        let utf8 = rest.utf8
        while at < utf8.endIndex {
            let next = utf8.index(after: at)
            if utf8[at] == UInt8(ascii: "%"), let end = utf8.index(next, offsetBy: 2, limitedBy: utf8.endIndex),
                let byte = UInt8(String(decoding: Array(utf8[next..<end]), as: UTF8.self), radix: 16)
            {
                bytes.append(byte)
                at = end
            } else {
                bytes.append(utf8[at])
                at = next
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    /// The address of the file at an absolute path.
    static func address(_ path: String) -> String {
        let plain = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/".utf8)
        let digits = Array("0123456789ABCDEF")
        var text = "file://"
        for byte in path.utf8 {
            if plain.contains(byte) {
                text.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                text += "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
            }
        }
        return text
    }
}
