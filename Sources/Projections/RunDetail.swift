import Rehearsal
public import RunMachine
public import RunStore
public import WorkflowEngine
public import WorkflowModel

/// All there is to know of one run: its row, its steps with those of the runs that it has called, its writes, its journal.
public struct RunDetail: Sendable {
    /// The most writes that are read.
    static let mostEffects = 1000

    /// The run's row.
    public var run: RunRecord
    /// The event that it serves; nil without one.
    public var event: EventRecord?
    /// Its steps, with those of the runs that it has called.
    public var tree: RunTree
    /// Its writes, in the order of their intents.
    public var effects: [EffectRecord]
    /// Its journal.
    public var journal: [JournalRecord]
    /// What it waits for before it may begin; nil when it waits for no place.
    public var heldFor: HeldFor?

    /// Reads the run `id`; nil when there is none.
    ///
    /// - Throws: ``StoreError``; ``WorkflowModel/Failure`` when the playbook with which it began cannot be read any more.
    public init?(_ id: RunID, in reader: any StoreReader) throws {
        guard let run = try reader.run(id) else { return nil }
        guard let bundle = try reader.bundle(run.bundle) else {
            throw Failure(code: "no_bundle", message: "the playbook with which \(id) began is not stored")
        }
        let journal = try reader.journal(of: id, after: 0)
        let workflow = try ActivePlaybook.stored(run.bundle, bundle).workflow
        var tree = RunTree(workflow, try RunTree.entries(journal))
        let below = try RunDetail.trees(below: id, in: reader)
        tree.attach { below[$0] }
        self.run = run
        self.tree = tree
        self.journal = journal
        event = try run.event.flatMap { try reader.event($0) }
        effects = try reader.effects(of: id, limit: RunDetail.mostEffects)
        heldFor = try HeldFor(run, in: reader)
    }

    /// The run as JSON: its row with `tree`, `effects`, and the journal if it is wanted.
    public func json(journal showsJournal: Bool) -> Value {
        var json = RunJSON.row(run).map ?? ValueMap()
        json["held_for"] = heldFor.map { .string($0.sentence) }
        json["tree"] = RunJSON.tree(tree)
        json["effects"] = .list(effects.map(EffectJSON.ofRun))
        if showsJournal { json["journal"] = .list(journal.map(RunJSON.entry)) }
        return .map(json)
    }

    /// The steps of the runs that `run` has called, each with those of its own called runs.
    private static func trees(below run: RunID, in reader: any StoreReader) throws -> [RunID: RunTree] {
        var trees: [RunID: RunTree] = [:]
        // The called ones before their callers.
        for called in try SubRuns.below(run, in: reader).reversed() {
            guard let bundle = try reader.bundle(called.bundle) else { continue }
            let workflow = try ActivePlaybook.stored(called.bundle, bundle).workflow
            var tree = RunTree(workflow, try RunTree.entries(try reader.journal(of: called.id, after: 0)))
            tree.attach { trees[$0] }
            trees[called.id] = tree
        }
        return trees
    }
}
