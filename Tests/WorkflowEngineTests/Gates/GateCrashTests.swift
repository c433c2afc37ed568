import RunStore
import Testing
import WorkflowEngine
import WorkflowModel
import WorkflowTesting

/// The engine dies at every point around every commit while runs wait for each other, replace each other and are collected.
@Suite("Gates and crashes", .timeLimit(.minutes(3)))
struct GateCrashTests {
    enum Case: String, CaseIterable, Sendable {
        case wait, replace, collect

        var gates: String {
            switch self {
            case .wait: "concurrency: { if_busy: wait }"
            case .replace: "concurrency: { if_busy: replace }"
            case .collect: "collect_for: 1m\nconcurrency: { if_busy: wait }"
            }
        }

        var steps: String {
            """
            [{ id: a, uses: test.put, with: { value: 1 } }, { wait: \(self == .replace ? "20h" : "10m") },
             { id: b, uses: test.put, with: { value: 2 } }, { id: c, uses: test.keep }]
            """
        }
    }

    /// Plays three events for one subject, dying at the nth point; false when there is no nth point.
    func play(_ test: Case, _ kind: GateStore, dyingAt number: Int) async throws -> Bool {
        var died = false
        try await kind.use { store in
            let fixture = try EngineFixture(gated(test.gates, steps: test.steps), store: store)
            let plan = FaultPlan(at: number)
            let doomed = try await fixture.open(faults: plan)
            let events = (1...3).map { update($0) }
            do {
                for event in events {
                    _ = try await doomed.emit([event])
                    await doomed.idle()
                }
                // Not so long that a run that is to be replaced could end by itself.
                try await fixture.runThrough(doomed, limit: test == .replace ? 20 : 1000)
            } catch is FaultPlan.Death {}
            await doomed.idle()
            try await fixture.expectLimit(1)
            let engine = try await fixture.open()
            try await engine.recover()
            await engine.idle()
            try await fixture.expectLimit(1)
            for event in events {
                _ = try await engine.emit([event])
                await engine.idle()
                try await fixture.expectLimit(1)
            }
            try await fixture.runThrough(engine)
            let context: Comment = "\(test), \(kind), point \(number): \(plan.deadAt?.rawValue ?? "none")"
            let runs = try await fixture.runs()
            #expect(runs.allSatisfy { $0.state.isFinal }, context)
            switch test {
            case .wait: #expect(runs.map(\.state) == [.succeeded, .succeeded, .succeeded], context)
            case .replace:
                #expect(runs.map(\.state) == [.cancelled, .cancelled, .succeeded], context)
            case .collect: #expect(runs.map(\.state) == [.succeeded], context)
            }
            // The steps of one run, then those of the next: never two at work for one subject.
            var order: [String] = []
            for call in fixture.plugin.calls() {
                let run = call.names["run"]?["id"]?.string ?? ""
                if order.last != run { order.append(run) }
            }
            #expect(Set(order).count == order.count, context)
            #expect(try await engine.nextTimer() == nil, context)
            died = plan.deadAt != nil
        }
        return died
    }

    @Test(
        "whatever the moment, the limit holds and nobody waits for ever", arguments: Case.allCases, GateStore.allCases)
    func crashes(_ test: Case, _ kind: GateStore) async throws {
        var number = 1
        while try await play(test, kind, dyingAt: number) { number += 1 }
        #expect(number > 5, "there are points to die at")
    }
}
