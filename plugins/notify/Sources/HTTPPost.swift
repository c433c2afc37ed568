import PluginKit
import WorkflowModel

/// One post to a channel's address, and what its failure means.
struct HTTPPost: Sendable {
    /// The channel's name, all that a failure says of the address.
    let channel: String
    let redaction: Redaction
    let now: Timestamp

    /// Sends `request`; only an answer of 2xx comes back.
    ///
    /// - Throws: ``Failure``: transient when nothing can have arrived, uncertain when it may have.
    func send(
        _ request: HTTPRequest, by client: any HTTPClient, deadline: Duration
    ) async throws(Failure) -> HTTPResponse {
        let response: HTTPResponse
        do {
            response = try await client.send(request, deadline: deadline)
        } catch {
            // Cancelled before anything left: nothing is wrong with the message.
            let mayPass = error.isTransient || error.code == .cancelled
            let kind: FailureClass = error.afterFirstByte ? .uncertain : mayPass ? .transient : .permanent
            throw Failure(code: "http_\(error.code.rawValue)", message: describe(error.message), kind: kind)
        }
        guard !(200..<300).contains(response.status) else { return response }
        throw failure(status: response.status, retryAfter: response.header("Retry-After"), told: nil)
    }

    /// The failure for a status: 408, 425, 429 and 5xx may pass, the others will not.
    func failure(status: Int, retryAfter: String?, told: String?) -> Failure {
        let message = describe("the other side answered with status \(status)\(told.map { " \($0)" } ?? "")")
        let wait = RetryAfter.wait(retryAfter, now: now)
        switch status {
        case 429:
            return Failure(code: "http_rate_limited", message: message, kind: .rateLimited(retryAfter: wait))
        case 408, 425, 500...599:
            if let wait {
                return Failure(code: "http_rate_limited", message: message, kind: .rateLimited(retryAfter: wait))
            }
            return .transient("http_unavailable", message)
        default: return .permanent("http_rejected", message)
        }
    }

    /// `text` with the channel's name before it and no secret in it.
    func describe(_ text: String) -> String { "channel \(channel): \(redaction.applied(to: text))" }
}
