/// Where a run stands.
public enum RunState: String, Sendable, Hashable, CaseIterable {
    /// Made, not begun.
    case queued
    /// A worker is at it.
    case running
    /// Waits for a timer or an event.
    case waiting
    /// A person must settle an uncertain write.
    case needsAttention = "needs_attention"
    /// Is being cancelled: what must still run, runs.
    case stopping
    case succeeded
    case failed
    case cancelled

    /// True when nothing more will happen.
    public var isFinal: Bool {
        switch self {
        case .succeeded, .failed, .cancelled: true
        default: false
        }
    }
}

/// How a step ended, as `steps.ID.status` shows it.
public enum StepStatus: String, Sendable, Hashable, CaseIterable {
    case succeeded, failed, skipped, cancelled
}

/// What an action does to the world.
public enum Effect: String, Sendable, Hashable, CaseIterable {
    /// Computes; no look outside.
    case pure
    /// Looks outside or at what is stored; changes nothing.
    case read
    /// Changes only what Signalbox itself keeps.
    case state
    /// Changes the outside world.
    case write
}

/// The id of a run: `run_` and 26 characters that sort by time of making.
public struct RunID: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The id as text.
    public let text: String

    /// The id of this text.
    public init(_ text: String) { self.text = text }

    /// A new id: 48 bits of milliseconds and 80 bits of `random`, in Crockford's base 32, as ULID has it.
    public init(at instant: Timestamp, random: [UInt8]) {
        let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)
        var bytes = [UInt8](repeating: 0, count: 16)
        var milliseconds = UInt64(max(0, instant.milliseconds))
        for index in stride(from: 5, through: 0, by: -1) {
            bytes[index] = UInt8(truncatingIfNeeded: milliseconds)
            milliseconds >>= 8
        }
        for index in 0..<min(10, random.count) { bytes[6 + index] = random[index] }
        // 128 bits make 26 digits of 5 bits, the first with two leading zero bits.
        var digits: [UInt8] = []
        var buffer: UInt32 = 0
        var bits = 2
        for byte in bytes {
            buffer = buffer << 8 | UInt32(byte)
            bits += 8
            while bits >= 5 {
                bits -= 5
                digits.append(alphabet[Int(buffer >> UInt32(bits) & 31)])
            }
            buffer &= (1 << UInt32(bits)) - 1
        }
        text = "run_" + String(decoding: digits, as: UTF8.self)
    }

    /// By time of creation, then at random.
    public static func < (left: RunID, right: RunID) -> Bool { left.text < right.text }

    /// The id as text, `run_…`.
    public var description: String { text }
}
