public import Expressions
public import Rehearsal
public import RunStore
import WorkflowEngine
public import WorkflowModel

/// Why playbooks fired for an event, or did not: what was recorded, and the conditions evaluated again on the event as it was
/// stored, by the versions of the playbooks that were active then.
public struct EventExplanation: Sendable {
    /// What the event meant for one playbook.
    public struct Part: Sendable {
        /// The playbook as it was active then.
        public var member: GenerationRecord.Member
        /// What was recorded; nil when nothing was, because no condition held.
        public var match: MatchRecord?
        /// What each of its triggers says.
        public var verdicts: [TriggerVerdict]

        /// Whether one of its triggers looks at events of this type.
        public var looksAtType: Bool { verdicts.contains(where: \.looksAtType) }

        /// The part as JSON.
        public var json: Value {
            [
                "playbook": .string(member.playbook), "mode": .string(member.mode.rawValue),
                "bundle": .string(member.bundle),
                "outcome": .string(match?.outcome.rawValue ?? "not_fired"), "reason": .string(match?.reason ?? ""),
                "detail": .string(match?.detail ?? ""), "run": match?.run.map { .string($0.text) } ?? .null,
                "triggers": .list(
                    verdicts.map { verdict in
                        [
                            "types": .list(verdict.types.map(Value.string)),
                            "looks_at_type": .bool(verdict.looksAtType),
                            "condition": verdict.condition.map(ConditionJSON.report) ?? .null,
                        ]
                    }),
            ]
        }
    }

    /// The event.
    public var record: EventRecord
    /// The playbooks that were there when it came, in the order of matching.
    public var parts: [Part]

    /// The events that `what` means: an event's id, a subject, or the id of a ticket; at most `limit` of a subject, newest first.
    ///
    /// - Throws: ``StoreError``.
    public static func records(of what: String, limit: Int, in reader: any StoreReader) throws -> [EventRecord] {
        var records = try reader.events(withID: what)
        for subject in [what, "ticket:\(what)"] where records.isEmpty {
            records = try reader.events(ofSubject: subject, before: nil, limit: limit)
        }
        return records
    }

    /// Explains an event.
    ///
    /// - Parameters:
    ///   - playbook: only this playbook; nil for all.
    ///   - calendars: answers `open_now` in conditions.
    /// - Throws: ``StoreError``; ``WorkflowModel/Failure`` for a playbook that cannot be read any more; ``UnknownPlaybook``.
    public init(
        _ record: EventRecord, playbook: String? = nil, calendars: NamedValues.CalendarLookup?,
        in reader: any StoreReader
    ) throws {
        self.record = record
        let matches = try reader.matches(ofEvent: record.sequence)
        let members = try reader.generation(record.generation)?.members ?? []
        let wanted = playbook.map { name in members.filter { $0.playbook == name } } ?? members
        if let playbook, wanted.isEmpty { throw UnknownPlaybook(name: playbook, known: members.map(\.playbook)) }
        var parts: [Part] = []
        for member in wanted {
            guard let content = try reader.bundle(member.bundle) else { continue }
            let workflow = try ActivePlaybook.stored(member.bundle, content).workflow
            parts.append(
                Part(
                    member: member,
                    // A collection that was acted on says so behind what it said before.
                    match: matches.last { $0.playbook == member.playbook },
                    verdicts: try TriggerVerdict.all(of: workflow, for: record, calendars: calendars)))
        }
        self.parts = parts
    }

    /// The explanation as JSON.
    public var json: Value {
        [
            "event": record.event.envelope, "out_of_order": .bool(record.isOutOfOrder),
            "playbooks": .list(parts.map(\.json)),
        ]
    }

    /// The playbook that was asked for was not there when the event came.
    public struct UnknownPlaybook: Error, Sendable {
        /// What was asked for.
        public var name: String
        /// What was there.
        public var known: [String]

        /// What happened.
        public var message: String { "no playbook \(name) was there when the event came" }
        /// What to do instead.
        public var help: String {
            Similarity.nearest(to: name, among: known).map { "did you mean \($0)?" }
                ?? "it was added later, or had another name"
        }
    }
}
