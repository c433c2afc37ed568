import Access
import WorkflowEngine
import WorkflowModel

/// The REST interface: operations over values. It knows nothing of connections; the server reads requests and writes answers.
///
///     let api = API(services)
///     for operation in api.operations { router.on(operation.path, …) { try await api.answer(operation, request) } }
public struct API: Sendable {
    /// Where all of it stands.
    public static let root = "/api/v1"

    let services: APIServices
    /// All that it does, in the order of the documentation.
    public let operations: [Operation]

    /// The largest body, in bytes: an answer to a form has at most 64 KiB, an event with which a playbook is started at most 1 MiB.
    public static let bodyLimit = 2 << 20

    /// The interface over `services`: what concerns plugins is there when the plugin is.
    public init(_ services: APIServices) {
        self.services = services
        operations =
            RunOperations.all + EventOperations.all + PlaybookOperations.all + AskOperations.all
            + EffectOperations.all + AuditOperations.all + PluginOperations.all + FactOperations.all(services.registry)
            + SelfOperations.all
    }

    /// Does what `request` asks of `operation`.
    ///
    /// - Throws: ``APIProblem``; what the store throws.
    public func answer(_ operation: Operation, _ request: APIRequest) async throws -> APIAnswer {
        let call = try call(operation, request)
        guard case .answer(let work) = operation.work else {
            throw APIProblem(406, "stream_only", "this answers with changes as they happen")
        }
        var answer: APIAnswer
        do {
            answer = try await work(call)
        } catch let error as EngineError {
            throw APIProblem(refusal: RequestAnswer.refused(error.code.rawValue, error.message))
        } catch let failure as Failure {
            throw APIProblem(refusal: RequestAnswer.refused(failure.code, failure.message))
        }
        if answer.status == 200 { answer.status = operation.status }
        return answer
    }

    /// The changes that `request` asks for.
    ///
    /// - Throws: ``APIProblem`` when a filter is wrong, or when there are too many that listen.
    public func changes(_ operation: Operation, _ request: APIRequest) throws -> ChangeSubscription {
        let call = try call(operation, request)
        let filter = ChangeFilter(call.query)
        do {
            return try services.feed.subscribe(
                filter, after: request.lastEventID, by: call.caller.tokenID ?? call.caller.actor)
        } catch {
            throw APIProblem(503, "too_many_streams", "\(error)", retryAfter: 30)
        }
    }

    /// Ends all who listen to changes, and lets nobody begin.
    public func endStreams() { services.feed.close() }

    private func call(_ operation: Operation, _ request: APIRequest) throws(APIProblem) -> Call {
        if let refusal = request.caller.refusal(for: operation.need) { throw .forbidden("\(refusal)") }
        for (name, part) in request.path.sorted(by: { $0.key < $1.key }) {
            guard !part.isEmpty, part.utf8.count <= 1024, !part.unicodeScalars.contains(where: { $0.value < 0x20 })
            else { throw .notFound("there is nothing of this name: \(name)") }
        }
        return Call(
            services: services, caller: request.caller, path: request.path,
            query: try QueryValues(request.query, operation.parameters), body: try API.body(operation, request),
            key: try API.key(request))
    }

    private static func key(_ request: APIRequest) throws(APIProblem) -> String? {
        guard let key = request.idempotencyKey else { return nil }
        guard !key.isEmpty, key.utf8.count <= Call.longestKey, key.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) else {
            throw APIProblem(
                400, "bad_idempotency_key",
                "Idempotency-Key must have 1 to \(Call.longestKey) printable characters; a random UUID is a good one")
        }
        return key
    }

    private static func body(_ operation: Operation, _ request: APIRequest) throws(APIProblem) -> ValueMap {
        guard let description = operation.body else {
            guard request.body.isEmpty else {
                throw APIProblem(400, "body_not_wanted", "this takes no body")
            }
            return ValueMap()
        }
        if request.body.isEmpty {
            guard description.isOptional else {
                throw APIProblem(
                    400, "body_missing",
                    "this needs a body such as \(JSONWriter.text(description.example)), with Content-Type: application/json"
                )
            }
            return ValueMap()
        }
        let type = request.contentType?.lowercased()
        guard type == "application/json" || type?.hasSuffix("+json") == true else {
            throw APIProblem(
                415, "unsupported_content_type",
                "the body must be JSON and say so (Content-Type: application/json), it says \(request.contentType ?? "nothing")"
            )
        }
        let value: Value
        do throws(JSONError) {
            value = try JSON.parse(request.body)
        } catch {
            throw APIProblem(400, "bad_json", "the body is no JSON: \(error)")
        }
        let violations = description.schema.violations(of: value)
        guard violations.isEmpty, let map = value.map else {
            let problems = violations.map { $0.path.isEmpty ? "the body \($0.message)" : $0.description }
            throw APIProblem(
                422, "bad_input", problems.joined(separator: "; "),
                members: [
                    "violations": .list(
                        violations.map { ["path": .string($0.path), "message": .string($0.message)] })
                ])
        }
        return map
    }
}
