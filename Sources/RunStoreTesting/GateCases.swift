import PluginKit
import RunStore
import WorkflowModel

extension RunStoreConformance {
    static let gateCases: [Case] = [
        Case("what a gate remembers is replaced, removed, and listed by playbook and key") { store in
            @Sendable func row(_ playbook: String, _ key: String, _ body: Value = 1, until: Int64? = nil) -> GateRecord
            {
                GateRecord(
                    playbook: playbook, gate: "throttle", key: key, body: body, until: until.map { Sample.at($0) })
            }
            @Sendable func found(_ playbook: String?, limit: Int = 100) async throws -> [GateRecord] {
                try await store.read(view: { try $0.gates(playbook: playbook, gate: "throttle", limit: limit) })
            }
            try await store.write { transaction in
                for gate in [row("q", "k"), row("p", "e\u{301}"), row("p", "\u{e9}"), row("p", "k", until: 5)] {
                    try transaction.setGate(gate)
                }
                try transaction.setGate(GateRecord(playbook: "p", gate: "repeats", key: "k", body: nil))
                try transaction.setGate(row("q", "k", ["at": .timestamp(Sample.at(1))], until: 9))
            }
            let newer = row("q", "k", ["at": .timestamp(Sample.at(1))], until: 9)
            try expectEqual(
                try await found(nil), [row("p", "e\u{301}"), row("p", "k", until: 5), row("p", "\u{e9}"), newer])
            try expectEqual(try await found("q"), [newer])
            try expectEqual(try await found(nil, limit: 1).count, 1)
            try expectEqual(try await found("r"), [])
            @Sendable func gate(_ gate: String, _ key: String) async throws -> GateRecord? {
                try await store.read(view: { try $0.gate(playbook: "p", gate: gate, key: key) })
            }
            try expectEqual(try await gate("throttle", "k"), row("p", "k", until: 5))
            try expectEqual(try await gate("repeats", "k")?.body, .null)
            try expectEqual(try await gate("pause", "k"), nil)
            try await store.write { transaction in
                try transaction.removeGate(playbook: "p", gate: "throttle", key: "k")
                try transaction.removeGate(playbook: "p", gate: "throttle", key: "never set")
            }
            try expectEqual(try await gate("throttle", "k"), nil)
            try expect(try await gate("repeats", "k") != nil, "another gate's memory stays")
            try await expectRefusal(.misuse) { _ = try await found(nil, limit: 0) }
        },
        Case("what a gate remembered is pruned once it is good for nothing") { store in
            try await store.write { transaction in
                for (number, until) in ([1, 2, nil, 100] as [Int64?]).enumerated() {
                    try transaction.setGate(
                        GateRecord(
                            playbook: "p", gate: "repeats", key: "\(number)", body: 1,
                            until: until.map { Sample.at($0) }))
                }
            }
            let bounds = PruneBounds(
                runsEndedBefore: .earliest, eventsBefore: .earliest, identitiesBefore: .earliest,
                gatesBefore: Sample.at(100))
            try expectEqual(try await store.read(view: { try $0.prunable(bounds).gates }), 2)
            try expectEqual(try await store.write { try $0.prune(bounds, limit: 1).gates }, 1)
            let keys = {
                try await store.read(view: { try $0.gates(playbook: "p", gate: "repeats", limit: 9).map(\.key) })
            }
            try expectEqual(try await keys(), ["1", "2", "3"])
            try expectEqual(try await store.write { try $0.prune(bounds, limit: 9).gates }, 1)
            try expectEqual(try await keys(), ["2", "3"])
            try expect(try await store.write { try $0.prune(bounds, limit: 9) }.isEmpty, "nothing more is old")
        },
        Case("timers of gates and schedules come beside the others, and are removed by their purpose") { store in
            let purposes: [TimerRecord.Purpose] = [
                .run(Sample.id(1), name: "p"), .event(plugin: "p", key: "p", Sample.draft("p")),
                .gate(playbook: "p", gate: "throttle", key: "a/b"), .gate(playbook: "p", gate: "throttle", key: ""),
                .schedule(playbook: "p", trigger: 0), .schedule(playbook: "p", trigger: 11),
            ]
            try await store.write { transaction in
                for purpose in purposes {
                    try transaction.setTimer(TimerRecord(due: Sample.at(9), purpose: purpose))
                    try transaction.setTimer(TimerRecord(due: Sample.at(1), purpose: purpose))
                }
            }
            let due = { try await store.read(view: { try $0.timers(dueBy: Sample.at(9), limit: 99).map(\.purpose) }) }
            let sorted = [purposes[0], purposes[1], purposes[3], purposes[2], purposes[4], purposes[5]]
            try expectEqual(try await due(), sorted)
            for (number, purpose) in sorted.enumerated() {
                try await store.write { try $0.removeTimer(purpose) }
                try await store.write { try $0.removeTimer(purpose) }
                try expectEqual(try await due(), Array(sorted[(number + 1)...]))
            }
        },
        Case("a subscription to any subject is found by each event of its type") { store in
            let (any, one) = (
                SubscriptionRecord(run: Sample.id(2), step: "s", type: "a", subject: SubscriptionRecord.anySubject),
                SubscriptionRecord(run: Sample.id(1), step: "s", type: "a", subject: "ticket:1")
            )
            try await store.write { transaction in
                try transaction.subscribe(any)
                try transaction.subscribe(one)
            }
            let lists: [(String, String, [SubscriptionRecord])] = [
                ("a", "ticket:1", [one, any]), ("a", "ticket:2", [any]), ("a", "*", [any]), ("b", "ticket:1", []),
            ]
            for (type, subject, expected) in lists {
                let found = try await store.read(view: { try $0.subscriptions(toType: type, ofSubject: subject) })
                try expectEqual(found, expected)
            }
            try await store.write { try $0.unsubscribe(run: Sample.id(2), step: "s") }
            try expectEqual(try await store.read(view: { try $0.subscriptions(toType: "a", ofSubject: "x") }), [])
        },
    ]

