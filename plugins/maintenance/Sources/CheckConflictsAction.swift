import PluginKit
import WorkflowModel

/// `maintenance.check_conflicts`: what stands against a window, and the next time that is free.
struct CheckConflictsAction: ReadAction {
    func run(_ input: ActionInput, in context: ReadContext) async throws -> Value {
        let directory = context.action.workspace.directory
        let times = try WindowTimes(input)
        let scope = try ServiceScope(try input.texts("services"), in: directory)
        let kind = try input.optionalText("kind").flatMap(Window.Kind.init(rawValue:)) ?? .normal
        let owner = try input.optionalText("owner")
        let own = try input.optionalText("window")
        let zone = directory.zone
        let check = try await context.documents.read { reader in
            try ConflictCheck(
                scope, kind: kind, owner: owner, ownID: own, from: times.start, zone: zone, in: reader)
        }
        let conflicts = check.conflicts(from: times.start, until: times.end)
        return [
            "blocked": .bool(conflicts.contains { $0.severity == .block }),
            "conflicts": .list(conflicts.map(\.value)),
            "next_free": check.nextFreeValue(from: times.start, lasting: times.end - times.start),
        ]
    }
}
