import PluginKit
import WorkflowModel

/// Carries out an order: looks for earlier messages with the same dedupe key, sends the rest, and says what became of each.
struct MessageDelivery: Sendable {
    /// How many messages are under way at once.
    private static let width = 8

    let order: MessageOrder
    let memory: DeliveryMemory

    private enum Fate: Sendable {
        case sent
        case deduplicated(token: String)
        case failed(Failure)
    }

    /// Sends what is to be sent.
    ///
    /// - Throws: ``Failure`` when a message may still get through by another attempt, or when none got through; with what got
    ///   through, it is a ``PartialFailure`` that keeps those, so that they can be acknowledged. When some got through and the
    ///   others never will, the output lists those in `failed`.
    func perform(in context: WriteContext) async throws -> ActionResult {
        let messages = order.planned.map {
            ComposedMessage($0, of: order, idempotencyKey: context.idempotencyKey, in: context.action)
        }
        let left = try await MessageRecord.left(of: messages, in: context.documents)
        let before = try await MessageRecord.earlier(
            than: messages, of: order, now: context.action.now, in: context.documents)
        let fates = await deliver(messages, left: left, besides: before, in: context)

        let failures = fates.compactMap { if case .failed(let failure) = $0 { failure } else { nil } }
        let arrived = fates.count - failures.count
        let keep = kept(messages, fates)
        if let failure = Self.gravest(failures, anyArrived: arrived > 0) {
            guard arrived > 0 else { throw failure }
            throw PartialFailure(failure, change: keep)
        }
        memory.forget(messages.map(\.key))
        return ActionResult(output(messages, fates), change: keep)
    }

    /// Keeps what was sent, under its token. What an earlier attempt has kept may have been acknowledged since, and stays.
    private func kept(_ messages: [ComposedMessage], _ fates: [Fate]) -> @Sendable (any PluginStore) throws -> Void {
        var documents: [(token: String, body: ValueMap)] = []
        for (message, fate) in zip(messages, fates) {
            guard case .sent = fate else { continue }
            let mark = order.dedupeKey.map(message.planned.dedupeMark)
            documents.append((message.token, MessageRecord.body(of: message, dedupeMark: mark)))
        }
        return { [documents] store in
            for document in documents
            where try store.document(document.token, in: MessageRecord.collection) == nil {
                try store.put(document.token, document.body, in: MessageRecord.collection)
            }
        }
    }

    private func deliver(
        _ messages: [ComposedMessage], left: Set<String>, besides before: [String?], in context: WriteContext
    ) async -> [Fate] {
        let rounds = (messages.count + Self.width - 1) / Self.width
        // A little less than the attempt has, so that the channel's own account of a time-out is heard.
        let deadline = max(context.timeout * 9 / (10 * max(rounds, 1)), .milliseconds(500))
        return await withTaskGroup(of: (Int, Fate).self) { group in
            var fates = [Fate?](repeating: nil, count: messages.count)
            var next = 0
            func start() {
                guard next < messages.count else { return }
                let (index, message, token) = (next, messages[next], before[next])
                next += 1
                if left.contains(message.token) {
                    group.addTask { (index, .sent) }
                    return
                }
                group.addTask { (index, await fate(of: message, earlier: token, deadline: deadline, in: context)) }
            }
            for _ in 0..<Self.width { start() }
            while let (index, fate) = await group.next() {
                fates[index] = fate
                start()
            }
            return fates.compactMap(\.self)
        }
    }

    private func fate(
        of message: ComposedMessage, earlier token: String?, deadline: Duration, in context: WriteContext
    ) async -> Fate {
        if let token { return .deduplicated(token: token) }
        if memory.has(message.key) { return .sent }
        do {
            switch message.planned.channel.kind {
            case .outbox: try OutboxChannel.deliver(message, in: context)
            case .email: try await EmailChannel.deliver(message, deadline: deadline, in: context)
            case .chat: try await ChatChannel.deliver(message, deadline: deadline, in: context)
            case .webhook: try await WebhookChannel.deliver(message, deadline: deadline, in: context)
            }
            memory.note(message.key)
            return .sent
        } catch let failure as Failure {
            return .failed(failure)
        } catch {
            return .failed(.transient("delivery_failed", "channel \(message.planned.channel.name): \(error)"))
        }
    }

    /// The failure that decides for the whole step: an uncertain one before one that may pass before one for good.
    private static func gravest(_ failures: [Failure], anyArrived: Bool) -> Failure? {
        func rank(_ failure: Failure) -> Int {
            switch failure.kind {
            case .uncertain: 0
            case .rateLimited: 1
            case .transient, .timeout: 2
            case .permanent: 3
            }
        }
        guard let gravest = failures.min(by: { rank($0) < rank($1) }) else { return nil }
        return gravest.kind == .permanent && anyArrived ? nil : gravest
    }

    private func output(_ messages: [ComposedMessage], _ fates: [Fate]) -> Value {
        var list: [Value] = []
        var failed: [Value] = []
        var tokens: [Value] = []
        var sent = 0
        for (message, fate) in zip(messages, fates) {
            var entry: ValueMap = [
                "to": .string(message.planned.recipients), "by": .string(message.planned.channel.name),
            ]
            switch fate {
            case .sent:
                sent += 1
                entry["token"] = .string(message.token)
                entry["deduplicated"] = false
                tokens.append(.string(message.token))
                list.append(.map(entry))
            case .deduplicated(let token):
                entry["token"] = .string(token)
                entry["deduplicated"] = true
                tokens.append(.string(token))
                list.append(.map(entry))
            case .failed(let failure):
                entry["code"] = .string(failure.code)
                entry["message"] = .string(failure.message)
                failed.append(.map(entry))
            }
        }
        return MessageOutput(
            subject: order.subject, sent: sent, deduplicated: sent == 0, tokens: tokens, messages: list, failed: failed
        ).value
    }
}
