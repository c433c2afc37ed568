public import WorkflowModel

/// Takes messages out of a stream of bytes: headers, an empty line, and as many bytes as `Content-Length` says (Language Server
/// Protocol 3.17, "Base Protocol").
public struct MessageReader: Sendable {
    /// What makes a stream unusable: where its next message begins cannot be known any more.
    public enum Broken: Error, Sendable, Hashable, CustomStringConvertible {
        /// Headers without an end, or without a length.
        case headers
        /// A message of more bytes than are taken.
        case tooLong(Int)

        /// What is wrong, in words.
        public var description: String {
            switch self {
            case .headers: "a message begins with Content-Length and an empty line"
            case .tooLong(let bytes): "a message of \(bytes) bytes is longer than \(MessageReader.longestMessage)"
            }
        }
    }

    /// The most bytes of a message: a file of the greatest length that is read at all, as JSON, and some more.
    public static let longestMessage = 8 << 20
    /// The most bytes of headers.
    public static let longestHeaders = 4096

    private var buffer: [UInt8] = []

    /// A reader that has seen nothing.
    public init() {}

    /// Takes in what has come.
    public mutating func append(_ bytes: some Sequence<UInt8>) { buffer.append(contentsOf: bytes) }

    /// The content of the next message; nil when it is not there as a whole.
    ///
    /// - Throws: ``Broken``; then nothing more can be read.
    public mutating func next() throws(Broken) -> [UInt8]? {
        let end: [UInt8] = [0x0D, 0x0A, 0x0D, 0x0A]
        guard let blank = buffer.prefix(Self.longestHeaders).firstRange(of: end) else {
            if buffer.count >= Self.longestHeaders { throw .headers }
            return nil
        }
        guard let length = Self.length(String(decoding: buffer[..<blank.lowerBound], as: UTF8.self)) else {
            throw .headers
        }
        guard length <= Self.longestMessage else { throw .tooLong(length) }
        guard buffer.count - blank.upperBound >= length else { return nil }
        let content = Array(buffer[blank.upperBound..<blank.upperBound + length])
        buffer.removeFirst(blank.upperBound + length)
        return content
    }

    private static func length(_ headers: String) -> Int? {
        for line in headers.split(separator: "\r\n") {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, parts[0].lowercased() == "content-length" else { continue }
            let digits = parts[1].drop { $0 == " " }
            guard digits.count < 12, let length = Int(digits), length >= 0 else { return nil }
            return length
        }
        return nil
    }
}

/// Puts messages into the form in which they travel.
public enum MessageWriter {
    /// A message with its header.
    public static func bytes(_ message: Value) -> [UInt8] {
        let content = JSONWriter.data(message)
        return Array("Content-Length: \(content.count)\r\n\r\n".utf8) + content
    }
}
