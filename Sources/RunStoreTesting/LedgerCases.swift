import PluginKit
import RunStore
import WorkflowModel

extension RunStoreConformance {
    static let timerCases: [Case] = [
        Case("timers come when they are due, earliest first") { store in
            let timers = [
                TimerRecord(due: Sample.at(30), purpose: .run(Sample.id(1), name: "timeout")),
                TimerRecord(due: Sample.at(10), purpose: .event(plugin: "ticket", key: "k", Sample.draft("k"))),
                TimerRecord(
                    due: Timestamp(seconds: Sample.at(10).seconds, nanoseconds: 1),
                    purpose: .run(Sample.id(2), name: "wait")),
            ]
            try expectEqual(try await store.read(view: { try $0.nextTimer() }), nil)
            try await store.write { transaction in for timer in timers { try transaction.setTimer(timer) } }
            try expectEqual(try await store.read(view: { try $0.nextTimer() }), Sample.at(10))
            let exact = try await store.read(view: { try $0.timers(dueBy: Sample.at(10), limit: 9) })
            try expectEqual(exact, [timers[1]])
            let all = try await store.read(view: { try $0.timers(dueBy: Sample.at(99), limit: 9) })
            try expectEqual(all, [timers[1], timers[2], timers[0]])
            let two = try await store.read(view: { try $0.timers(dueBy: Sample.at(99), limit: 2) })
            try expectEqual(two.count, 2)
            try expectEqual(try await store.read(view: { try $0.timers(dueBy: Sample.at(9), limit: 9) }), [])
        },
        Case("a transaction tells whether it has set a timer, also through a plugin") { store in
            let told = try await store.write { transaction in
                var told = [transaction.hasSetTimers]
                try transaction.pluginStore(of: "ticket").cancelTimer("k")
                told.append(transaction.hasSetTimers)
                try transaction.pluginStore(of: "ticket").setTimer("k", due: Sample.at(1), emitting: Sample.draft("a"))
                return told + [transaction.hasSetTimers]
            }
            try expectEqual(told, [false, false, true])
            try expectEqual(try await store.write { $0.hasSetTimers }, false)
        },
        Case("a timer with the same purpose is replaced, and one can be removed") { store in
            let run = Sample.id(1)
            try await store.write { transaction in
                try transaction.setTimer(TimerRecord(due: Sample.at(1), purpose: .run(run, name: "a")))
                try transaction.setTimer(TimerRecord(due: Sample.at(5), purpose: .run(run, name: "a")))
                try transaction.setTimer(TimerRecord(due: Sample.at(3), purpose: .run(run, name: "b")))
                try transaction.setTimer(TimerRecord(due: Sample.at(4), purpose: .run(Sample.id(2), name: "b")))
                let store = transaction.pluginStore(of: "ticket")
                try store.setTimer("a", due: Sample.at(9), emitting: Sample.draft("x"))
                try store.setTimer("a", due: Sample.at(2), emitting: Sample.draft("y"))
                try transaction.pluginStore(of: "route").setTimer("a", due: Sample.at(7), emitting: Sample.draft("z"))
            }
            let due = { try await store.read(view: { try $0.timers(dueBy: Sample.at(99), limit: 9).map(\.due) }) }
            try expectEqual(try await due(), [2, 3, 4, 5, 7].map(Sample.at))
            try await store.write { transaction in
                try transaction.removeTimer(run: run, name: "b")
                try transaction.removeTimer(run: run, name: "never set")
                try transaction.pluginStore(of: "ticket").cancelTimer("a")
            }
            try expectEqual(try await due(), [4, 5, 7].map(Sample.at))
            try await store.write { transaction in
                try transaction.setTimer(TimerRecord(due: Sample.at(6), purpose: .run(run, name: "c")))
                try transaction.removeTimers(of: run)
                try transaction.removeTimer(plugin: "route", key: "a")
            }
            try expectEqual(try await due(), [4].map(Sample.at))
        },
    ]

