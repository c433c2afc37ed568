import ArgumentParser
import RunStore
import SQLiteRunStore
import WorkflowEngine
import WorkflowModel
import Workspaces

/// `signalbox prune`: deletes what is older than the workspace keeps things.
struct PruneCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prune", abstract: "Delete runs and events that are older than the workspace keeps them.",
        discussion: """
            `retention` in signalbox.yaml says how long: `runs` (90d) for ended runs with their journals and for events that no run \
            refers to, `events` (365d) for the identities of events. The ledger of writes is kept. `signalbox serve` does the same \
            every hour.
            """)

    @Flag(help: "Only say how much would be deleted.")
    var dryRun = false

    @OptionGroup var place: WorkspaceOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let open = try OpenWorkspace.load(place.workspace)
        let store = try StateFolder(place.stateFolder).openExisting(open.collections)
        let retention = open.retention
        let pruner = Pruner(store: store, retention: retention)
        let count: PruneCount
        do {
            count = dryRun ? try await pruner.preview() : try await pruner.prune()
        } catch {
            await store.close()
            throw Executor.readable(error)
        }
        await store.close()
        let console = output.console
        console.line(dryRun ? "would delete:" : "deleted:")
        var table = TextTable()
        let age = DurationText.forPeople(retention.runs)
        table.add(["\(count.runs)", "runs that ended more than \(age) ago, with \(count.entries) entries of journals"])
        table.add([
            "\(count.events)", "events that came before that and no run refers to, with \(count.matches) matches",
        ])
        table.add([
            "\(count.identities)",
            "identities of events from more than \(DurationText.forPeople(retention.identities)) ago",
        ])
        table.add(["\(count.requests)", "answered requests of other commands"])
        table.add(["\(count.generations)", "sets of playbooks that no event needs any more"])
        table.add(["\(count.bundles)", "versions of playbooks that no run and no set needs any more"])
        for line in table.lines(indent: 2) { console.line(line) }
        var json = count.value.map ?? ValueMap()
        json["dry_run"] = .bool(dryRun)
        console.json(.map(json))
    }
}

extension OpenWorkspace {
    /// How long the workspace keeps things.
    var retention: Retention {
        Retention(runs: workspace.settings.retention.runs, identities: workspace.settings.retention.events)
    }
}

extension PruneCount {
    /// `3 runs, 7 events, 0 identities`.
    var forPeople: String { "\(runs) runs, \(events) events, \(identities) identities" }

    /// The numbers as JSON.
    var value: Value {
        [
            "runs": .int(Int64(runs)), "entries": .int(Int64(entries)), "events": .int(Int64(events)),
            "matches": .int(Int64(matches)), "identities": .int(Int64(identities)), "requests": .int(Int64(requests)),
            "asks": .int(Int64(asks)), "gates": .int(Int64(gates)), "generations": .int(Int64(generations)),
            "bundles": .int(Int64(bundles)),
        ]
    }
}
