public import WorkflowModel

/// How events came in a message over HTTP (cloudevents/spec, HTTP protocol binding 1.0.2, section 3).
public enum ContentMode: String, Sendable, Hashable {
    /// The body is one event.
    case structured
    /// The attributes are header fields, the body is the data.
    case binary
    /// The body is a JSON list of events.
    case batch
    /// The body has one event a line.
    case lines
    /// `application/json` without attributes in the header: an event, or a list of them.
    case plain
}

extension CloudEventReader {
    /// The content types of one event a line. None is registered; these are in use.
    private static let ofLines: Set<String> = [
        "application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines",
        "application/cloudevents+ndjson",
    ]

    private static let oneEvent = MediaType("application/cloudevents+json")

    /// How the events of a message come.
    ///
    /// - Parameter hasAttributes: whether the header has `ce-specversion`.
    /// - Throws: ``CloudEventRefusal`` for a content type in which no event can be read.
    public static func mode(
        contentType: String?, hasAttributes: Bool
    ) throws(CloudEventRefusal) -> (mode: ContentMode, type: MediaType?) {
        // What most senders say, word for word.
        if contentType == "application/cloudevents+json" { return (.structured, oneEvent) }
        let type = contentType.flatMap(MediaType.init)
        if let contentType, type == nil {
            throw CloudEventRefusal(
                .unsupportedContentType, "the content type \"\(contentType.prefix(100))\" is none")
        }
        switch type?.essence {
        case "application/cloudevents+json"?: return (.structured, type)
        case "application/cloudevents-batch+json"?: return (.batch, type)
        case let essence? where ofLines.contains(essence): return (.lines, type)
        case let essence? where essence.hasPrefix("application/cloudevents"):
            throw CloudEventRefusal(
                .unsupportedContentType,
                "the event format \(essence) is not supported; send application/cloudevents+json")
        default: break
        }
        if hasAttributes { return (.binary, type) }
        if type?.essence == "application/json" { return (.plain, type) }
        throw CloudEventRefusal(
            .unsupportedContentType,
            (type.map { "\($0.essence) without ce- header fields is no event" } ?? "there is no content type")
                + "; send application/cloudevents+json, application/cloudevents-batch+json, application/x-ndjson or ce- header fields"
        )
    }

    /// The events of a message.
    ///
    /// - Parameters:
    ///   - headers: all header fields, names in lower case; asked for in binary mode alone.
    /// - Throws: ``CloudEventRefusal``.
    public func events(
        mode: ContentMode, type: MediaType?, headers: () -> [(name: String, value: String)],
        body: some Collection<UInt8>
    ) throws(CloudEventRefusal) -> [Event] {
        if mode != .binary, let charset = type?.charset, charset != "utf-8", charset != "us-ascii" {
            throw CloudEventRefusal(.unsupportedContentType, "the charset \(charset) is not supported; send UTF-8")
        }
        switch mode {
        case .structured: return [try event(body)]
        case .batch: return try list(body)
        case .lines: return try lines(body)
        case .plain: return try objectOrList(body)
        case .binary: return [try binary(headers(), type, body)]
        }
    }

    private func binary(
        _ headers: [(name: String, value: String)], _ type: MediaType?, _ body: some Collection<UInt8>
    ) throws(CloudEventRefusal) -> Event {
        try checkSize(body.count, nil, nil)
        var envelope = ValueMap()
        for header in headers where header.name.hasPrefix("ce-") {
            let name = String(header.name.dropFirst(3))
            guard name != "datacontenttype", name != "data", name != "data_base64" else {
                throw CloudEventRefusal(
                    .badEvent, "must not be there: the data is the body, and Content-Type is its type",
                    attribute: name)
            }
            guard envelope[name] == nil else {
                throw CloudEventRefusal(.badEvent, "\(header.name) is there more than once", attribute: name)
            }
            guard let text = HeaderText.decode(header.value) else {
                throw CloudEventRefusal(
                    .badEvent,
                    "\(header.name) is not percent-encoded UTF-8 as the HTTP binding of CloudEvents wants it",
                    attribute: name)
            }
            envelope[name] = .string(text)
        }
        if let contentType = headers.first(where: { $0.name == "content-type" })?.value {
            envelope["datacontenttype"] = .string(contentType)
        }
        if !body.isEmpty { envelope["data"] = try data(type, body) }
        return try event(.map(envelope), at: nil, line: nil)
    }

    /// The data of a binary message: JSON and text are read, anything else stays bytes.
    private func data(_ type: MediaType?, _ body: some Collection<UInt8>) throws(CloudEventRefusal) -> Value {
        guard let type else { return .bytes(Array(body)) }
        if type.isJSON {
            do throws(JSONError) {
                return try JSON.parse(body, maximumDepth: Self.maximumDepth)
            } catch {
                throw CloudEventRefusal(error)
            }
        }
        guard type.isText else { return .bytes(Array(body)) }
        switch type.charset {
        case nil, "utf-8"?, "us-ascii"?:
            guard let text = String(validating: body, as: UTF8.self) else {
                throw CloudEventRefusal(.unreadable, "the data is not UTF-8, as its content type says")
            }
            return .string(text)
        case "iso-8859-1"?:
            return .string(String(String.UnicodeScalarView(body.map { Unicode.Scalar($0) })))
        case let charset?:
            throw CloudEventRefusal(.unsupportedContentType, "the charset \(charset) is not supported; send UTF-8")
        }
    }
}
