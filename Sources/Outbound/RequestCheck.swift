import CLibCurlShim
import Glibc
import PluginKit

/// What must be true of a request before anything is sent, and what of its address may be shown.
struct RequestCheck {
    /// Scheme, host and port: all of an address that may stand in a message.
    let shownURL: String
    /// The lines for libcurl.
    let headerLines: [String]

    init(_ request: HTTPRequest, settings: OutboundSettings) throws(HTTPFailure) {
        let address = try WebAddress(request.url)
        shownURL = address.shown
        guard Self.isToken(request.method), request.method.utf8.count <= 32 else {
            throw .invalid("the method must be a word in capitals like GET or POST")
        }
        guard request.body.count <= settings.requestLimit else {
            throw .invalid("the body has \(request.body.count) bytes; at most \(settings.requestLimit) are sent")
        }
        if let bytes = address.literalAddress, let objection = settings.addresses.objection(to: bytes) {
            throw HTTPFailure(
                code: .forbiddenAddress, message: forbiddenMessage(shownURL, objection), afterFirstByte: false)
        }
        headerLines = try Self.lines(of: request)
    }

    /// Header lines as libcurl wants them, and none that it would add of itself.
    private static func lines(of request: HTTPRequest) throws(HTTPFailure) -> [String] {
        guard request.headers.count <= 100 else { throw .invalid("more than 100 header fields") }
        var lines = ["Expect:"]
        var namesContentType = false
        for (name, value) in request.headers {
            guard isToken(name) else { throw .invalid("a header field's name is no word (RFC 9110 section 5.1)") }
            guard value.utf8.count <= 16384, value.utf8.allSatisfy({ $0 >= 32 && $0 != 127 || $0 == 9 }) else {
                throw .invalid("the header field \(name) has a line break or control character, or is over 16 KiB")
            }
            let lower = name.lowercased()
            guard !["content-length", "transfer-encoding", "connection"].contains(lower) else {
                throw .invalid("the header field \(name) follows from the body; leave it out")
            }
            if lower == "content-type" { namesContentType = true }
            // "Name:" alone would tell libcurl to remove the field; with ";" it is sent empty.
            lines.append(value.utf8.allSatisfy { $0 == 32 || $0 == 9 } ? "\(name);" : "\(name): \(value)")
        }
        if !namesContentType { lines.append("Content-Type:") }
        return lines
    }

    private static func isToken(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }
}

func forbiddenMessage(_ place: String, _ objection: String) -> String {
    "\(place) leads to \(objection), which the settings of this installation forbid; use another address"
}

extension HTTPFailure {
    fileprivate static func invalid(_ reason: String) -> HTTPFailure {
        HTTPFailure(code: .invalidRequest, message: "the request was not sent: \(reason)", afterFirstByte: false)
    }
}

/// The parts of an address that decide, as libcurl itself reads them.
private struct WebAddress {
    let shown: String
    /// The bytes when the host is written as an IPv4 or IPv6 address.
    let literalAddress: [UInt8]?

    init(_ text: String) throws(HTTPFailure) {
        guard text.utf8.count <= 8192, text.utf8.allSatisfy({ $0 > 32 && $0 != 127 }) else {
            throw .invalid("the address is longer than 8 KiB or has a space or control character")
        }
        guard let url = curl_url() else { throw .invalid("there is no memory to read its address") }
        defer { curl_url_cleanup(url) }
        guard curl_url_set(url, CURLUPART_URL, text, UInt32(CURLU_NON_SUPPORT_SCHEME)) == CURLUE_OK,
            let scheme = Self.part(CURLUPART_SCHEME, of: url), let host = Self.part(CURLUPART_HOST, of: url)
        else { throw .invalid("its address is no absolute URL like https://example.com/path") }
        guard scheme == "http" || scheme == "https" else {
            throw .invalid("the scheme of its address is \(scheme); only http and https are spoken")
        }
        guard Self.part(CURLUPART_USER, of: url) == nil, Self.part(CURLUPART_PASSWORD, of: url) == nil else {
            throw .invalid("its address holds a user or password; use an Authorization header field")
        }
        let port = Self.part(CURLUPART_PORT, of: url).map { ":\($0)" } ?? ""
        shown = "\(scheme)://\(host)\(port)"
        literalAddress = Self.bytes(ofLiteral: host)
    }

    private static func part(_ what: CURLUPart, of url: OpaquePointer) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard curl_url_get(url, what, &text, 0) == CURLUE_OK, let text else { return nil }
        defer { curl_free(text) }
        return String(cString: text)
    }

    private static func bytes(ofLiteral host: String) -> [UInt8]? {
        var four = [UInt8](repeating: 0, count: 4)
        if inet_pton(AF_INET, host, &four) == 1 { return four }
        guard host.hasPrefix("["), host.hasSuffix("]") else { return nil }
        var sixteen = [UInt8](repeating: 0, count: 16)
        let bare = host.dropFirst().dropLast().prefix { $0 != "%" }
        return inet_pton(AF_INET6, String(bare), &sixteen) == 1 ? sixteen : nil
    }
}
