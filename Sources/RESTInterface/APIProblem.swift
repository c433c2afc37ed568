public import WorkflowModel

/// Why a request to the API was refused; the server makes a problem document (RFC 9457) of it.
public struct APIProblem: Error, Sendable, Hashable {
    /// The status of the answer: 400, 403, 404, 409, 422 or 503.
    public var status: Int
    /// What went wrong, in lower case and underscores: `unknown_parameter`.
    public var code: String
    /// What happened and what to do, for people.
    public var detail: String
    /// After how many seconds it is worth trying again; nil when it is not.
    public var retryAfter: Int?
    /// Further members of the document.
    public var members: ValueMap

    /// A problem.
    public init(
        _ status: Int, _ code: String, _ detail: String, retryAfter: Int? = nil, members: ValueMap = ValueMap()
    ) {
        self.status = status
        self.code = code
        self.detail = detail
        self.retryAfter = retryAfter
        self.members = members
    }

    static func badParameter(_ name: String, _ detail: String) -> APIProblem {
        APIProblem(400, "bad_parameter", "\(name): \(detail)", members: ["parameter": .string(name)])
    }

    static func notFound(_ detail: String) -> APIProblem { APIProblem(404, "not_found", detail) }

    static func forbidden(_ detail: String) -> APIProblem { APIProblem(403, "forbidden", detail) }
}

extension APIProblem {
    /// What the executor's refusal of a request is to those who ask over HTTP.
    ///
    /// - Parameter answer: `{ok: false, code, message}`.
    init(refusal answer: Value) {
        let code = answer["code"]?.string ?? "refused"
        let message = answer["message"]?.string ?? "the executor refused"
        let status =
            switch code {
            case "not_found", "unknown_action": 404
            case "may_not_answer", "forbidden": 403
            case "bad_input", "bad_answer", "bad_event", "invalid_input", "unknown_recipient": 422
            case "closed", "unknown_request": 503
            case _ where code.hasPrefix("unknown_"): 422
            // What else the engine or a plugin refuses was understood, and does not fit how things stand.
            default: 409
            }
        self.init(status, code, message, retryAfter: status == 503 ? 5 : nil)
    }
}
