import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import PluginHost
import PluginKit
import RunStore
import Synchronization
import WorkflowEngine
import WorkflowModel
import Workspaces

/// `POST /hooks/{name}`: deliveries of other systems. Verified, mapped, and accepted with their events in one commit before the
/// answer is sent.
final class HookRoute: Sendable {
    private let settings: ServerSettings
    private let services: ServerServices
    private let intake: EventIntake
    private let metrics: ServerMetrics
    private let memory = DeliveryMemory()
    /// The hooks whose earlier deliveries are remembered, with how far back.
    private let recalled = Mutex<[String: Duration]>([:])

    init(settings: ServerSettings, services: ServerServices, intake: EventIntake, metrics: ServerMetrics) {
        self.settings = settings
        self.services = services
        self.intake = intake
        self.metrics = metrics
    }

    func add(to router: Router<ServerContext>) {
        router.post("/hooks/:name") { request, context in try await self.receive(request, context) }
    }

    private func receive(_ request: Request, _ context: ServerContext) async throws -> Response {
        let name = context.parameters.get("name") ?? ""
        guard let hook = services.hooks.hook(name) else {
            let problem = Problem(
                .notFound, "unknown_hook", "there is no hook of this name; `hooks` of signalbox.yaml has them all")
            DeliveryLine(hook: "unknown", context: context, metrics: metrics).write(
                problem, delivery: unknownDelivery(request))
            throw problem
        }
        let line = DeliveryLine(hook: hook.name, context: context, metrics: metrics)
        var delivery = WebhookRequest(
            name: hook.name, method: request.method.rawValue, query: Self.query(request.uri.query),
            headers: request.headers.map { .init($0.name.canonicalName, $0.value) }, body: [],
            receivedAt: services.clock.now)
        let secrets: [String]
        do {
            delivery.body = try await body(of: request)
            secrets = try await self.secrets(of: hook, context)
        } catch {
            line.write(Problem(error), delivery: WebhookReceiver.headerDelivery(delivery, hook))
            throw error
        }
        let outcome = WebhookReceiver.receive(delivery, hook: hook, secrets: secrets)
        for word in outcome.unknownWords { metrics.unknownWord(at: hook.name, in: word.table) }
        if let refusal = outcome.refusal, outcome.kind == .refused {
            line.write(outcome, "refused", level: .warning)
            throw Problem(refusal)
        }
        return try await answer(outcome, to: delivery, hook, line)
    }

    private func body(of request: Request) async throws -> [UInt8] {
        if let encoding = request.headers[.contentEncoding], encoding.lowercased() != "identity" {
            throw Problem(
                .unsupportedMediaType, "unsupported_content_encoding",
                "the content encoding \(encoding.prefix(100)) is not supported; send the body as it is")
        }
        let body = try await request.body.whole(
            upTo: settings.bodyBytes, announced: request.headers[.contentLength])
        return Array(body.readableBytesView)
    }

    /// What the sender of a delivery to no hook calls it, if any plugin knows the header for that.
    private func unknownDelivery(_ request: Request) -> String? {
        for case let plugin as DeclarativePlugin in services.registry.plugins {
            guard let name = plugin.webhooks?.delivery?.header.flatMap({ HTTPField.Name($0) }),
                let value = request.headers[name]
            else { continue }
            return value
        }
        return nil
    }

    private func answer(
        _ outcome: WebhookOutcome, to delivery: WebhookRequest, _ hook: Hook, _ line: DeliveryLine
    ) async throws -> Response {
        switch outcome.kind {
        case .handshake:
            line.write(outcome, "handshake")
            return .json(outcome.answer ?? .null)
        case .ignored:
            line.write(outcome, "ignored")
            return .json(["outcome": "ignored", "reason": outcome.reason.map(Value.string) ?? .null])
        case .accepted: return try await accept(outcome, of: delivery, hook, line)
        case .unmapped, .unreadable, .refused: return try await keep(outcome, of: delivery, hook, line)
        }
    }

    /// Accepts what a delivery became, unless the same came before.
    private func accept(
        _ outcome: WebhookOutcome, of delivery: WebhookRequest, _ hook: Hook, _ line: DeliveryLine
    ) async throws -> Response {
        try await recall(hook)
        let keys = DeliveryMemory.keys(outcome, hook)
        switch memory.begin(keys, now: delivery.receivedAt) {
        case .known:
            line.write(outcome, "duplicate")
            return .json(["outcome": "duplicate", "reason": "the same delivery, or the same body, came before"])
        case .busy:
            line.write(outcome, "busy")
            throw Problem.unavailable("busy", "the same delivery is being accepted just now; send it again")
        case .new: break
        }
        do {
            if let large = outcome.events.first(where: { JSONWriter.data($0.envelope).count > settings.eventBytes }) {
                throw Problem(
                    .unprocessableContent, "event_refused",
                    "the event \(large.type) is larger than \(settings.eventBytes) bytes")
            }
            let admissions = try await intake.take(outcome.events)
            memory.end(keys, until: delivery.receivedAt + hook.replayWindow)
            let isKnown = admissions.allSatisfy(\.isDuplicate)
            line.write(outcome, isKnown ? "duplicate" : "accepted")
            return .json(
                Self.document(outcome, admissions, isKnown ? "duplicate" : "accepted"),
                status: isKnown ? .ok : .accepted)
        } catch let problem as Problem where problem.code == "event_refused" {
            memory.end(keys, until: nil)
            let kept = WebhookReceiver.kept(delivery, hook: hook, outcome: outcome, reason: problem.detail)
            return try await keep(kept, of: delivery, hook, line)
        } catch {
            memory.end(keys, until: nil)
            line.write(outcome, "postponed", level: .warning)
            throw error
        }
    }

