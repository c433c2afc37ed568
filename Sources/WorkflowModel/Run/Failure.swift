/// What kind of failure an attempt ended in; decides whether it is tried again.
public enum FailureClass: Sendable, Hashable {
    /// May well work next time: tried again.
    case transient
    /// The other side asks to wait: tried again, not before that time has passed.
    case rateLimited(retryAfter: Duration?)
    /// Will not work: not tried again.
    case permanent
    /// No answer in time. Tried again unless it was a write that is not idempotent.
    case timeout
    /// A write that may or may not have happened.
    case uncertain

    /// The name in the journal and in messages.
    public var name: String {
        switch self {
        case .transient: "transient"
        case .rateLimited: "rate_limited"
        case .permanent: "permanent"
        case .timeout: "timeout"
        case .uncertain: "uncertain"
        }
    }
}

/// Why a step or a run failed, in a form that is stored and shown. Never holds a secret.
public struct Failure: Error, Sendable, Hashable {
    /// A short code for machines, `smtp_refused`, `invalid_input`, `no_such_field`.
    public var code: String
    /// What happened and what to do, in words.
    public var message: String
    /// What kind of failure it is.
    public var kind: FailureClass
    /// The step it came from, as people call it; nil for the run itself.
    public var step: String?
    /// Where the cause is written, if it is in a file.
    public var place: SourcePlace?

    /// A failure of these parts.
    public init(
        code: String, message: String, kind: FailureClass = .permanent, step: String? = nil, place: SourcePlace? = nil
    ) {
        self.code = code
        self.message = message
        self.kind = kind
        self.step = step
        self.place = place
    }

    /// The failure as expressions see it (`failure.code`, `failure.message`, `failure.step`), and as the journal holds it.
    public var value: Value {
        var map: ValueMap = ["code": .string(code), "message": .string(message), "kind": .string(kind.name)]
        if case .rateLimited(let wait?) = kind { map["retry_after"] = .duration(wait) }
        map["step"] = step.map(Value.string) ?? .null
        if let place {
            map["place"] = [
                "file": .string(place.file), "line": .int(Int64(place.line)), "column": .int(Int64(place.column)),
            ]
        }
        return .map(map)
    }

    /// Reads what ``value`` gives; nil when it is no failure.
    public init?(_ value: Value) {
        guard let code = value["code"]?.string, let message = value["message"]?.string else { return nil }
        let kind: FailureClass
        switch value["kind"]?.string {
        case "transient": kind = .transient
        case "rate_limited": kind = .rateLimited(retryAfter: value["retry_after"]?.duration)
        case "timeout": kind = .timeout
        case "uncertain": kind = .uncertain
        default: kind = .permanent
        }
        var place: SourcePlace?
        if let file = value.at(["place", "file"])?.string, let line = value.at(["place", "line"])?.int,
            let column = value.at(["place", "column"])?.int
        {
            place = SourcePlace(file: file, line: Int(line), column: Int(column))
        }
        self.init(code: code, message: message, kind: kind, step: value["step"]?.string, place: place)
    }
}
