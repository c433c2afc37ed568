import InMemoryRunStore
import RunStore
import WorkflowEngine
import WorkflowModel

/// What must be true of runs that steps have called, when all is over.
struct CallCheck {
    let scenario: Scenario
    let runs: [RunRecord]

    func check() {
        let world = scenario.world
        var byID: [RunID: RunRecord] = [:]
        for run in runs { byID[run.id] = run }
        for run in runs {
            do {
                let journal = try scenario.store.withReader { try $0.journal(of: run.id, after: 0) }
                for entry in journal where entry.kind == "called" || entry.kind == "returned" {
                    guard let called = entry.body["run"]?.string.flatMap({ byID[RunID($0)] }) else {
                        world.broken("\(run.id) has \(entry.kind) a run that is not there at \(entry.step ?? "")")
                        continue
                    }
                    if called.parent != run.id || called.parentStep != entry.step {
                        world.broken("\(called.id) is \(entry.kind) by \(run.id) and has another caller")
                    }
                    if entry.kind == "returned", entry.body["state"]?.string != called.state.rawValue {
                        world.broken("\(called.id) is \(called.state) and returned \(entry.body["state"] ?? .null)")
                    }
                    if entry.kind == "returned", let end = called.endedAt, !scenario.hasJumped, entry.at < end {
                        world.broken("\(called.id) returned before its end")
                    }
                }
                guard let parent = run.parent, let step = run.parentStep else { continue }
                let calls = try scenario.store.withReader { try $0.journal(of: parent, after: 0) }
                    .filter { $0.kind == "called" && $0.step == step }
                if calls.compactMap({ $0.body["run"]?.string }) != [run.id.text] {
                    world.broken("\(run.id) should be the only run that \(parent) calls at \(step)")
                }
            } catch {
                world.broken("called runs cannot be looked at: \(error)")
            }
        }
    }
}
