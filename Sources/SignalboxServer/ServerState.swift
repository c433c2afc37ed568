import Synchronization

/// Where a server is between its start and its end.
public final class ServerState: Sendable {
    /// What it does.
    public enum Phase: String, Sendable, Hashable {
        /// What an earlier executor left is being looked at.
        case starting
        /// It works.
        case ready
        /// It ends what is under way and takes nothing new.
        case draining
    }

    private let current = Mutex(Phase.starting)
    private let noted = Mutex<String?>(nil)

    /// The state of a server that has just been made.
    public init() {}

    /// What it does now.
    public var phase: Phase { current.withLock(\.self) }

    /// What is not well although it works; nil when nothing is.
    public var warning: String? { noted.withLock { $0 } }

    /// Notes what is not well, in a sentence that anybody may read; nil when all is.
    public func warn(_ warning: String?) { noted.withLock { $0 = warning } }

    /// Goes on; a server that drains does nothing else any more.
    public func enter(_ phase: Phase) {
        current.withLock { current in
            if current != .draining { current = phase }
        }
    }
}
