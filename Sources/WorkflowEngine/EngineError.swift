/// Why the engine did not do what it was asked, in words for the user.
public struct EngineError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of trouble it is.
    public enum Code: String, Sendable, Hashable {
        /// There is no such run, step or playbook.
        case notFound = "not_found"
        /// The run has ended.
        case ended
        /// A playbook of the set cannot be used.
        case badPlaybook = "bad_playbook"
        /// The inputs do not fit the playbook.
        case badInput = "bad_input"
        /// The engine has been closed, or is closing.
        case closed
        /// A person has paused the playbook, or everything.
        case paused
        /// Another run has the place that this one needs.
        case busy
        /// A request got no answer in time.
        case noAnswer = "no_answer"
        /// The executor refused a request.
        case refused
    }

    /// The kind.
    public var code: Code
    /// What happened, and what to do.
    public var message: String

    /// An error.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The message.
    public var description: String { message }
}
