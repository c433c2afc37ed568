import PluginKit
import RunStore
import WorkflowModel

extension RunStoreConformance {
    static let runCases: [Case] = [
        Case("a run comes back as it was stored") { store in
            var run = Sample.run(1, kind: .manual, event: 3, subject: "ticket:1", state: .failed)
            run.startedAt = Sample.at(1)
            run.endedAt = Timestamp(seconds: 5, nanoseconds: 1)
            run.wakesAt = Sample.at(9)
            run.failure = Failure(
                code: "smtp_refused", message: "no", kind: .rateLimited(retryAfter: .seconds(3)), step: "send",
                place: SourcePlace(file: "a.yaml", line: 3, column: 4))
            run.outputs = ["total": .uint(7)]
            run.requestedBy = "user@example.com"
            run.inputs = ["name": "x"]
            run.depth = 2
            run.entries = 12
            run.lease = 4
            let stored = run
            try await store.write { try $0.insertRun(stored) }
            try expectEqual(try await store.read(view: { try $0.run(stored.id) }), run)
            try expectEqual(try await store.read(view: { try $0.run(Sample.id(9)) }), nil)
        },
        Case("a run is inserted once, and updated only when it is there") { store in
            try await store.write { try $0.insertRun(Sample.run(1)) }
            try await expectRefusal(.misuse) { try await store.write { try $0.insertRun(Sample.run(1)) } }
            try await expectRefusal(.misuse) { try await store.write { try $0.updateRun(Sample.run(2)) } }
            try await expectRefusal(.misuse) {
                try await store.write { try $0.updateRun(Sample.run(1, playbook: "other")) }
            }
            try await store.write { transaction in
                var run = Sample.run(1, state: .waiting)
                run.wakesAt = Sample.at(4)
                run.lease = 2
                run.entries = 3
                try transaction.updateRun(run)
            }
            let run = try await store.read(view: { try $0.run(Sample.id(1)) })
            try expectEqual(run?.state, .waiting)
            try expectEqual(run?.wakesAt, Sample.at(4))
            try expectEqual(run?.lease, 2)
            try expectEqual(run?.entries, 3)
        },
        Case("runs are listed newest first by each condition") { store in
            try await store.write { transaction in
                try transaction.insertRun(Sample.run(1, event: 1, subject: "s1"))
                try transaction.insertRun(Sample.run(2, playbook: "other", kind: .shadow, event: 1, state: .succeeded))
                try transaction.insertRun(Sample.run(3, event: 2, subject: "s1", state: .failed))
                try transaction.insertRun(Sample.run(4, kind: .manual, state: .needsAttention))
            }
            let lists: [(RunQuery, [Int])] = [
                (RunQuery(), [4, 3, 2, 1]), (RunQuery(limit: 2), [4, 3]),
                (RunQuery(before: Sample.id(3)), [2, 1]), (RunQuery(playbook: "greet"), [4, 3, 1]),
                (RunQuery(states: [.failed, .succeeded]), [3, 2]), (RunQuery(states: []), []),
                (RunQuery(subject: "s1"), [3, 1]), (RunQuery(event: 1), [2, 1]),
                (RunQuery(kinds: [.shadow, .manual]), [4, 2]), (RunQuery(since: Sample.at(3)), [4, 3]),
                (RunQuery(playbook: "greet", subject: "s1", before: Sample.id(2)), [1]),
            ]
            for (query, expected) in lists {
                let found = try await store.read(view: { try $0.runs(query) })
                try expectEqual(found.map(\.id), expected.map(Sample.id))
            }
            for limit in [0, 1001] {
                try await expectRefusal(.misuse) {
                    _ = try await store.read(view: { try $0.runs(RunQuery(limit: limit)) })
                }
            }
        },
        Case("runs are found by the beginning of their id") { store in
            let ids = ["run_01abc", "run_01abd", "run_02aaa"]
            try await store.write { transaction in
                for id in ids {
                    try transaction.insertRun(
                        RunRecord(
                            id: RunID(id), playbook: "p", kind: .live, bundle: "b", event: nil, subject: nil,
                            createdAt: Sample.start))
                }
            }
            let lists: [(String, Int, [String])] = [
                ("run_01", 10, ["run_01abd", "run_01abc"]), ("run_01abc", 10, ["run_01abc"]),
                ("run_", 2, ["run_02aaa", "run_01abd"]),
                ("run_3", 10, []), ("run_01%", 10, []),
            ]
            for (prefix, limit, expected) in lists {
                let found = try await store.read(view: { try $0.runs(withPrefix: prefix, limit: limit) })
                try expectEqual(found.map(\.id.text), expected)
            }
        },
        Case("runnable are open runs that nobody of this generation has, and waiting runs that are due") { store in
            try await store.write { transaction in
                for (number, state) in RunState.allCases.enumerated() {
                    try transaction.insertRun(Sample.run(number, state: state))
                }
                var mine = Sample.run(20, state: .running)
                mine.lease = 5
                try transaction.insertRun(mine)
                var lost = Sample.run(21, state: .running)
                lost.lease = 4
                try transaction.insertRun(lost)
                for (number, wakes) in [(22, 10), (23, 11)] {
                    var waiting = Sample.run(number, state: .waiting)
                    waiting.wakesAt = Sample.at(Int64(wakes))
                    waiting.lease = 5
                    try transaction.insertRun(waiting)
                }
            }
            let found = try await store.read(view: { try $0.runnable(generation: 5, now: Sample.at(10), limit: 10) })
            let states = RunState.allCases
            let open = [RunState.queued, .running, .stopping].compactMap { states.firstIndex(of: $0) }
            try expectEqual(found, (open.sorted() + [21, 22]).map(Sample.id))
            let first = try await store.read(view: { try $0.runnable(generation: 5, now: Sample.at(10), limit: 1) })
            try expectEqual(first, [Sample.id(0)])
            try await store.write { try $0.updateRun(Sample.run(21, state: .succeeded)) }
            let later = try await store.read(view: { try $0.runnable(generation: 5, now: Sample.at(9), limit: 10) })
            try expectEqual(later, open.sorted().map(Sample.id))
        },
        Case("runs are counted by state") { store in
            try expectEqual(try await store.read(view: { try $0.runCounts() }), [:])
            try await store.write { transaction in
                try transaction.insertRun(Sample.run(1))
                try transaction.insertRun(Sample.run(2))
                try transaction.insertRun(Sample.run(3, state: .needsAttention))
            }
            try expectEqual(try await store.read(view: { try $0.runCounts() }), [.queued: 2, .needsAttention: 1])
        },
        Case("each executor has the next generation") { store in
            try expectEqual(try await store.read(view: { try $0.executorGeneration() }), 0)
            try expectEqual(try await store.write { try $0.beginExecutor() }, 1)
            try expectEqual(try await store.write { try $0.beginExecutor() }, 2)
            try expectEqual(try await store.read(view: { try $0.executorGeneration() }), 2)
        },
    ]

