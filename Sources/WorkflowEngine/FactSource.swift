import PluginKit
public import RunStore
public import WorkflowModel

/// Tells what is known now under the names that an event has given: after a wait a run must not act on what was true before it.
public protocol FactSource: Sendable {
    /// What is known now under `names`, which are some of `ticket`, `sla` and `incident`; a name that is left out stays as it was.
    ///
    /// - Parameters:
    ///   - known: what the run has seen under these names so far.
    ///   - run: the run that has waited.
    /// - Throws: ``StoreError``.
    func facts(_ names: [String], known: ValueMap, of run: RunRecord, in reader: any StoreReader) throws -> ValueMap
}

/// What is recorded: the ticket that is kept under the id, else the newest event of the run's subject that has the name.
public struct KnownFacts: FactSource {
    /// How many events of the subject are looked at.
    static let events = 200
    /// What the ticket's document holds beside the ticket's fields.
    private static let notFields = ["facts_at", "history"]

    /// Facts from documents and recorded events.
    public init() {}

    /// What is recorded under `names`.
    public func facts(
        _ names: [String], known: ValueMap, of run: RunRecord, in reader: any StoreReader
    ) throws -> ValueMap {
        var facts = ValueMap()
        var missing = Set(names)
        if missing.contains("ticket"), let id = known["ticket"]?["id"]?.string,
            var ticket = try document(id, in: reader)
        {
            for field in KnownFacts.notFields { ticket[field] = nil }
            ticket["id"] = .string(id)
            let bound = EventCatalog.standard.bound(["ticket": .map(ticket)], ofType: "ticket.created")
            facts["ticket"] = bound["ticket"] ?? .map(ticket)
            missing.remove("ticket")
        }
        guard !missing.isEmpty, let subject = run.subject else { return facts }
        for record in try reader.events(ofSubject: subject, before: nil, limit: KnownFacts.events) {
            guard !missing.isEmpty else { break }
            let given = Dispatcher.names(of: record)
            for name in missing.sorted() {
                // Another ticket or incident may have the same subject.
                guard let value = given[name], !value.isNull, value["id"] == known[name]?["id"] else { continue }
                facts[name] = value
                missing.remove(name)
            }
        }
        return facts
    }

    /// The ticket as the ticket plugin keeps it; nil without that plugin.
    private func document(_ id: String, in reader: any StoreReader) throws -> ValueMap? {
        do {
            return try reader.documents.document(id, in: "ticket.tickets")
        } catch let error as StoreError where error.code == .misuse {
            return nil
        }
    }
}
