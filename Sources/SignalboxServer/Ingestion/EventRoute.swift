import Access
import CloudEvents
import HTTPTypes
import Hummingbird
import NIOCore
import WorkflowEngine
import WorkflowModel
import Workspaces

/// `POST /events`: CloudEvents 1.0 in every mode of the HTTP binding, and one event a line. All events of a request are accepted in one
/// commit, or none; the answer is sent after the commit.
struct EventRoute {
    let settings: ServerSettings
    let services: ServerServices
    let intake: EventIntake

    /// Whether a request sends events here.
    static func takes(_ request: Request) -> Bool { request.method == .post && request.uri.path == "/events" }

    func add(to router: Router<ServerContext>) {
        router.post("/events") { request, context in
            _ = try context.caller(for: .events)
            let events = try await read(request)
            return Response.bytes(
                Self.answer(events, try await intake.take(events)), status: .accepted, type: "application/json")
        }
    }

    private func read(_ request: Request) async throws -> [Event] {
        let headers = request.headers
        do {
            let (mode, type) = try CloudEventReader.mode(
                contentType: headers[.contentType], hasAttributes: headers[.specVersion] != nil)
            if let encoding = headers[.contentEncoding], encoding.lowercased() != "identity" {
                throw Problem(
                    .unsupportedMediaType, "unsupported_content_encoding",
                    "the content encoding \(encoding.prefix(100)) is not supported; send the body as it is")
            }
            let body = try await request.body.whole(upTo: settings.bodyBytes, announced: headers[.contentLength])
            let reader = CloudEventReader(
                now: services.clock.now, maximumEventBytes: settings.eventBytes,
                maximumEvents: settings.eventsPerRequest)
            return try await Aside.run(if: body.readableBytes > Aside.smallBody) {
                try reader.events(
                    mode: mode, type: type,
                    headers: { headers.map { (name: $0.name.canonicalName, value: $0.value) } },
                    body: body.readableBytesView)
            }
        } catch let refusal as CloudEventRefusal {
            throw Problem(refusal)
        }
    }

    /// `{"events":[{"source":…,"id":…,"sequence":1,"duplicate":false}]}`.
    static func answer(_ events: [Event], _ admissions: [Admission]) -> [UInt8] {
        var writer = JSONWriter()
        writer.append(raw: "{\"events\":[".utf8)
        for (place, (event, admission)) in zip(events, admissions).enumerated() {
            writer.append(raw: (place == 0 ? "{\"source\":" : ",{\"source\":").utf8)
            writer.write(.string(event.source))
            writer.append(raw: ",\"id\":".utf8)
            writer.write(.string(event.id))
            writer.append(raw: ",\"sequence\":".utf8)
            writer.write(admission.sequence.map(Value.int) ?? .null)
            writer.append(raw: (admission.isDuplicate ? ",\"duplicate\":true}" : ",\"duplicate\":false}").utf8)
        }
        writer.append(raw: "]}".utf8)
        return writer.bytes
    }
}

extension Problem {
    /// The problem that unreadable events are.
    init(_ refusal: CloudEventRefusal) {
        let status: HTTPResponse.Status =
            switch refusal.kind {
            case .unsupportedContentType: .unsupportedMediaType
            case .unreadable, .badEvent: .badRequest
            case .eventTooLarge, .tooManyEvents: .contentTooLarge
            }
        self.init(status, refusal.kind == .unreadable ? "bad_body" : refusal.kind.rawValue, refusal.description)
        members["event"] = refusal.event.map { .int(Int64($0)) }
        members["line"] = refusal.line.map { .int(Int64($0)) }
        members["column"] = refusal.column.map { .int(Int64($0)) }
        members["attribute"] = refusal.attribute.map(Value.string)
    }
}

extension HTTPField.Name {
    /// `ce-specversion`, which tells that a message is a CloudEvent in binary mode.
    static let specVersion = HTTPField.Name("ce-specversion") ?? .contentType
}
