public import Expressions
public import RunStore
public import Triggers
public import WorkflowModel

/// What an event means for one trigger of a playbook, line by line: recomputed from the stored event.
public struct TriggerVerdict: Sendable {
    /// The trigger's place in the playbook, from 0.
    public var trigger: Int
    /// The event types that it looks at.
    public var types: [String]
    /// Whether it looks at events of this type at all.
    public var looksAtType: Bool
    /// Its condition, line by line; nil when it has none or does not look at the type.
    public var condition: ConditionReport?

    /// The verdicts of all event triggers of `workflow` on `record`.
    ///
    /// - Throws: ``CompiledCondition/Unplannable`` for a condition with a mistake.
    public static func all(
        of workflow: Workflow, for record: EventRecord, calendars: NamedValues.CalendarLookup? = nil
    ) throws -> [TriggerVerdict] {
        let event = record.event
        let names = EventCatalog.standard.bound(event.data.merging(record.facts), ofType: event.type)
        let scope = EventScope(event: event, names: names, now: record.acceptedAt, calendars: calendars)
        return try workflow.triggers.enumerated().compactMap { place, trigger in
            guard case .event(let trigger) = trigger else { return nil }
            let looks = trigger.types.contains(event.type)
            let condition = looks ? trigger.condition : nil
            return TriggerVerdict(
                trigger: place, types: trigger.types, looksAtType: looks,
                condition: try condition.map { try CompiledCondition($0).report(scope) })
        }
    }
}
