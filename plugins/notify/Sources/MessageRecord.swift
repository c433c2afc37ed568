import PluginKit
import WorkflowModel

/// A message that was sent, as the collection `notify.messages` keeps it under its token.
struct MessageRecord {
    static let collection = "notify.messages"

    /// The document of a sent message.
    static func body(of message: ComposedMessage, dedupeMark: String?) -> ValueMap {
        var body: ValueMap = [
            "token": .string(message.token), "run": message.run.map { .string($0.text) } ?? .null,
            "step": message.step.map(Value.string) ?? .null, "playbook": message.playbook.map(Value.string) ?? .null,
            "subject": message.about.map(Value.string) ?? .null,
        ]
        body["ticket"] = ticket(of: message.about)
        body["title"] = .string(message.subject)
        body["to"] = .string(message.planned.recipients)
        body["by"] = .string(message.planned.channel.name)
        body["dedupe"] = dedupeMark.map(Value.string) ?? .null
        body["sent_at"] = .timestamp(message.sentAt)
        body["acknowledged_at"] = .null
        body["acknowledged_by"] = .null
        return body
    }

    private static func ticket(of subject: String?) -> Value {
        guard let subject, subject.hasPrefix("ticket:") else { return .null }
        return .string(String(subject.dropFirst("ticket:".count)))
    }

    /// The tokens of those messages that an earlier attempt of the same step has sent.
    ///
    /// - Throws: ``Failure`` `store_unreadable`.
    static func left(
        of messages: [ComposedMessage], in documents: any DocumentSource
    ) async throws(Failure) -> Set<String> {
        let tokens = messages.map(\.token)
        return try await looking(in: documents) { reader in
            Set(try tokens.filter { try reader.document($0, in: collection) != nil })
        }
    }

    /// For each message of `order` the token of an earlier one with its dedupe key and recipient, inside the window.
    ///
    /// - Throws: ``Failure`` `store_unreadable`: nothing was sent yet, so trying again does no harm.
    static func earlier(
        than messages: [ComposedMessage], of order: MessageOrder, now: Timestamp, in documents: any DocumentSource
    ) async throws(Failure) -> [String?] {
        guard let key = order.dedupeKey else { return messages.map { _ in nil } }
        let marks = messages.map { $0.planned.dedupeMark(key) }
        let since = now - order.dedupeWindow
        return try await looking(in: documents) { reader in
            try marks.map { try sentBefore(mark: $0, since: since, in: reader)?.id }
        }
    }

    private static func looking<Found: Sendable>(
        in documents: any DocumentSource, for look: @Sendable (any PluginStoreReader) throws -> Found
    ) async throws(Failure) -> Found {
        do {
            return try await documents.read { reader in try look(reader) }
        } catch let failure as Failure {
            throw failure
        } catch {
            throw .transient("store_unreadable", "the messages sent before cannot be read: \(error)")
        }
    }

    /// The newest message with this mark that was sent at `since` or later.
    private static func sentBefore(
        mark: String, since: Timestamp, in reader: any PluginStoreReader
    ) throws -> Document? {
        try reader.documents(
            in: collection,
            DocumentQuery(
                [
                    .init("dedupe", .equals(.string(mark))), .init("sent_at", .atLeast(.timestamp(since))),
                ], order: "sent_at", descending: true, limit: 1)
        ).first
    }
}