    static let ledgerCases: [Case] = [
        Case("a write is in the ledger under its key, in the order of the intents") { store in
            try await store.write { transaction in
                for (key, run) in [("k1", 1), ("k2", 2), ("k3", 1)] {
                    try transaction.putEffect(Sample.effect(key, run: run))
                }
            }
            var settled = Sample.effect("k1")
            settled.state = .uncertain
            settled.attempts = 2
            settled.settledAt = Sample.at(3)
            settled.mayBeDuplicate = true
            settled.sent = ["key": .secret(SecretText([.plain("Bearer "), .reference("TOKEN")]))]
            let row = settled
            try await store.write { try $0.putEffect(row) }
            try expectEqual(try await store.read(view: { try $0.effect("k1") }), settled)
            try expectEqual(try await store.read(view: { try $0.effect("k9") }), nil)
            try await expectRefusal(.misuse) { try await store.write { try $0.putEffect(Sample.effect("k1", run: 2)) } }
            let mine = try await store.read(view: { try $0.effects(of: Sample.id(1), limit: 9) })
            try expectEqual(mine.map(\.key), ["k1", "k3"])
            let all = try await store.read(view: { try $0.effects(of: nil, limit: 2) })
            try expectEqual(all.map(\.key), ["k3", "k2"])
        },
        Case("requests wait, oldest first, until they are answered") { store in
            let request = RequestRecord(
                kind: "cancel", body: ["run": "run_1"], by: "user@example.com", at: Sample.start)
            let ids = try await store.write { transaction in
                [try transaction.insertRequest(request), try transaction.insertRequest(request)]
            }
            try expectEqual(ids, [1, 2])
            let open = try await store.read(view: { try $0.openRequests(limit: 9) })
            try expectEqual(open.map(\.id), [1, 2])
            try expectEqual(open.first?.body, request.body)
            try await store.write { try $0.answerRequest(1, ["ok": true]) }
            try expectEqual(try await store.read(view: { try $0.openRequests(limit: 9) }).map(\.id), [2])
            var answered = request
            answered.id = 1
            answered.answer = ["ok": true]
            try expectEqual(try await store.read(view: { try $0.request(1) }), answered)
            try expectEqual(try await store.read(view: { try $0.request(7) }), nil)
            try await expectRefusal(.misuse) { try await store.write { try $0.answerRequest(7, nil) } }
        },
        Case("a request is found by its key, which no second one has") { store in
            var request = RequestRecord(
                kind: "cancel", body: ["run": "run_1"], by: "user@example.com", at: Sample.start, key: "ops/1")
            let first = request
            try expectEqual(try await store.write { try $0.insertRequest(first) }, 1)
            try await expectRefusal(.misuse) { _ = try await store.write { try $0.insertRequest(first) } }
            request.key = nil
            let other = request
            try expectEqual(try await store.write { try $0.insertRequest(other) }, 2)
            try expectEqual(try await store.write { try $0.insertRequest(other) }, 3)
            try expectEqual(try await store.read(view: { try $0.request(withKey: "ops/1") })?.id, 1)
            try expectEqual(try await store.read(view: { try $0.request(withKey: "ops/2") }), nil)
            try await store.write { try $0.answerRequest(1, ["ok": true]) }
            try expectEqual(try await store.read(view: { try $0.request(withKey: "ops/1") })?.answer, ["ok": true])
        },
        Case("writes are listed page by page, newest intents first, also while new ones come") { store in
            try await store.write { transaction in
                for number in 1...5 { try transaction.putEffect(Sample.effect("k\(number)")) }
            }
            let first = try await store.read(view: { try $0.effects(EffectQuery(limit: 2)) })
            try expectEqual(first.map(\.key), ["k5", "k4"])
            try await store.write { try $0.putEffect(Sample.effect("k6")) }
            let second = try await store.read(view: { try $0.effects(EffectQuery(before: "k4", limit: 2)) })
            try expectEqual(second.map(\.key), ["k3", "k2"])
            try expectEqual(try await store.read(view: { try $0.effects(EffectQuery(before: "k1")) }), [])
            try expectEqual(try await store.read(view: { try $0.effects(EffectQuery(before: "none")) }), [])
        },
    ]

