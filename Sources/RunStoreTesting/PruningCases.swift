import PluginKit
import RunStore
import WorkflowModel

extension RunStoreConformance {
    static let pruningCases: [Case] = [
        Case("an ended run is pruned with its journal when it is old, and no other run is") { store in
            try await store.write { transaction in
                for (number, state) in [(1, RunState.succeeded), (2, .running), (3, .waiting), (4, .failed)] {
                    try transaction.insertRun(old(number, state, endedAt: state.isFinal ? number * 10 : nil))
                    try transaction.append([Sample.entry(1), Sample.entry(2)], to: Sample.id(number))
                }
                try transaction.insertRun(old(5, .cancelled, endedAt: 100))
                try transaction.putEffect(Sample.effect("k", run: 1))
            }
            let bounds = pruneBounds(runs: 100)
            let foreseen = try await store.read(view: { try $0.prunable(bounds) })
            let count = try await store.write { try $0.prune(bounds, limit: 100) }
            try expectEqual(count.runs, 2)
            try expectEqual(count.entries, 4)
            try expectEqual(foreseen, count)
            let left = try await store.read(view: { try $0.runs(RunQuery()).map(\.id) })
            try expectEqual(left, [5, 3, 2].map(Sample.id))
            try expectEqual(try await store.read(view: { try $0.journal(of: Sample.id(1), after: 0) }).count, 0)
            try expectEqual(try await store.read(view: { try $0.journal(of: Sample.id(2), after: 0) }).count, 2)
            try expect(
                try await store.read(view: { try $0.effect("k") }) != nil, "the ledger outlives the run")
            try expect(
                try await store.write { try $0.prune(bounds, limit: 100) }.isEmpty, "a second time finds nothing")
        },
        Case("a set of playbooks and their versions go once no event and no run needs them, the newest set stays") {
            store in
            @Sendable func member(_ bundle: String) -> [GenerationRecord.Member] {
                [.init(playbook: "p", bundle: bundle, mode: .active), .init(playbook: "q", bundle: "q", mode: .active)]
            }
            try await store.write { transaction in
                for hash in ["a", "b", "c", "d", "q", "retried", "gone"] {
                    try transaction.insertBundle(hash, .string(hash))
                }
                _ = try transaction.insertGeneration(GenerationRecord(at: Sample.at(0), members: member("a")))
                _ = try transaction.insertGeneration(GenerationRecord(at: Sample.at(10), members: member("b")))
                _ = try transaction.insertGeneration(GenerationRecord(at: Sample.at(20), members: member("c")))
                _ = try transaction.insertGeneration(GenerationRecord(at: Sample.at(30), members: member("d")))
                for (number, generation) in [(1, 1), (2, 2), (3, 3)] {
                    var record = Sample.event("e\(number)", at: Int64(number * 10 - 5))
                    record.generation = Int64(generation)
                    _ = try transaction.insertEvent(record)
                }
                var waiting = old(2, .waiting, endedAt: nil, event: 2)
                waiting.bundle = "b"
                try transaction.insertRun(waiting)
                var retried = old(3, .succeeded, endedAt: 400)
                retried.bundle = "retried"
                try transaction.insertRun(retried)
                var ended = old(4, .failed, endedAt: 20)
                ended.bundle = "gone"
                try transaction.insertRun(ended)
            }
            @Sendable func left() async throws -> [String] {
                try await store.read(view: { reader in
                    try (1...4).compactMap { try reader.generation($0).map { "\($0.number)" } }
                        + ["a", "b", "c", "d", "q", "retried", "gone"].filter { try reader.bundle($0) != nil }
                })
            }
            @Sendable func prune(_ bounds: PruneBounds) async throws -> PruneCount {
                let foreseen = try await store.read(view: { try $0.prunable(bounds) })
                var total = PruneCount()
                while true {
                    let count = try await store.write { try $0.prune(bounds, limit: 2) }
                    if count.isEmpty { break }
                    total = total + count
                }
                try expectEqual(foreseen, total)
                return total
            }
            let first = try await prune(pruneBounds(runs: 100))
            try expectEqual([first.generations, first.bundles], [1, 2])
            try expectEqual(try await left(), ["2", "3", "4", "b", "c", "d", "q", "retried"])
            try await store.write { transaction in
                guard var run = try transaction.run(Sample.id(2)) else { return }
                run.state = .succeeded
                run.endedAt = Sample.at(50)
                try transaction.updateRun(run)
            }
            // What was replaced only after the bound may still be needed by an event that is just coming in.
            try expectEqual(try await prune(pruneBounds(runs: 25)).generations, 0)
            let second = try await prune(pruneBounds(runs: 100))
            try expectEqual([second.runs, second.generations, second.bundles], [1, 2, 2])
            try expectEqual(try await left(), ["4", "d", "q", "retried"])
            let next = try await store.write { transaction in
                try transaction.insertGeneration(GenerationRecord(at: Sample.at(600), members: member("d")))
            }
            try expectEqual(next, 5)
        },
        Case("an old event is pruned with its matches once no run refers to it") { store in
            try await store.write { transaction in
                for number in 1...3 {
                    _ = try transaction.insertEvent(Sample.event("e\(number)", at: Int64(number)))
                    try transaction.insertMatch(
                        MatchRecord(event: Int64(number), playbook: "p", trigger: 0, outcome: .fired))
                }
                _ = try transaction.insertEvent(Sample.event("new", at: 500))
                try transaction.insertRun(old(1, .waiting, endedAt: nil, event: 1))
                try transaction.insertRun(old(2, .succeeded, endedAt: 20, event: 2))
                try transaction.insertRun(old(3, .succeeded, endedAt: 400, event: 3))
            }
            let bounds = pruneBounds(runs: 100)
            let foreseen = try await store.read(view: { try $0.prunable(bounds) })
            let count = try await store.write { try $0.prune(bounds, limit: 100) }
            try expectEqual(foreseen, count)
            try expectEqual([count.runs, count.events, count.matches, count.identities], [1, 1, 1, 0])
            let left = try await store.read(view: { try $0.events(before: nil, limit: 10).map(\.event.id) })
            try expectEqual(left, ["new", "e3", "e1"])
            try expectEqual(try await store.read(view: { try $0.event(2) }), nil)
            try expectEqual(try await store.read(view: { try $0.events(withID: "e2") }).count, 0)
            try expectEqual(try await store.read(view: { try $0.matches(ofEvent: 2) }).count, 0)
            try expectEqual(try await store.read(view: { try $0.matches(ofEvent: 1) }).count, 1)
            let ofSubject = try await store.read(view: {
                try $0.events(ofSubject: "ticket:1", before: nil, limit: 2).map(\.event.id)
            })
            try expectEqual(ofSubject, ["new", "e3"])
            let seen = try await store.read { try $0.events(ofSubject: "ticket:1", since: nil, limit: 9).map(\.id) }
            try expectEqual(seen, ["e1", "e3", "new"])
        },
        Case("a pruned event is still a duplicate, and what is older is still out of order") { store in
            try await store.write { transaction in
                _ = try transaction.insertEvent(Sample.event("a", at: 7))
                _ = try transaction.insertEvent(Sample.event("b", subject: "ticket:2", at: 9, isOutOfOrder: true))
            }
            let count = try await store.write { try $0.prune(pruneBounds(runs: 100), limit: 100) }
            try expectEqual(count.events, 2)
            try expectEqual(try await store.write { try $0.insertEvent(Sample.event("a", at: 200)) }, nil)
            try expect(
                try await store.write { try $0.insertEvent(Sample.event("a", source: "other", at: 200)) } == 3,
                "another source's event is another event, and no place in the order is given twice")
            try await store.write { _ = try $0.prune(pruneBounds(runs: 300), limit: 100) }
            let newest = try await store.read(view: { try $0.newestEventTime(ofSubject: "ticket:1") })
            try expectEqual(newest, Sample.at(200))
            try expectEqual(try await store.read(view: { try $0.newestEventTime(ofSubject: "ticket:2") }), nil)
        },
        Case("an identity is forgotten when it is old enough, and the event is then a new one") { store in
            try await store.write { _ = try $0.insertEvent(Sample.event("a", at: 5)) }
            try await store.write { _ = try $0.prune(pruneBounds(runs: 100), limit: 100) }
            let bounds = pruneBounds(runs: 100, identities: 50)
            let foreseen = try await store.read(view: { try $0.prunable(bounds) })
            let count = try await store.write { try $0.prune(bounds, limit: 100) }
            try expectEqual(count.identities, 1)
            try expectEqual(foreseen, count)
            try expectEqual(try await store.write { try $0.insertEvent(Sample.event("a", at: 200)) }, 2)
        },
        Case("pruning goes in small steps, oldest first, and a step that fails prunes nothing") { store in
            try await store.write { transaction in
                for number in 1...5 {
                    _ = try transaction.insertEvent(Sample.event("e\(number)", at: Int64(number)))
                    try transaction.insertRun(old(number, .succeeded, endedAt: number, event: Int64(number)))
                }
            }
            struct Stop: Error {}
            do {
                try await store.write { transaction in
                    _ = try transaction.prune(pruneBounds(runs: 100), limit: 100)
                    throw Stop()
                }
            } catch is Stop {}
            try expectEqual(try await store.read(view: { try $0.runs(RunQuery()) }).count, 5)
            try expectEqual(try await store.read(view: { try $0.events(before: nil, limit: 9) }).count, 5)
            var steps: [Int] = []
            while true {
                let count = try await store.write { try $0.prune(pruneBounds(runs: 100), limit: 3) }
                if count.isEmpty { break }
                steps.append(count.runs + count.events)
                if steps == [3] {
                    let left = try await store.read(view: { try $0.runs(RunQuery()).map(\.id) })
                    try expectEqual(left, [5, 4].map(Sample.id))
                }
            }
            try expectEqual(steps, [3, 3, 3, 1])
            try await expectRefusal(.misuse) {
                _ = try await store.write { try $0.prune(pruneBounds(runs: 100), limit: 0) }
            }
        },
        Case("an answered request is pruned when it is old; one that waits is kept") { store in
            let request = RequestRecord(kind: "emit", body: ["a": 1], by: "user@example.com", at: Sample.at(1))
            try await store.write { transaction in
                _ = try transaction.insertRequest(request)
                _ = try transaction.insertRequest(request)
                try transaction.answerRequest(1, ["ok": true])
            }
            let count = try await store.write { try $0.prune(pruneBounds(runs: 100), limit: 100) }
            try expectEqual(count.requests, 1)
            try expectEqual(try await store.read(view: { try $0.request(1) }), nil)
            try expectEqual(try await store.read(view: { try $0.openRequests(limit: 9) }).map(\.id), [2])
            try expectEqual(try await store.write { try $0.insertRequest(request) }, 3)
        },
        Case("writes are listed by run, state, action and the beginning of the key, newest first") { store in
            try await store.write { transaction in
                for number in 1...4 {
                    var effect = Sample.effect("ab\(number)", run: number % 2)
                    effect.state = number < 3 ? .done : .uncertain
                    if number == 4 { effect.action = "ticket.reply" }
                    try transaction.putEffect(effect)
                }
            }
            func keys(_ query: EffectQuery) async throws -> [String] {
                try await store.read(view: { try $0.effects(query).map(\.key) })
            }
            try expectEqual(try await keys(EffectQuery()), ["ab4", "ab3", "ab2", "ab1"])
            try expectEqual(try await keys(EffectQuery(limit: 2)), ["ab4", "ab3"])
            try expectEqual(try await keys(EffectQuery(run: Sample.id(1))), ["ab3", "ab1"])
            try expectEqual(try await keys(EffectQuery(states: [.done])), ["ab2", "ab1"])
            try expectEqual(try await keys(EffectQuery(states: [.done, .uncertain], action: "ticket.reply")), ["ab4"])
            try expectEqual(try await keys(EffectQuery(keyPrefix: "ab3")), ["ab3"])
            try expectEqual(try await keys(EffectQuery(keyPrefix: "b")), [])
            try await expectRefusal(.misuse) { _ = try await keys(EffectQuery(limit: 0)) }
        },
    ]

    private static func pruneBounds(runs: Int64, identities: Int64 = -1000) -> PruneBounds {
        PruneBounds(
            runsEndedBefore: Sample.at(runs), eventsBefore: Sample.at(runs), identitiesBefore: Sample.at(identities))
    }

    private static func old(_ number: Int, _ state: RunState, endedAt: Int?, event: Int64? = nil) -> RunRecord {
        var run = Sample.run(number, event: event, state: state)
        run.endedAt = endedAt.map { Sample.at(Int64($0)) }
        return run
    }
}
