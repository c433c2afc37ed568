import Access
import HTTPTypes
import Hummingbird
import NIOCore
import RESTInterface
import WorkflowEngine
import WorkflowModel
import Workspaces

/// The routes of the API: one for each of its operations, and the document that tells of them.
struct APIRoutes {
    let api: API
    let settings: ServerSettings
    let callers: any CallerSource
    let clock: any EngineClock

    func add(to router: Router<ServerContext>) {
        for operation in api.operations {
            let method: HTTPRequest.Method = operation.method == .get ? .get : .post
            router.on(RouterPath(operation.path), method: method) { request, context in
                try await answer(operation, request, context)
            }
        }
        // It needs no token and is the same for everyone: of this workspace it tells but the schemas of its plugins.
        let document = JSONWriter.data(OpenAPIDocument(api).value)
        router.get("/openapi.json") { _, _ in Response.bytes(document, type: "application/json") }
    }

    private func answer(
        _ operation: Operation, _ request: Request, _ context: ServerContext
    ) async throws -> Response {
        let caller = try context.caller(for: operation.need)
        let headers = request.headers
        let body =
            operation.method == .post
            ? try await request.body.whole(
                upTo: min(API.bodyLimit, settings.bodyBytes), announced: headers[.contentLength]) : ByteBuffer()
        guard let query = PercentText.query(request.uri.query ?? "") else {
            throw Problem.badRequest("bad_query", "what stands behind the ? is not percent-encoded UTF-8")
        }
        var path: [String: String] = [:]
        for (name, value) in context.parameters {
            guard let text = PercentText.decode(value) else {
                throw Problem.badRequest("bad_path", "the path is not percent-encoded UTF-8")
            }
            path[String(name)] = text
        }
        let asked = APIRequest(
            caller: caller, path: path, query: query, body: Array(body.readableBytesView),
            contentType: headers[.contentType].map { String($0.prefix { $0 != ";" && $0 != " " }) },
            idempotencyKey: headers[.idempotencyKey], lastEventID: headers[.lastEventID])
        do {
            if operation.isStream {
                // A HEAD request asks for no changes.
                if request.method == .head { return Response(status: .ok, headers: ChangeStream.headers) }
                let (need, callers, peer) = (operation.need, callers, context.peerAddress)
                return ChangeStream(
                    subscription: try api.changes(operation, asked), clock: clock, channel: context.channel,
                    isAllowed: {
                        // A token may end while somebody listens with it.
                        do {
                            return try await callers.caller(of: request, from: peer).map {
                                $0.refusal(for: need) == nil
                            }
                                ?? false
                        } catch {
                            return false
                        }
                    }
                ).response()
            }
            return response(try await api.answer(operation, asked))
        } catch let problem as APIProblem {
            throw Problem(problem)
        }
    }

    private func response(_ answer: APIAnswer) -> Response {
        var response = Response.json(answer.value, status: HTTPResponse.Status(code: answer.status))
        response.headers[.cacheControl] = "no-store"
        response.headers[.location] = answer.location
        if answer.isRepeated { response.headers[.idempotencyReplayed] = "true" }
        return response
    }
}

extension Problem {
    /// The problem document of a refusal of the API.
    init(_ problem: APIProblem) {
        self.init(HTTPResponse.Status(code: problem.status), problem.code, problem.detail, members: problem.members)
        headers[.retryAfter] = problem.retryAfter.map(String.init)
    }
}

extension HTTPField.Name {
    /// `Idempotency-Key` (IETF draft "The Idempotency-Key HTTP Header Field").
    static let idempotencyKey = HTTPField.Name(constant: "idempotency-key")
    /// `Idempotency-Replayed`.
    static let idempotencyReplayed = HTTPField.Name(constant: "idempotency-replayed")
    /// `Last-Event-ID` (HTML Standard, "Server-sent events").
    static let lastEventID = HTTPField.Name(constant: "last-event-id")
    /// `X-Accel-Buffering`, by which nginx is told not to hold answers back.
    static let accelBuffering = HTTPField.Name(constant: "x-accel-buffering")
}
