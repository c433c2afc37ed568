/// The seam to HTTP: the only way for a plugin to speak to another system.
///
/// The client follows no redirect, keeps no cookies, and judges the address that it really connects to.
public protocol HTTPClient: Sendable {
    /// Sends `request` once and waits for the whole answer; any status is an answer, 500 too.
    ///
    /// - Parameter deadline: The time for everything, from the look-up of the name to the last byte of the answer.
    /// - Throws: ``HTTPFailure`` when there is no whole answer; its ``HTTPFailure/afterFirstByte`` says whether the
    ///   other side may have acted all the same.
    func send(_ request: HTTPRequest, deadline: Duration) async throws(HTTPFailure) -> HTTPResponse
}

/// What is asked of a server.
public struct HTTPRequest: Sendable {
    /// The method in capitals: `GET`, `POST`, `PUT`, `PATCH`, `DELETE`, …
    public var method: String
    /// The absolute address, `http` or `https`. It may hold a secret, so it is never shown whole.
    public var url: String
    /// The header fields in order; a name may come twice.
    public var headers: [(name: String, value: String)]
    /// The body, empty for none.
    public var body: [UInt8]

    /// Makes a request.
    public init(
        method: String = "GET", url: String, headers: [(name: String, value: String)] = [], body: [UInt8] = []
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
    }
}

/// What a server answered.
public struct HTTPResponse: Sendable {
    /// The status, 200 to 599.
    public var status: Int
    /// The header fields in order, names as the server wrote them.
    public var headers: [(name: String, value: String)]
    /// The body, decoded from its transfer coding.
    public var body: [UInt8]

    /// Makes an answer.
    public init(status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The value of the first field with this name, letter case aside (RFC 9110 section 5.1).
    public func header(_ name: String) -> String? {
        let wanted = name.lowercased()
        return headers.first { $0.name.lowercased() == wanted }?.value
    }
}

/// Why there is no whole answer to a request.
public struct HTTPFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kinds of failure, a closed set that is safe to store.
    public enum Code: String, Sendable, CaseIterable {
        /// The request itself cannot be sent: a bad address, method or header field.
        case invalidRequest = "invalid_request"
        /// The rules of this installation forbid the address that the name led to.
        case forbiddenAddress = "forbidden_address"
        /// The name of the host could not be looked up.
        case dns
        /// Nobody accepted the connection.
        case refused
        /// TLS could not be agreed on or the certificate is not to be trusted.
        case tls
        /// The deadline passed.
        case timeout
        /// The task was cancelled.
        case cancelled
        /// The connection broke before the answer was whole.
        case connectionLost = "connection_lost"
        /// The answer is larger than the limit.
        case tooLarge = "too_large"
        /// What came back is no HTTP.
        case protocolError = "protocol"
        /// This process already has as many requests waiting as it may.
        case overloaded
        /// Anything else the transport reports.
        case other
    }

    /// The kind.
    public let code: Code
    /// What happened and what to do; shows at most scheme and host of the address, never a secret.
    public let message: String
    /// Whether the request may have reached the server: after a write this means that the outcome is unknown.
    public let afterFirstByte: Bool

    /// Makes a failure.
    public init(code: Code, message: String, afterFirstByte: Bool) {
        self.code = code
        self.message = message
        self.afterFirstByte = afterFirstByte
    }

    /// The message with the kind.
    public var description: String { "\(message) (\(code.rawValue))" }

    /// Whether the same request may succeed later with nothing changed here. Says nothing about whether repeating it
    /// is safe: that is for ``afterFirstByte`` and the effect of the action.
    public var isTransient: Bool {
        switch code {
        case .dns, .refused, .timeout, .connectionLost, .overloaded, .other: true
        case .invalidRequest, .forbiddenAddress, .tls, .cancelled, .tooLarge, .protocolError: false
        }
    }
}
