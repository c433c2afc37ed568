public import Access
public import Hummingbird
import Logging
import NIOCore

/// What is known of a request besides its head and body.
public struct ServerContext: RequestContext {
    /// What the server itself keeps.
    public var coreContext: CoreRequestContextStorage
    /// Names the request in the log and in answers. A trusted proxy's `X-Request-Id`, else one of ours.
    public internal(set) var requestID: String
    /// The IP address of whoever sent it; behind a trusted proxy the one that the proxy names. `unix` when it has none.
    public internal(set) var peerAddress: String

    /// Who sent it; nil when nothing that came with it says so.
    public internal(set) var caller: Caller?

    /// The connection on which it came.
    let channel: any Channel

    /// The context of a request that has just come.
    public init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
        requestID = source.logger[metadataKey: "hb.request.id"]?.description ?? ""
        peerAddress = source.channel.remoteAddress?.ipAddress ?? "unix"
    }
}
