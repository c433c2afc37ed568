import RunStore
import SQLiteRunStore
import WorkflowEngine
import WorkflowModel
import YAML

extension Checkup {
    /// Whether the executor that is at work goes by the playbooks as their files are now; nil when nobody executes.
    func playbooks(_ store: SQLiteRunStore, _ open: OpenWorkspace) async throws -> Finding? {
        guard ExecutorLock.holder(of: state.path) != nil,
            let generation = try await store.read(view: { try $0.generation(nil) })
        else { return nil }
        let since = "generation \(generation.number) of \(generation.at.rfc3339)"
        if open.diagnostics.contains(where: { $0.severity == .error }) {
            return Finding(
                "playbooks", .warn, "the executor goes by \(since), and not by the files, which have mistakes",
                help: "signalbox check shows them")
        }
        let files = try ActiveSet(open.playbooks).members
        let known = Dictionary(generation.members.map { ($0.playbook, $0) }, uniquingKeysWith: { first, _ in first })
        var different = files.filter { known[$0.playbook] != $0 }.map(\.playbook)
        let present = Set(files.map(\.playbook))
        different += generation.members.map(\.playbook).filter { !present.contains($0) }
        guard let first = different.first else { return Finding("playbooks", .ok, "the executor goes by \(since)") }
        let what = different.count == 1 ? first : "\(first) and \(different.count - 1) others"
        return Finding(
            "playbooks", .warn, "the executor goes by \(since), and the files of \(what) are others",
            help: "signalbox reload has it read them")
    }
}