    /// Accepts what could be understood, and keeps the delivery itself for a person.
    private func keep(
        _ outcome: WebhookOutcome, of delivery: WebhookRequest, _ hook: Hook, _ line: DeliveryLine
    ) async throws -> Response {
        var kept = outcome
        var admissions: [Admission]
        do {
            admissions = try await intake.take(outcome.events)
        } catch let problem as Problem where problem.code == "event_refused" && outcome.events.count > 1 {
            kept = WebhookReceiver.kept(
                delivery, hook: hook, outcome: outcome,
                reason: "\(outcome.reason ?? ""); \(problem.detail)")
            admissions = try await intake.take(kept.events)
        } catch {
            line.write(outcome, "postponed", level: .warning)
            throw error
        }
        line.write(kept, kept.kind.rawValue, level: .warning)
        let id = kept.events.last?.id ?? ""
        if kept.kind == .unreadable, let refusal = kept.refusal {
            var problem = Problem(refusal)
            problem.members["kept"] = .string(id)
            throw problem
        }
        var document = Self.document(kept, admissions, "unmapped").map ?? ValueMap()
        // It is answered as accepted, since it is kept: a refusal would make the sender repeat it, or give up on the hook.
        let problem = Problem(
            .accepted, "unmapped",
            "the delivery, or a part of it, is no event that is known: \(kept.reason ?? ""); it is kept as \(id)")
        document["problem"] = problem.document(requestID: line.context.requestID)
        return .json(.map(document), status: .accepted)
    }

    private static func document(_ outcome: WebhookOutcome, _ admissions: [Admission], _ word: String) -> Value {
        var document: ValueMap = ["outcome": .string(word)]
        if let delivery = outcome.delivery { document["delivery"] = .string(delivery) }
        document["events"] = .list(
            zip(outcome.events, admissions).map { event, admission in
                [
                    "type": .string(event.type), "source": .string(event.source), "id": .string(event.id),
                    "sequence": admission.sequence.map(Value.int) ?? .null, "duplicate": .bool(admission.isDuplicate),
                ]
            })
        return .map(document)
    }

    private func secrets(of hook: Hook, _ context: ServerContext) async throws -> [String] {
        var secrets: [String] = []
        for name in hook.secrets {
            do {
                secrets.append(try await services.hooks.secret(name))
            } catch {
                context.logger.error(
                    "a secret of a hook is missing", metadata: ["hook": "\(hook.name)", "failure": "\(error)"])
            }
        }
        // With one of several the hook still works, as in the middle of a change.
        guard !secrets.isEmpty else {
            throw Problem.unavailable(
                "secret_missing", "the hook has no secret to verify deliveries with; the log of the server says more",
                retryAfter: 30)
        }
        return secrets
    }

    /// Remembers, once for each hook and length of its window, what came before this start.
    private func recall(_ hook: Hook) async throws {
        guard recalled.withLock({ $0[hook.name] ?? .zero }) < hook.replayWindow else { return }
        let (memory, hooks, now) = (memory, services.hooks.hooks(), services.clock.now)
        try await services.store.read { try memory.recall($0, hooks, now: now) }
        recalled.withLock { recalled in
            recalled[hook.name] = hook.replayWindow
            for hook in hooks { recalled[hook.name] = hook.replayWindow }
        }
    }

    /// The parameters of an address.
    static func query(_ text: String?) -> [WebhookRequest.Header] {
        (text ?? "").split(separator: "&").prefix(100).compactMap { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = FormText.decode(Array(parts[0].utf8)),
                let value = FormText.decode(Array((parts.dropFirst().first ?? "").utf8))
            else { return nil }
            return .init(name, value)
        }
    }
}

/// The line of the log that each delivery has, and its place in the count.
struct DeliveryLine {
    /// Its name.
    let hook: String
    let context: ServerContext
    let metrics: ServerMetrics

    func write(_ outcome: WebhookOutcome, _ word: String, level: Logger.Level = .info) {
        metrics.delivery(to: hook, word)
        var metadata: Logger.Metadata = [
            "hook": "\(hook)", "outcome": "\(word)", "delivery": "\(outcome.delivery ?? "none")",
            "peer": "\(context.peerAddress)", "body": "\(outcome.bodyHash.prefix(16))",
        ]
        if outcome.isGenuine { metadata["events"] = "\(outcome.events.count)" }
        if let code = outcome.refusal?.code { metadata["code"] = "\(code)" }
        if let reason = outcome.reason { metadata["reason"] = "\(reason.prefix(500))" }
        if !outcome.unknownWords.isEmpty {
            metadata["unknown_words"] =
                "\(outcome.unknownWords.map { "\($0.table): \($0.word.prefix(60))" }.joined(separator: "; "))"
        }
        context.logger.log(level: level, "delivery", metadata: metadata)
    }

    /// The line of a delivery that was not looked at: to no hook, too large, or without a secret to verify it with.
    func write(_ problem: Problem?, delivery: String?) {
        let isOurs = problem.map { $0.status.kind == .serverError } ?? true
        let word = isOurs ? "postponed" : "refused"
        metrics.delivery(to: hook, word)
        context.logger.warning(
            "delivery",
            metadata: [
                "hook": "\(hook)", "outcome": "\(word)", "delivery": "\(delivery?.prefix(200) ?? "none")",
                "peer": "\(context.peerAddress)", "code": "\(problem?.code ?? "internal")",
            ])
    }
}

extension Problem {
    /// The problem that a refused delivery is.
    init(_ refusal: WebhookRefusal) {
        self.init(
            HTTPResponse.Status(code: refusal.status), refusal.code, refusal.detail,
            headers: refusal.challenge.map { [.wwwAuthenticate: $0] } ?? [:])
    }
}