    static let slotCases: [Case] = [
        Case("a run keeps its slot, its caller and its origin") { store in
            var called = Sample.run(1)
            (called.slot, called.isHeld) = ("greet/ticket:1", true)
            (called.parent, called.parentStep, called.callDepth) = (Sample.id(9), "steps[2]", 3)
            called.origin = .retry(of: Sample.id(8), from: "send")
            var again = Sample.run(2)
            again.origin = .replay(of: Sample.id(8))
            let (first, second) = (called, again)
            try await store.write { transaction in
                try transaction.insertRun(first)
                try transaction.insertRun(second)
            }
            try expectEqual(try await store.read(view: { try $0.run(first.id) }), first)
            try expectEqual(try await store.read(view: { try $0.run(second.id) }), second)
            let lists: [(RunQuery, [Int])] = [
                (RunQuery(parent: Sample.id(9)), [1]), (RunQuery(parent: Sample.id(8)), []),
                (RunQuery(origin: Sample.id(8)), [2, 1]), (RunQuery(origin: Sample.id(9)), []),
                (RunQuery(states: [.queued], parent: Sample.id(9), origin: Sample.id(8)), [1]),
            ]
            for (query, expected) in lists {
                try expectEqual(
                    try await store.read(view: { try $0.runs(query).map(\.id) }), expected.map { Sample.id($0) })
            }
            try await store.write { transaction in
                var changed = Sample.run(1, state: .running)
                changed.slot = "greet/other"
                try transaction.updateRun(changed)
            }
            let now = try await store.read(view: { try $0.run(first.id) })
            try expectEqual(now?.slot, "greet/other")
            try expectEqual(now?.isHeld, false)
            try expectEqual(now?.parent, first.parent)
            try expectEqual(now?.parentStep, first.parentStep)
            try expectEqual(now?.callDepth, 3)
            try expectEqual(now?.origin, first.origin)
        },
        Case("a slot tells how many hold it, and who waits for it in the order in which they came") { store in
            try await store.write { transaction in
                // Made at one moment: the order of the ids is not that of the events.
                for (number, event) in [(1, nil), (2, 9), (3, 7), (4, 8), (5, nil), (6, 1)] as [(Int, Int64?)] {
                    var run = Sample.run(number, state: number == 6 ? .failed : number == 1 ? .waiting : .queued)
                    run.event = event
                    run.createdAt = Sample.at(5)
                    run.slot = "greet/1"
                    run.isHeld = number > 1 && number < 6
                    try transaction.insertRun(run)
                }
            }
            let use = try await store.read(view: { try $0.use(ofSlot: "greet/1") })
            try expectEqual(use.working, 1)
            try expectEqual(use.waiting, 4)
            try expectEqual(use.oldest, Sample.id(1))
            let held = { (limit: Int) in
                try await store.read(view: { try $0.held(inSlot: "greet/1", limit: limit).map(\.id) })
            }
            try expectEqual(try await held(99), [3, 4, 2, 5].map { Sample.id($0) })
            try expectEqual(try await held(2), [3, 4].map { Sample.id($0) })
            try expectEqual(try await store.read(view: { try $0.use(ofSlot: "greet/2") }), SlotUse())
        },
        Case("a slot has the runs that have not ended, oldest first") { store in
            let slot = { (limit: Int) in
                try await store.read(view: { try $0.runs(inSlot: "greet/1", limit: limit).map(\.id) })
            }
            try await store.write { transaction in
                for (number, state) in RunState.allCases.enumerated().reversed() {
                    var run = Sample.run(number, state: state)
                    run.slot = "greet/1"
                    try transaction.insertRun(run)
                    run.id = Sample.id(number + 20)
                    run.slot = number % 2 == 0 ? "greet/2" : nil
                    try transaction.insertRun(run)
                }
            }
            let open = RunState.allCases.enumerated().filter { !$0.element.isFinal }.map { Sample.id($0.offset) }
            try expectEqual(try await slot(99), open)
            try expectEqual(try await slot(1), [open[0]])
            try await store.write { transaction in
                guard var run = try transaction.run(open[0]) else { return }
                run.state = .failed
                try transaction.updateRun(run)
            }
            try expectEqual(try await slot(99), Array(open.dropFirst()))
            do {
                try await store.write { transaction in
                    guard var run = try transaction.run(open[1]) else { return }
                    run.state = .cancelled
                    try transaction.updateRun(run)
                    throw Refusal()
                }
            } catch is Refusal {}
            try expectEqual(try await slot(99), Array(open.dropFirst()))
            try await expectRefusal(.misuse) { _ = try await slot(0) }
        },
        Case("a held run is not runnable until it is let go") { store in
            var held = Sample.run(1)
            held.isHeld = true
            var waiting = Sample.run(2, state: .waiting)
            (waiting.isHeld, waiting.wakesAt) = (true, Sample.at(1))
            let runs = [held, waiting]
            try await store.write { transaction in for run in runs { try transaction.insertRun(run) } }
            let runnable = {
                try await store.read(view: { try $0.runnable(generation: 1, now: Sample.at(5), limit: 9) })
            }
            try expectEqual(try await runnable(), [])
            _ = try await store.write { try $0.beginExecutor() }
            try expectEqual(try await store.write { try $0.claim(Sample.id(1), generation: 1) }, false)
            try await store.write { transaction in
                for var run in runs {
                    run.isHeld = false
                    try transaction.updateRun(run)
                }
            }
            try expectEqual(try await runnable(), [Sample.id(1), Sample.id(2)])
        },
    ]
}
