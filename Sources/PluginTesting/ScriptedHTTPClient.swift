public import PluginKit
import Synchronization

/// An HTTP client that answers from a script and keeps what it was asked.
public final class ScriptedHTTPClient: HTTPClient, Sendable {
    /// One answer.
    public enum Answer: Sendable {
        /// An answer with this status.
        case status(Int, headers: [(name: String, value: String)] = [], body: String = "")
        /// No whole answer.
        case failure(HTTPFailure)
    }

    private let state: Mutex<(answers: [Answer], requests: [HTTPRequest])>

    /// A client that gives these answers in order; what is asked beyond them fails as refused.
    public init(_ answers: [Answer] = []) { state = Mutex((answers, [])) }

    /// What was asked, in order.
    public var requests: [HTTPRequest] { state.withLock(\.requests) }

    /// Adds answers at the end of the script.
    public func answer(_ answers: Answer...) { state.withLock { $0.answers += answers } }

    /// Keeps the request and gives the next answer of the script.
    public func send(_ request: HTTPRequest, deadline: Duration) async throws(HTTPFailure) -> HTTPResponse {
        let answer = state.withLock { state in
            state.requests.append(request)
            return state.answers.isEmpty ? nil : state.answers.removeFirst()
        }
        switch answer {
        case .status(let status, let headers, let body)?:
            return HTTPResponse(status: status, headers: headers, body: Array(body.utf8))
        case .failure(let failure)?: throw failure
        case nil:
            throw HTTPFailure(
                code: .refused, message: "the script has no answer to this request", afterFirstByte: false)
        }
    }
}

extension HTTPRequest {
    /// The body as text.
    public var bodyText: String { String(decoding: body, as: UTF8.self) }

    /// The value of the first header field with this name, letter case aside.
    public func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}
