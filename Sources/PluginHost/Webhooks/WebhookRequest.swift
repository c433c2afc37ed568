public import WorkflowModel

/// A delivery as it came in.
public struct WebhookRequest: Sendable {
    /// One header.
    public struct Header: Sendable, Hashable {
        /// Its name, in any case.
        public var name: String
        /// Its value.
        public var value: String

        /// `name: value`.
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// The name of the hook, from the address.
    public var name: String
    /// The method, `POST`.
    public var method: String
    /// The parameters of the address, decoded.
    public var query: [Header]
    /// The headers, in the order in which they came.
    public var headers: [Header]
    /// The raw bytes of the body: what is signed.
    public var body: [UInt8]
    /// When it came.
    public var receivedAt: Timestamp

    /// A delivery of these parts.
    public init(
        name: String, method: String = "POST", query: [Header] = [], headers: [Header], body: [UInt8],
        receivedAt: Timestamp
    ) {
        self.name = name
        self.method = method
        self.query = query
        self.headers = headers
        self.body = body
        self.receivedAt = receivedAt
    }

    /// The values of a header, in the order in which they came.
    func values(of header: String) -> [String] {
        let wanted = header.lowercased()
        return headers.filter { $0.name.lowercased() == wanted }.map(\.value)
    }

    /// The only value of a header; nil when it is not there, or there twice with different values.
    func value(of header: String) -> String? {
        let found = values(of: header)
        return found.allSatisfy { $0 == found.first } ? found.first : nil
    }
}
