public import Access

/// How a server listens and what it grants those who talk to it. Every number is a limit: what goes beyond is refused with a problem
/// document that names it.
public struct ServerSettings: Sendable, Hashable {
    /// Where it listens; nil for nowhere.
    public var address: ListenAddress? = .standard
    /// The addresses whose ``proxyField`` and `X-Request-Id` are believed: the reverse proxies of this house.
    public var trustedProxies: [AddressRange] = []
    /// The field in which they say whom a request comes from.
    public var proxyField = ProxyField.xForwardedFor
    /// The largest body of a request, in bytes.
    public var bodyBytes = 8 << 20
    /// The largest event, in bytes.
    public var eventBytes = 1 << 20
    /// The most events in one request.
    public var eventsPerRequest = 1000
    /// All header fields of a request together, in bytes.
    public var headerBytes = 32 << 10
    /// How many header fields a request may have.
    public var headerFields = 100
    /// From the first byte of a request until its head is there.
    public var headTime = Duration.seconds(10)
    /// From the head of a request until its body is there.
    public var bodyTime = Duration.seconds(30)
    /// How long a connection may say nothing between two requests.
    public var idleTime = Duration.seconds(75)
    /// How long the answer of one request may take until it begins.
    public var requestTime = Duration.seconds(60)
    /// How many connections are open at the same time; the one that has been silent longest makes room for a new one.
    public var connections = 10_000
    /// How many requests a token may make, sending events aside.
    public var requestsPerToken = RateLimit(requests: 6000, per: .seconds(60), burst: 1000)
    /// How many times a token may send events; each time it may be many.
    public var eventRequestsPerToken = RateLimit(requests: 600_000, per: .seconds(60), burst: 20_000)
    /// How many requests may come from an address without a token.
    public var requestsPerAddress = RateLimit(requests: 6000, per: .seconds(60), burst: 1000)
    /// How many wrong tokens may come from an address.
    public var failuresPerAddress = RateLimit(requests: 10, per: .seconds(60), burst: 20)
    /// How long requests under way have to end when the server stops.
    public var stopTime = Duration.seconds(10)

    /// The settings of a workspace that says nothing.
    public init() {}
}

/// The field of a request in which reverse proxies say whom it comes from.
public enum ProxyField: String, Sendable, Hashable, CaseIterable {
    /// `X-Forwarded-For`: addresses with commas between them.
    case xForwardedFor = "x-forwarded-for"
    /// `Forwarded` (RFC 7239).
    case forwarded
}
