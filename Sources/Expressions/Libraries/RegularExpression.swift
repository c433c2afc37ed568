import CLibRE2Shim
import Synchronization

/// A compiled regular expression of RE2: its matching time grows with the text only, whatever the pattern.
public final class RegularExpression: Sendable {
    /// The longest pattern, in UTF-8 bytes.
    public static let maximumLength = 4096
    /// The largest compiled program, in RE2's instructions.
    public static let maximumSize = 10_000
    private static let memory: Int64 = 4 << 20

    // The compiled pattern is immutable and RE2's matching is thread-safe; the pointer is freed by deinit alone.
    private nonisolated(unsafe) let compiled: OpaquePointer

    private let size: Int

    /// The steps that a search in `count` bytes is charged with: in the worst case every instruction looks at every byte.
    func price(of count: Int) -> Int { 1 + (count >> 4) + count * size / 512 }

    /// What is wrong with a pattern.
    public struct Problem: Error, Sendable {
        /// RE2's words for it.
        public let message: String
    }

    /// Compiles `pattern`.
    ///
    /// - Throws: ``Problem`` when it is too long or RE2 does not understand it (back references and look-around, for instance).
    public init(_ pattern: String, ignoringCase: Bool = false) throws(Problem) {
        guard pattern.utf8.count <= Self.maximumLength else {
            throw Problem(message: "it is longer than \(Self.maximumLength) bytes")
        }
        var pattern = pattern
        let made = pattern.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) {
                signalbox_re2_compile($0.baseAddress, $0.count, ignoringCase, Self.memory)
            }
        }
        guard let made else { throw Problem(message: "there is no memory for it") }
        var buffer = [CChar](repeating: 0, count: 256)
        if signalbox_re2_error(made, &buffer, buffer.count) > 0 {
            signalbox_re2_free(made)
            let bytes = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
            throw Problem(message: String(decoding: bytes, as: UTF8.self))
        }
        size = Int(signalbox_re2_size(made))
        guard size <= Self.maximumSize else {
            signalbox_re2_free(made)
            throw Problem(message: "it is too large: large counts such as {1000} multiply what they repeat")
        }
        compiled = made
    }

    deinit { signalbox_re2_free(compiled) }

    /// True when the pattern matches anywhere in `text`.
    public func matches(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { signalbox_re2_search(compiled, $0.baseAddress, $0.count) }
        }
    }

    /// The UTF-8 byte range of the first match in `text`; nil when there is none.
    public func firstMatch(in text: String) -> Range<Int>? {
        var text = text
        var first = 0
        var last = 0
        let found = text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) {
                signalbox_re2_find(compiled, $0.baseAddress, $0.count, 0, &first, &last)
            }
        }
        return found ? first..<last : nil
    }

    private static let cacheLimit = 128
    private static let cache = Mutex<[String: RegularExpression]>([:])

    /// The compiled form of a pattern that is only known at run time, from a bounded cache.
    ///
    /// - Throws: ``Problem`` as ``init(_:ignoringCase:)`` does.
    public static func cached(_ pattern: String) throws(Problem) -> RegularExpression {
        if let known = cache.withLock({ $0[pattern] }) { return known }
        let made = try RegularExpression(pattern)
        cache.withLock {
            if $0.count >= cacheLimit { $0.removeAll(keepingCapacity: true) }
            $0[pattern] = made
        }
        return made
    }
}