    static let activeSetCases: [Case] = [
        Case("generations are numbered from 1 and keep their members") { store in
            try expectEqual(try await store.read(view: { try $0.generation(nil) }), nil)
            let members = Workflow.Mode.allCases.map {
                GenerationRecord.Member(playbook: "p-\($0)", bundle: "b", mode: $0)
            }
            let numbers = try await store.write { transaction in
                [
                    try transaction.insertGeneration(GenerationRecord(at: Sample.at(1), members: members)),
                    try transaction.insertGeneration(GenerationRecord(at: Sample.at(2), members: [])),
                ]
            }
            try expectEqual(numbers, [1, 2])
            let first = try await store.read(view: { try $0.generation(1) })
            try expectEqual(first, GenerationRecord(number: 1, at: Sample.at(1), members: members))
            try expectEqual(try await store.read(view: { try $0.generation(nil) })?.number, 2)
            try expectEqual(try await store.read(view: { try $0.generation(3) }), nil)
        },
        Case("a bundle is kept once, as it was first") { store in
            try await store.write { transaction in
                try transaction.insertBundle("h", ["a.yaml": "x"])
                try transaction.insertBundle("h", ["a.yaml": "y"])
            }
            try expectEqual(try await store.read(view: { try $0.bundle("h") }), ["a.yaml": "x"])
            try expectEqual(try await store.read(view: { try $0.bundle("i") }), nil)
        },
        Case("a step that waits for events is found by their type and subject, until it waits no more") { store in
            @Sendable func row(_ run: Int, _ step: String, _ type: String, _ subject: String = "s")
                -> SubscriptionRecord
            {
                SubscriptionRecord(run: Sample.id(run), step: step, type: type, subject: subject)
            }
            @Sendable func found(_ type: String, _ subject: String = "s") async throws -> [SubscriptionRecord] {
                try await store.read(view: { try $0.subscriptions(toType: type, ofSubject: subject) })
            }
            try await store.write { transaction in
                try transaction.subscribe(row(2, "steps[0]", "a"))
                try transaction.subscribe(row(1, "steps[1]", "a"))
                try transaction.subscribe(row(1, "steps[0]", "a"))
                try transaction.subscribe(row(1, "steps[0]", "a"))
                try transaction.subscribe(row(1, "steps[0]", "b"))
                try transaction.subscribe(row(1, "steps[0]", "a", "t"))
            }
            try expectEqual(
                try await found("a"), [row(1, "steps[0]", "a"), row(1, "steps[1]", "a"), row(2, "steps[0]", "a")])
            try expectEqual(try await found("a", "t").count, 1)
            try expectEqual(try await found("c"), [])
            try await store.write { try $0.unsubscribe(run: Sample.id(1), step: "steps[0]") }
            try expectEqual(try await found("a"), [row(1, "steps[1]", "a"), row(2, "steps[0]", "a")])
            try expectEqual(try await found("b"), [])
            try expectEqual(try await found("a", "t"), [])
            struct Undone: Error {}
            do {
                try await store.write { transaction in
                    try transaction.unsubscribe(run: Sample.id(2), step: nil)
                    try transaction.subscribe(row(3, "steps[0]", "a"))
                    throw Undone()
                }
            } catch is Undone {}
            try expectEqual(try await found("a"), [row(1, "steps[1]", "a"), row(2, "steps[0]", "a")])
            try await store.write { try $0.unsubscribe(run: Sample.id(2), step: nil) }
            try expectEqual(try await found("a"), [row(1, "steps[1]", "a")])
        },
        Case("an edge is there from when it is set until it is cleared") { store in
            let edge = EdgeRecord(playbook: "p", subject: "s", condition: "c1", since: Sample.at(1))
            let newer = EdgeRecord(playbook: "p", subject: "s", condition: "c2", since: Sample.at(2))
            let other = EdgeRecord(playbook: "q", subject: "s", condition: "c1", since: Sample.at(3))
            try await store.write { transaction in
                try transaction.setEdge(other)
                try transaction.setEdge(edge)
                try transaction.setEdge(EdgeRecord(playbook: "p", subject: "t", condition: "c", since: Sample.start))
                try transaction.setEdge(newer)
            }
            try expectEqual(try await store.read(view: { try $0.edges(ofSubject: "s") }), [newer, other])
            try await store.write { transaction in
                try transaction.clearEdge(playbook: "p", subject: "s")
                try transaction.clearEdge(playbook: "p", subject: "never set")
            }
            try expectEqual(try await store.read(view: { try $0.edges(ofSubject: "s") }), [other])
            try expectEqual(try await store.read(view: { try $0.edges(ofSubject: "t") }).count, 1)
        },
    ]
}
