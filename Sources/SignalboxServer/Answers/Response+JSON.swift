public import HTTPTypes
public import Hummingbird
import NIOCore
public import WorkflowModel

extension Response {
    /// An answer of one JSON value.
    public static func json(
        _ value: Value, status: HTTPResponse.Status = .ok, type: String = "application/json"
    ) -> Response {
        .bytes(JSONWriter.data(value), status: status, type: type)
    }

    /// An answer of these bytes.
    public static func bytes(
        _ bytes: [UInt8], status: HTTPResponse.Status = .ok, type: String
    ) -> Response {
        Response(
            status: status, headers: [.contentType: type], body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}

extension HTTPField.Name {
    /// `X-Request-Id`.
    static let requestID = HTTPField.Name(constant: "x-request-id")
    /// `Host`.
    static let host = HTTPField.Name(constant: "host")
    /// `X-Forwarded-For`.
    static let forwardedFor = HTTPField.Name(constant: "x-forwarded-for")
    /// `Forwarded`.
    static let forwarded = HTTPField.Name(constant: "forwarded")
    /// `RateLimit`.
    static let rateLimit = HTTPField.Name(constant: "ratelimit")
    /// `RateLimit-Policy`.
    static let rateLimitPolicy = HTTPField.Name(constant: "ratelimit-policy")

    init(constant: String) {
        // The names above are tokens; a test reads each of them.
        guard let name = HTTPField.Name(constant) else { preconditionFailure("\(constant) is no name of a field") }
        self = name
    }
}
