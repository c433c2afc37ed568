import RunStore
import WorkflowEngine
import WorkflowModel

/// People who pause playbooks, or stop everything, and let it go on.
extension Scenario {
    /// Pauses one playbook or all, waits, and lets it go on.
    func pauseAndResume() async throws {
        let playbook = script.chance(500) ? script.pick(active).workflow.id : nil
        // One pause of a kind at a time, so that it is known whose it is.
        guard !pauses.contains(where: { $0.playbook == playbook && $0.isOverAt == nil }) else { return }
        let stopsRuns = playbook == nil && script.chance(600)
        let place = pauses.count
        pauses.append(MadePause(playbook: playbook, stopsRuns: stopsRuns, askedAt: world.steady))
        world.trace("a person pauses \(playbook ?? "all")\(stopsRuns ? " and stops runs" : "")")
        do {
            guard let process = current, let engine = process.engine else { throw Died() }
            _ = try await process.perform {
                try await engine.pause(playbook, by: "lead@example.com", stopsRuns: stopsRuns)
            }
            pauses[place].holdsSince = world.steady
            world.trace("\(playbook ?? "all") is paused")
        } catch {
            world.trace("whether \(playbook ?? "all") is paused is not known: \(error)")
        }
        try await world.rest(around, script.seconds(10...2400))
        while !isEnding, pauses[place].isOverAt == nil {
            try await resume(playbook)
            if pauses[place].isOverAt == nil { try await world.rest(around, script.seconds(5...60)) }
        }
    }

    /// Lifts every pause that holds.
    func resumeAll() async throws {
        for playbook in Set(pauses.filter { $0.isOverAt == nil }.map { $0.playbook ?? "" }).sorted() {
            try await resume(playbook.isEmpty ? nil : playbook)
        }
    }

    private func resume(_ playbook: String?) async throws {
        func note(_ change: (inout MadePause) -> Void) {
            for place in pauses.indices where pauses[place].playbook == playbook && pauses[place].isOverAt == nil {
                change(&pauses[place])
            }
        }
        guard let process = current, let engine = process.engine else { return }
        note { $0.resumeAskedAt = $0.resumeAskedAt ?? world.steady }
        do {
            _ = try await process.perform { try await engine.resume(playbook, by: "lead@example.com") }
        } catch let error as EngineError where error.code == .badInput {
            // Not paused, or not any more.
        } catch {
            return world.trace("\(playbook ?? "all") may still be paused: \(error)")
        }
        note { $0.isOverAt = world.steady }
        world.trace("\(playbook ?? "all") goes on")
    }

    /// Since when all runs are stopped for certain; nil when they may go on.
    var stoppedSince: Timestamp? {
        pauses.filter { $0.stopsRuns && $0.resumeAskedAt == nil }.compactMap(\.holdsSince).min()
    }
}
