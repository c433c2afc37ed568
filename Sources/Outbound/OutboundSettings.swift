/// The limits and rules of everything that leaves this process.
public struct OutboundSettings: Sendable, Equatable {
    /// Which addresses may be reached.
    public var addresses = AddressRules()
    /// The longest time to get a connection, look-up of the name and TLS included.
    public var connectTimeout: Duration = .seconds(10)
    /// The largest body of an answer in bytes.
    public var responseLimit = 1 << 20
    /// The largest body of a request, or mail, in bytes.
    public var requestLimit = 16 << 20
    /// How many transfers may go on at once; each has a thread while it lasts.
    public var transfers = 16
    /// How many more may wait for their turn; beyond that a transfer fails at once.
    public var waiting = 1000
    /// Whether `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy` are obeyed. Behind a proxy the address rules
    /// judge the proxy, and literal addresses in a URL, but not what the proxy makes of a name.
    public var proxyFromEnvironment = true
    /// A file with the PEM certificates of the authorities to trust; `nil` for those of the system.
    public var certificateFile: String?

    /// The defaults.
    public init() {}
}