    static let journalCases: [Case] = [
        Case("a journal comes back in order, from any entry on") { store in
            try await store.write { transaction in
                try transaction.insertRun(Sample.run(1))
                try transaction.append([Sample.entry(1), Sample.entry(2)], to: Sample.id(1))
                try transaction.append([], to: Sample.id(1))
                try transaction.append([Sample.entry(3)], to: Sample.id(1))
            }
            let all = try await store.read(view: { try $0.journal(of: Sample.id(1), after: 0) })
            try expectEqual(all, [Sample.entry(1), Sample.entry(2), Sample.entry(3)])
            let rest = try await store.read(view: { try $0.journal(of: Sample.id(1), after: 2) })
            try expectEqual(rest.map(\.sequence), [3])
            try expectEqual(try await store.read(view: { try $0.journal(of: Sample.id(2), after: 0) }), [])
        },
        Case("journal entries must follow those stored, in a run that is there") { store in
            try await store.write { transaction in
                try transaction.insertRun(Sample.run(1))
                try transaction.append([Sample.entry(1)], to: Sample.id(1))
            }
            for wrong in [[3], [1], [2, 4], [2, 2], [0]] {
                try await expectRefusal(.misuse) {
                    try await store.write { try $0.append(wrong.map { Sample.entry($0) }, to: Sample.id(1)) }
                }
            }
            try await expectRefusal(.misuse) {
                try await store.write { try $0.append([Sample.entry(1)], to: Sample.id(2)) }
            }
            let all = try await store.read(view: { try $0.journal(of: Sample.id(1), after: 0) })
            try expectEqual(all.map(\.sequence), [1])
        },
    ]
}
