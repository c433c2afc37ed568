/// A media type as `Content-Type` says it (RFC 9110, section 8.3): type, subtype and parameters.
public struct MediaType: Sendable, Hashable {
    /// `application/json`, in lower case, without parameters.
    public var essence: String
    /// The `charset` parameter in lower case; nil without one.
    public var charset: String?

    /// Reads a header field; nil when it is no media type.
    public init?(_ text: String) {
        let parts = text.split(separator: ";", omittingEmptySubsequences: false)
        let essence = (parts.first ?? "").lowercased().filter { $0 != " " && $0 != "\t" }
        let names = essence.split(separator: "/", omittingEmptySubsequences: false)
        guard names.count == 2, names.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(MediaType.isOfToken) }) else {
            return nil
        }
        self.essence = essence
        for parameter in parts.dropFirst() {
            let pair = parameter.split(separator: "=", maxSplits: 1)
            guard pair.count == 2, pair[0].lowercased().filter({ $0 != " " && $0 != "\t" }) == "charset" else {
                continue
            }
            charset = pair[1].lowercased().filter { $0 != " " && $0 != "\"" && $0 != "\t" }
        }
    }

    /// Whether data of this type is JSON: `application/json` and every type that ends with `+json`.
    public var isJSON: Bool {
        essence == "application/json" || essence == "text/json" || essence.hasSuffix("+json")
            || essence.hasSuffix("/json")
    }

    /// Whether data of this type is text: every `text/` type, and XML.
    public var isText: Bool {
        essence.hasPrefix("text/") || essence == "application/xml" || essence.hasSuffix("+xml")
    }

    /// The bytes of a token (RFC 9110, section 5.6.2).
    private static func isOfToken(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
