public import PluginKit
import Synchronization

/// A mail client that keeps what it was given, and fails as scripted.
public final class RecordingMailClient: MailClient, Sendable {
    /// A message with the server it was for.
    public struct Delivery: Sendable, Equatable {
        /// The message.
        public var message: MailMessage
        /// The server.
        public var server: MailServer
    }

    private let state: Mutex<(failures: [MailFailure?], deliveries: [Delivery])>

    /// A client whose first messages fail with `failures`, nil for those that do not.
    public init(failures: [MailFailure?] = []) { state = Mutex((failures, [])) }

    /// What was taken, in order; messages that failed are not among them.
    public var deliveries: [Delivery] { state.withLock(\.deliveries) }

    /// Lets the next message fail.
    public func fail(_ failure: MailFailure) { state.withLock { $0.failures.append(failure) } }

    /// Keeps the message, or fails as scripted.
    public func send(_ message: MailMessage, through server: MailServer, deadline: Duration) async throws(MailFailure) {
        let failure = state.withLock { state -> MailFailure? in
            if !state.failures.isEmpty, let failure = state.failures.removeFirst() { return failure }
            state.deliveries.append(Delivery(message: message, server: server))
            return nil
        }
        if let failure { throw failure }
    }
}
