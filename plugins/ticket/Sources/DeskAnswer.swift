import PluginKit
import WorkflowModel

/// What an answer of a desk means for the step.
enum DeskAnswer {
    /// The failure in an answer; nil when it is a success.
    ///
    /// A limit and a 503 say that nothing was done. Any other fault of the server leaves a write open: it may have been done before the fault.
    static func failure(of response: HTTPResponse, to method: String, now: Timestamp) -> Failure? {
        let status = response.status
        switch status {
        case 200..<300: return nil
        case 401, 403:
            return .permanent(
                "desk_unauthorized", "the desk does not accept the token (\(status)); check user, token and its rights")
        case 404: return .permanent("no_such_ticket", "the desk has no such ticket (404)")
        case 408, 409, 425:
            return .transient("desk_unavailable", "the desk could not take the change just now (\(status))")
        case 420, 429:
            return Failure(
                code: "desk_rate_limited", message: "the desk asks to send less (\(status))",
                kind: .rateLimited(retryAfter: wait(response, now: now)))
        case 503:
            let wait = wait(response, now: now)
            return Failure(
                code: "desk_unavailable", message: "the desk is down for the moment (503)",
                kind: wait == nil ? .transient : .rateLimited(retryAfter: wait))
        case 500...:
            guard method != "GET" else { return .transient("desk_unavailable", "the desk has a fault (\(status))") }
            return Failure(
                code: "desk_unclear",
                message: "the desk had a fault (\(status)) and may have made the change before it",
                kind: .uncertain)
        default:
            return .permanent("desk_refused", "the desk refuses the change (\(status))\(reason(response))")
        }
    }

    /// The failure when there was no whole answer.
    static func failure(of failure: HTTPFailure, to method: String) -> Failure {
        if failure.afterFirstByte, method != "GET" {
            return Failure(
                code: "desk_unclear", message: "the change was sent, then: \(failure.message)", kind: .uncertain)
        }
        return failure.isTransient
            ? .transient("desk_unavailable", failure.message) : .permanent("desk_refused", failure.message)
    }

    /// `Retry-After`: seconds, or a date (RFC 9110 section 10.2.3). At most a day is believed.
    static func wait(_ response: HTTPResponse, now: Timestamp) -> Duration? {
        guard let text = response.header("Retry-After") else { return nil }
        let day = Duration.seconds(86_400)
        if let seconds = Int64(text), seconds >= 0 { return min(.seconds(seconds), day) }
        guard let instant = date(text) else { return nil }
        return min(max(instant - now, .zero), day)
    }

    /// `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 section 5.6.7).
    private static func date(_ text: String) -> Timestamp? {
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let parts = text.split(separator: " ")
        guard parts.count == 6, parts[5] == "GMT", let month = months.firstIndex(of: String(parts[2])) else {
            return nil
        }
        let number = month + 1 < 10 ? "0\(month + 1)" : "\(month + 1)"
        return Timestamp(rfc3339: "\(parts[3])-\(number)-\(parts[1])T\(parts[4])Z")
    }

    /// What the desk says of the cause, shortened: `: RecordInvalid, Record validation errors`.
    private static func reason(_ response: HTTPResponse) -> String {
        guard response.body.count <= 65_536,
            case .success(let value) = Result(catching: { try JSON.parse(response.body) })
        else { return "" }
        let words = [value["error"]?.string ?? value["error"]?["title"]?.string, value["description"]?.string]
        let text = words.compactMap { $0 }.joined(separator: ", ")
        return text.isEmpty ? "" : ": " + text.prefix(200)
    }
}
