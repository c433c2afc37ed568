public import PluginKit
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

/// What is recorded: what the plugin that attaches a name to events keeps under it, else the newest event of the run's subject that
/// has the name.
public struct KnownFacts: FactSource {
    /// How many events of the subject are looked at.
    static let events = 200

    private let consumers: [any EventConsumer]

    /// Facts of the plugins in `registry`, and from recorded events.
    public init(_ registry: PluginRegistry) { consumers = registry.plugins.compactMap(\.consumer) }

    /// What is recorded under `names`.
    public func facts(
        _ names: [String], known: ValueMap, of run: RunRecord, in reader: any StoreReader
    ) throws -> ValueMap {
        var facts = ValueMap()
        var missing = Set(names)
        for name in names {
            for consumer in consumers {
                let value = try consumer.facts(
                    named: name, known: known[name] ?? .null, subject: run.subject, in: reader.documents)
                guard let value, !value.isNull else { continue }
                facts[name] = value
                missing.remove(name)
                break
            }
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
}
