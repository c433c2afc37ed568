import Synchronization

/// The reading of the workspace that a running executor goes by, for those who ask at every request: hooks and calendars of the server.
final class CurrentWorkspace: Sendable {
    private let latest: Mutex<OpenWorkspace>

    init(_ open: OpenWorkspace) { latest = Mutex(open) }

    /// The reading that is gone by now.
    var open: OpenWorkspace { latest.withLock { $0 } }

    /// Another reading is gone by from now on.
    func follow(_ other: OpenWorkspace) { latest.withLock { $0 = other } }
}
