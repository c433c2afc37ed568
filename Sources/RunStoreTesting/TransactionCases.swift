import PluginKit
import RunStore
import WorkflowModel

extension RunStoreConformance {
    static let transactionCases: [Case] = [
        Case("a body that throws leaves no trace of anything") { store in
            try await store.write { transaction in
                try transaction.insertRun(Sample.run(1))
                try transaction.setTimer(TimerRecord(due: Sample.at(5), purpose: .run(Sample.id(1), name: "t")))
                try transaction.setEdge(EdgeRecord(playbook: "p", subject: "s", condition: "c", since: Sample.start))
                try transaction.putEffect(Sample.effect("k"))
                try transaction.pluginStore(of: "ticket").put("1", ["title": "kept"], in: "ticket.tickets")
                _ = try transaction.insertRequest(RequestRecord(kind: "k", body: nil, by: "b", at: Sample.start))
                try transaction.putAsk(ask("a1", .open))
                try transaction.setGate(GateRecord(playbook: "p", gate: "g", key: "k", body: 1))
            }
            let before = try await store.read(view: { try State($0) })
            var thrown = false
            do {
                try await store.write { transaction in
                    _ = try transaction.insertEvent(Sample.event("a"))
                    try transaction.insertMatch(MatchRecord(event: 1, playbook: "p", trigger: 0, outcome: .fired))
                    try transaction.insertBundle("h", "x")
                    _ = try transaction.insertGeneration(GenerationRecord(at: Sample.start, members: []))
                    try transaction.clearEdge(playbook: "p", subject: "s")
                    try transaction.setEdge(EdgeRecord(playbook: "q", subject: "s", condition: "", since: Sample.start))
                    try transaction.insertRun(Sample.run(2))
                    try transaction.updateRun(Sample.run(1, state: .failed))
                    try transaction.append([Sample.entry(1)], to: Sample.id(1))
                    try transaction.removeTimers(of: Sample.id(1))
                    try transaction.setTimer(TimerRecord(due: Sample.at(1), purpose: .run(Sample.id(2), name: "t")))
                    var settled = Sample.effect("k")
                    settled.state = .done
                    try transaction.putEffect(settled)
                    try transaction.putEffect(Sample.effect("l"))
                    try transaction.answerRequest(1, "done")
                    _ = try transaction.insertRequest(RequestRecord(kind: "k", body: nil, by: "b", at: Sample.start))
                    _ = try transaction.beginExecutor()
                    _ = try transaction.claim(Sample.id(1), generation: 9)
                    try transaction.putAsk(ask("a1", .answered))
                    try transaction.putAsk(ask("a2", .open))
                    _ = try transaction.appendAudit(AuditDraft(at: Sample.start, by: "b", action: "a", target: "t"))
                    try transaction.setGate(GateRecord(playbook: "p", gate: "g", key: "k", body: 2))
                    try transaction.setGate(GateRecord(playbook: "p", gate: "g", key: "l", body: 2))
                    try transaction.removeTimer(.run(Sample.id(1), name: "t"))
                    let plugin = transaction.pluginStore(of: "ticket")
                    try plugin.put("1", ["title": "lost"], in: "ticket.tickets")
                    try plugin.put("2", ["title": "lost"], in: "ticket.tickets")
                    try plugin.emit(Sample.draft("x"))
                    try plugin.setTimer("k", due: Sample.start, emitting: Sample.draft("y"))
                    throw Refusal()
                }
            } catch is Refusal {
                thrown = true
            }
            try expect(thrown, "what the body throws comes to the caller")
            try expectEqual(try await store.read(view: { try State($0) }), before)
            let place = try await store.write { try $0.insertEvent(Sample.event("a")) }
            try expectEqual(place, 1)
        },
        Case("bodies beside one that throws are stored") { store in
            let outcomes = await withTaskGroup(of: (Int, Bool).self) { group in
                for number in 0..<60 {
                    group.addTask {
                        do {
                            try await store.write { transaction in
                                _ = try transaction.insertEvent(Sample.event("e\(number)"))
                                _ = try transaction.pluginStore(of: "ticket").nextNumber("n")
                                if number % 3 == 0 { throw Refusal() }
                            }
                            return (number, true)
                        } catch {
                            return (number, false)
                        }
                    }
                }
                return await group.reduce(into: [Int: Bool]()) { $0[$1.0] = $1.1 }
            }
            for number in 0..<60 { try expectEqual(outcomes[number], number % 3 != 0) }
            let events = try await store.read(view: { try $0.events(before: nil, limit: 100) })
            try expectEqual(Set(events.map(\.event.id)), Set((0..<60).filter { $0 % 3 != 0 }.map { "e\($0)" }))
            try expectEqual(events.map(\.sequence), (1...40).reversed().map(Int64.init))
            try expectEqual(try await store.write { try $0.pluginStore(of: "ticket").nextNumber("n") }, 41)
        },
        Case("a thousand concurrent writes are all stored, each seeing those before it") { store in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<1000 {
                    group.addTask {
                        let (place, newest) = try await store.write { transaction in
                            let newest = try transaction.events(before: nil, limit: 1).first?.sequence ?? 0
                            return (try transaction.insertEvent(Sample.event("e\(number)")), newest)
                        }
                        try expectEqual(place, newest + 1)
                        let seen = try await store.read(view: { try $0.event(newest + 1) })
                        try expectEqual(seen?.event.id, "e\(number)")
                    }
                }
                try await group.waitForAll()
            }
            let last = try await store.read(view: { try $0.events(before: nil, limit: 1) })
            try expectEqual(last.first?.sequence, 1000)
        },
        Case("writes of one caller are stored in its order, and read back at once") { store in
            for number in 1...50 {
                let place = try await store.write { try $0.insertEvent(Sample.event("e\(number)")) }
                try expectEqual(place, Int64(number))
                try expectEqual(try await store.read(view: { try $0.event(Int64(number)) })?.event.id, "e\(number)")
            }
        },
        Case("a body's result and a reader's error reach the caller") { store in
            try expectEqual(try await store.write { _ in "text" }, "text")
            do {
                try await store.read(view: { _ in throw Refusal() })
                try expect(false, "the reader's error is thrown")
            } catch is Refusal {}
        },
        Case("a closed store refuses in words, also when closed twice") { store in
            try await store.write { try $0.insertRun(Sample.run(1)) }
            await store.close()
            await store.close()
            try await expectRefusal(.closed) { try await store.write { try $0.insertRun(Sample.run(2)) } }
            try await expectRefusal(.closed) { _ = try await store.read(view: { try $0.run(Sample.id(1)) }) }
        },
    ]

    private static func ask(_ id: String, _ state: AskRecord.State) -> AskRecord {
        var ask = AskRecord(
            id: id, run: Sample.id(1), step: "s", label: "l", playbook: "p", question: "q", who: [],
            openedAt: Sample.start)
        ask.state = state
        return ask
    }

    /// Everything of a small store that can be seen.
    private struct State: Equatable {
        var values: [String]

        init(_ reader: any StoreReader) throws {
            let documents = reader.documents
            values = [
                "\(try reader.events(before: nil, limit: 9))", "\(try reader.matches(ofEvent: 1))",
                "\(String(describing: try reader.newestEventTime(ofSubject: "ticket:1")))",
                "\(String(describing: try reader.bundle("h")))", "\(String(describing: try reader.generation(nil)))",
                "\(try reader.edges(ofSubject: "s"))", "\(try reader.runs(RunQuery()))",
                "\(try reader.journal(of: Sample.id(1), after: 0))", "\(try reader.timers(dueBy: .latest, limit: 9))",
                "\(try reader.effects(of: nil, limit: 9))", "\(try reader.openRequests(limit: 9))",
                "\(try reader.executorGeneration())",
                "\(try documents.documents(in: "ticket.tickets", DocumentQuery()))",
                "\(try documents.search("kept lost", in: "ticket.tickets", limit: 9))",
                "\(try reader.runnable(generation: 1, now: .latest, limit: 9))",
                "\(String(describing: try reader.nextTimer()))", "\(try reader.asks(AskQuery()))",
                "\(try reader.audit(after: 0, limit: 9))", "\(try reader.gates(playbook: nil, gate: "g", limit: 9))",
            ]
        }
    }

    static let valueCases: [Case] = [
        Case("every kind of value comes back exactly, from journals and documents") { store in
            let values: [Value] = [
                nil, true, false, 0, .int(.min), .int(.max), .uint(0), .uint(.max), 0.1, .double(5), .double(-0.0),
                .double(.infinity), .double(-.infinity), .double(.nan), .double(.leastNonzeroMagnitude), "",
                "e\u{301} \u{e9} \u{1F600} \"\\\n\u{1}\u{7f}", .bytes([]), .bytes([0, 255, 10]),
                .timestamp(.earliest), .timestamp(.latest), .timestamp(Timestamp(seconds: -1, nanoseconds: 1)),
                .duration(.zero), .duration(.nanoseconds(-1_500_000_001)), .duration(.seconds(9_000_000_000)),
                .secret(SecretText([.plain("a"), .reference("TOKEN"), .plain("$b")])), [], [1, [2, ["x": nil]]],
                [:], ["$uint": "5"], ["$": 1, "b": 2],
                .map(ValueMap([(.int(1), "a"), (.bool(true), "b"), (.uint(3), 4)])),
            ]
            try await store.write { transaction in
                try transaction.insertRun(Sample.run(1))
                for (index, value) in values.enumerated() {
                    try transaction.append([Sample.entry(index + 1, value)], to: Sample.id(1))
                    try transaction.pluginStore(of: "ticket").put("\(index)", ["status": value], in: "ticket.tickets")
                }
            }
            let journal = try await store.read(view: { try $0.journal(of: Sample.id(1), after: 0) })
            try expectEqual(journal.map(\.body), values)
            for (index, value) in values.enumerated() {
                let document = try await store.read { try $0.document("\(index)", in: "ticket.tickets") }
                try expectEqual(document, ["status": value])
            }
        },
        Case("the keys of a map keep their order") { store in
            let keys = ["z", "a", "m", "b"]
            try await store.putTickets([("1", ValueMap(strings: keys.map { ($0, .int(1)) }))])
            let found = try await store.read { try $0.document("1", in: "ticket.tickets") }
            try expectEqual(found?.keys.compactMap(\.string), keys)
        },
    ]
}
