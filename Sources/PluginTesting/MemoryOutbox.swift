public import PluginKit
import Synchronization
import WorkflowModel

/// An outbox in memory.
public final class MemoryOutbox: Outbox, Sendable {
    private let state = Mutex<[String: String]>([:])

    /// An empty outbox.
    public init() {}

    /// The texts by name.
    public var files: [String: String] { state.withLock { $0 } }

    /// Keeps the text; refuses names that a folder could not safely hold.
    public func deliver(name: String, text: String) throws {
        let isPlain = name.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || byte == 0x2D || byte == 0x2E || byte == 0x5F
        }
        guard isPlain, !name.isEmpty, !name.hasPrefix("."), name.utf8.count <= 200 else {
            throw Failure.permanent("bad_name", "\(name) cannot be the name of a file in the outbox")
        }
        state.withLock { $0[name] = text }
    }
}
