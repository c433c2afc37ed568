public import Access
public import WorkflowModel

/// A request to the API, as the server has read it from HTTP.
public struct APIRequest: Sendable {
    /// Who asks.
    public var caller: Caller
    /// The parts of the path that an operation names, decoded.
    public var path: [String: String]
    /// The parameters behind the `?`, decoded, in their order.
    public var query: [(name: String, value: String)]
    /// The body; empty for none.
    public var body: [UInt8]
    /// What the body says it is, without parameters; nil when it does not say.
    public var contentType: String?
    /// `Idempotency-Key`.
    public var idempotencyKey: String?
    /// `Last-Event-ID`.
    public var lastEventID: String?

    /// A request.
    public init(
        caller: Caller, path: [String: String] = [:], query: [(name: String, value: String)] = [], body: [UInt8] = [],
        contentType: String? = nil, idempotencyKey: String? = nil, lastEventID: String? = nil
    ) {
        self.caller = caller
        self.path = path
        self.query = query
        self.body = body
        self.contentType = contentType
        self.idempotencyKey = idempotencyKey
        self.lastEventID = lastEventID
    }
}

/// What the API answers.
public struct APIAnswer: Sendable, Hashable {
    /// 200 or 201.
    public var status: Int
    /// The content.
    public var value: Value
    /// Where what was made can be looked at: a path.
    public var location: String?
    /// Whether it is the answer to an earlier request with the same `Idempotency-Key`.
    public var isRepeated: Bool

    /// An answer.
    public init(_ value: Value, status: Int = 200, location: String? = nil, isRepeated: Bool = false) {
        self.value = value
        self.status = status
        self.location = location
        self.isRepeated = isRepeated
    }
}
