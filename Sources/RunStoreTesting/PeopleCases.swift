import PluginKit
import RunStore
import WorkflowModel

extension RunStoreConformance {
    static let peopleCases: [Case] = [
        Case("a question comes back as it was put, and as it was answered") { store in
            var ask = question("a1", run: 1)
            ask.subject = "ticket:1"
            ask.fields = [["name": "amount", "type": "int"]]
            ask.who = ["user@example.com", "e\u{301}"]
            ask.quorum = 2
            ask.dueAt = Sample.at(60)
            let put = ask
            try await store.write { try $0.putAsk(put) }
            try expectEqual(try await store.read(view: { try $0.ask("a1") }), ask)
            try expectEqual(try await store.read(view: { try $0.ask("a2") }), nil)
            ask.answers = [
                AskRecord.Answer(
                    by: "user@example.com", at: Timestamp(seconds: 7, nanoseconds: 1), verdict: .approve,
                    values: ["amount": .uint(3)], comment: "fine"),
                AskRecord.Answer(by: "other@example.com", at: Sample.at(3)),
            ]
            ask.state = .answered
            ask.settledAt = Sample.at(3)
            let answered = ask
            try await store.write { try $0.putAsk(answered) }
            try expectEqual(try await store.read(view: { try $0.ask("a1") }), ask)
            try await expectRefusal(.misuse) { try await store.write { try $0.putAsk(question("a1", run: 2)) } }
        },
        Case("questions are listed newest first by state, run and person, in pages") { store in
            try await store.write { transaction in
                for number in 1...6 {
                    var ask = question("a\(number)", run: number % 2)
                    ask.who = number < 4 ? ["one", "two"] : ["two"]
                    if number == 5 { ask.state = .withdrawn }
                    if number == 6 { ask.state = .expired }
                    try transaction.putAsk(ask)
                }
                // Answering does not make it a newer one.
                var ask = question("a2", run: 0)
                (ask.who, ask.state) = (["one", "two"], .answered)
                try transaction.putAsk(ask)
            }
            let lists: [(AskQuery, [Int])] = [
                (AskQuery(), [6, 5, 4, 3, 2, 1]), (AskQuery(limit: 2), [6, 5]), (AskQuery(before: "a3"), [2, 1]),
                (AskQuery(states: [.open]), [4, 3, 1]), (AskQuery(states: [.open, .answered]), [4, 3, 2, 1]),
                (AskQuery(states: []), []), (AskQuery(run: Sample.id(1)), [5, 3, 1]),
                (AskQuery(who: "one"), [3, 2, 1]), (AskQuery(who: "on"), []),
                (AskQuery(states: [.open], who: "two", before: "a4", limit: 1), [3]),
                (AskQuery(before: "nothing"), []),
            ]
            for (query, expected) in lists {
                let found = try await store.read(view: { try $0.asks(query).map(\.id) })
                try expect(found == expected.map { "a\($0)" }, "\(query) gives \(expected), gave \(found)")
            }
            for limit in [0, 1001] {
                try await expectRefusal(.misuse) {
                    _ = try await store.read(view: { try $0.asks(AskQuery(limit: limit)) })
                }
            }
        },
        Case("a run's questions are pruned with it, those of other runs are not") { store in
            try await store.write { transaction in
                for number in 1...2 {
                    var run = Sample.run(number, state: .succeeded)
                    run.endedAt = Sample.at(number == 1 ? 10 : 500)
                    try transaction.insertRun(run)
                    try transaction.putAsk(question("a\(number)", run: number))
                }
            }
            let bounds = PruneBounds(
                runsEndedBefore: Sample.at(100), eventsBefore: Sample.at(100), identitiesBefore: Sample.at(0))
            let foreseen = try await store.read(view: { try $0.prunable(bounds) })
            let count = try await store.write { try $0.prune(bounds, limit: 100) }
            try expectEqual([count.runs, count.asks], [1, 1])
            try expectEqual(foreseen, count)
            try expectEqual(try await store.read(view: { try $0.asks(AskQuery()).map(\.id) }), ["a2"])
            try expectEqual(try await store.read(view: { try $0.asks(AskQuery(run: Sample.id(1))).count }), 0)
        },
        Case("the audit log grows by one chained entry at a time") { store in
            try expectEqual(try await store.read(view: { try $0.newestAudit() }), nil)
            let drafts = (1...5).map { number in
                AuditDraft(
                    at: Timestamp(seconds: Int64(number), nanoseconds: 5), by: "user@example.com", action: "answer",
                    target: "a\(number)",
                    detail: ["n": .int(Int64(number)), "text": "e\u{301} \"\\", "after": .duration(.seconds(1))])
            }
            var records: [AuditRecord] = []
            for draft in drafts { records.append(try await store.write { try $0.appendAudit(draft) }) }
            try expectEqual(records.map(\.sequence), [1, 2, 3, 4, 5])
            try expectEqual(records.map(\.previous), [AuditChain.start] + records.dropLast().map(\.hash))
            try expectEqual(Set(records.map(\.hash)).count, 5)
            try expectEqual(try await store.read(view: { try $0.audit(after: 0, limit: 10) }), records)
            try expectEqual(try await store.read(view: { try $0.audit(after: 2, limit: 2) }), Array(records[2...3]))
            try expectEqual(try await store.read(view: { try $0.audit(after: 5, limit: 2) }), [])
            try expectEqual(try await store.read(view: { try $0.newestAudit() }), records.last)
            let (chain, broken) = try await store.read(view: { try AuditChain.verify($0) })
            try expectEqual(broken, nil)
            try expectEqual(chain.sequence, 5)
            try expectEqual(chain.hash, records.last?.hash)
            try await store.write { _ = try $0.prune(Self.everything, limit: 1000) }
            try expectEqual(try await store.read(view: { try $0.audit(after: 0, limit: 10) }).count, 5)
        },
        Case("entries that many append at once form one chain") { store in
            await withTaskGroup(of: Void.self) { group in
                for number in 0..<200 {
                    group.addTask {
                        // Every third undoes itself: it must leave no gap.
                        _ = try? await store.write { transaction in
                            _ = try transaction.appendAudit(
                                AuditDraft(at: Sample.at(Int64(number)), by: "b", action: "a", target: "\(number)"))
                            if number % 3 == 0 { throw Refusal() }
                        }
                    }
                }
            }
            let (chain, broken) = try await store.read(view: { try AuditChain.verify($0) })
            try expectEqual(broken, nil)
            try expectEqual(chain.sequence, 133)
        },
    ]

    static let everything = PruneBounds(
        runsEndedBefore: .latest, eventsBefore: .latest, identitiesBefore: .latest, gatesBefore: .latest)

    private static func question(_ id: String, run: Int) -> AskRecord {
        AskRecord(
            id: id, run: Sample.id(run), step: "steps[0]", label: "Ask", playbook: "greet", question: "May I?",
            isApproval: true, who: ["user@example.com"], openedAt: Sample.start)
    }
}
