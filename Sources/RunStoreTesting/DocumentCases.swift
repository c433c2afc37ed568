import PluginKit
import RunStore
import WorkflowModel

extension RunStoreConformance {
    static let documentCases: [Case] = [
        Case("a document is put, replaced, read by everybody and removed") { store in
            try await store.putTickets([("1", ["status": "new"]), ("1", ["status": "open", "n": .uint(3)])])
            let found = try await store.read { try $0.document("1", in: "ticket.tickets") }
            try expectEqual(found, ["status": "open", "n": .uint(3)])
            let byOther = try await store.write { transaction in
                try transaction.pluginStore(of: "route").document("1", in: "ticket.tickets")
            }
            try expectEqual(byOther, found)
            try expectEqual(try await store.read { try $0.document("1", in: "ticket.comments") }, nil)
            try await store.write { transaction in
                let store = transaction.pluginStore(of: "ticket")
                try store.remove("1", in: "ticket.tickets")
                try store.remove("never put", in: "ticket.tickets")
            }
            try expectEqual(try await store.read { try $0.document("1", in: "ticket.tickets") }, nil)
            try expectEqual(try await store.tickets(DocumentQuery([.init("status", .equals("open"))])), [])
        },
        Case("a transaction sees its own documents at once") { store in
            let seen = try await store.write { transaction in
                let store = transaction.pluginStore(of: "ticket")
                try store.put("1", ["status": "new", "title": "Printer"], in: "ticket.tickets")
                let query = DocumentQuery([.init("status", .equals("new"))])
                return [
                    try store.documents(in: "ticket.tickets", query).count,
                    try transaction.documents.count(in: "ticket.tickets", query),
                    try store.search("printer", in: "ticket.tickets", limit: 5).count,
                ]
            }
            try expectEqual(seen, [1, 1, 1])
        },
        Case("a plugin changes its own declared collections only") { store in
            let wrong: [(plugin: String, collection: String)] = [
                ("route", "ticket.tickets"), ("tick", "ticket.tickets"), ("ticket", "ticket.nothing"),
                ("ticket", "tickets"),
            ]
            for (plugin, collection) in wrong {
                try await expectRefusal(.misuse) {
                    try await store.write { try $0.pluginStore(of: plugin).put("1", [:], in: collection) }
                }
                try await expectRefusal(.misuse) {
                    try await store.write { try $0.pluginStore(of: plugin).remove("1", in: collection) }
                }
            }
            for id in ["", "a\0b", String(repeating: "x", count: 1025)] {
                try await expectRefusal(.misuse) {
                    try await store.write { try $0.pluginStore(of: "ticket").put(id, [:], in: "ticket.tickets") }
                }
            }
            try await expectRefusal(.misuse) {
                _ = try await store.read { try $0.document("1", in: "ticket.nothing") }
            }
        },
        Case("ids that differ in code points or case are different documents, sorted by code point") { store in
            let ids = ["b", "B", "\u{e9}", "e\u{301}", "a", "\u{1F600}", "\u{FF5E}"]
            try await store.putTickets(ids.map { ($0, ["status": .string($0)]) })
            let found = try await store.tickets(DocumentQuery())
            let expected = ["B", "a", "b", "e\u{301}", "\u{e9}", "\u{FF5E}", "\u{1F600}"]
            try expectEqual(found.map { Array($0.utf8) }, expected.map { Array($0.utf8) })
            let back = try await store.tickets(DocumentQuery(descending: true, limit: 2))
            try expectEqual(back.map { Array($0.utf8) }, ["\u{1F600}", "\u{FF5E}"].map { Array($0.utf8) })
        },
        Case("sequences count from 1, each plugin's own, without a gap after a failure") { store in
            let first = try await store.write { transaction in
                let store = transaction.pluginStore(of: "ticket")
                return [
                    try store.nextNumber("tickets"), try store.nextNumber("tickets"), try store.nextNumber("comments"),
                    try transaction.pluginStore(of: "route").nextNumber("tickets"),
                ]
            }
            try expectEqual(first, [1, 2, 1, 1])
            _ = try? await store.write { transaction in
                _ = try transaction.pluginStore(of: "ticket").nextNumber("tickets")
                throw Refusal()
            }
            let next = try await store.write { try $0.pluginStore(of: "ticket").nextNumber("tickets") }
            try expectEqual(next, 3)
        },
        Case("emitted drafts are handed over once, in order, with their plugin") { store in
            let taken = try await store.write { transaction in
                try transaction.pluginStore(of: "ticket").emit(Sample.draft("a"))
                try transaction.pluginStore(of: "route").emit(Sample.draft("b"))
                let first = transaction.takeEmitted()
                try transaction.pluginStore(of: "ticket").emit(Sample.draft("c"))
                return [first, transaction.takeEmitted(), transaction.takeEmitted()].map { drafts in
                    drafts.map { "\($0.plugin) \($0.event.key ?? "")" }
                }
            }
            try expectEqual(taken, [["ticket a", "route b"], ["ticket c"], []])
            let rest = try await store.write { $0.takeEmitted().count }
            try expectEqual(rest, 0)
        },
    ]

    static let searchCases: [Case] = [
        Case("search finds any of the words, folded, the best first") { store in
            var tickets: [(String, ValueMap)] = (1...20).map { number in
                ("filler-\(number)", ["title": .string("Monthly report about nothing in particular number \(number)")])
            }
            tickets += [
                ("both", ["title": "VPN fails", "notes": ["Tunnel drops each hour"]]),
                ("twice", ["title": "vpn vpn fails fails"]), ("one", ["title": "The VPN in the Zürich office"]),
                ("long", ["title": .string("VPN" + String(repeating: " and many other words", count: 30))]),
                ("none", ["title": "Printer"]), ("empty", ["status": "new"]),
            ]
            try await store.putTickets(tickets)
            try expectEqual(try await store.search("vpn FAILS"), ["twice", "both", "one", "long"])
            try expectEqual(try await store.search("zurich"), ["one"])
            try expectEqual(try await store.search("ZÜRICH, or else?"), ["one"])
            try expectEqual(try await store.search("tunnel"), ["both"])
            try expectEqual(try await store.search("vpn", limit: 1).count, 1)
            for nothing in ["", "  -- \" * ( ", "NOT", "unheard"] {
                try expectEqual(try await store.search(nothing), [])
            }
            try expectEqual(try await store.search("NEAR(vpn fails)"), ["twice", "both", "one", "long"])
        },
        Case("search scores by BM25, ties by id") { store in
            try await store.putTickets([
                ("b", ["title": "red green"]), ("a", ["title": "red green"]), ("c", ["title": "blue yellow pink"]),
                ("d", ["title": "white"]), ("e", ["title": "black"]),
            ])
            let hits = try await store.read { try $0.search("red", in: "ticket.tickets", limit: 9) }
            try expectEqual(hits.map(\.document.id), ["a", "b"])
            try expectEqual(hits.first?.document.body, ["title": "red green"])
            // N = 5, n = 2: idf = ln(3.5 / 2.5); f = 1, |D| = 2, avgdl = 9 / 5.
            let expected = 0.336_472_236_621_212_9 * 2.2 / (1 + 1.2 * (0.25 + 0.75 * 2 / 1.8))
            for hit in hits { try expect(abs(hit.score - expected) < 1e-9, "\(hit.score) is \(expected)") }
        },
        Case("an index has what changed and what did not, also within one transaction") { store in
            func found(_ status: Value) async throws -> [String] {
                try await store.tickets(DocumentQuery([.init("status", .equals(status))]))
            }
            try await store.putTickets([
                ("1", ["status": "new", "priority": 1, "title": "alpha"]), ("2", ["status": "new", "title": "beta"]),
            ])
            // The status changes and the title does not; then the other way round.
            try await store.putTickets([("1", ["status": "open", "priority": 1.0, "title": "alpha"])])
            try await store.putTickets([("2", ["status": "new", "title": "gamma"])])
            try expectEqual(try await found("new"), ["2"])
            try expectEqual(try await found("open"), ["1"])
            try expectEqual(try await store.tickets(DocumentQuery([.init("priority", .equals(1))])), ["1"])
            try expectEqual(try await store.search("alpha beta gamma"), ["1", "2"])
            try await store.write { transaction in
                let store = transaction.pluginStore(of: "ticket")
                try store.put("1", ["status": "held", "title": "delta"], in: "ticket.tickets")
                try expectEqual(try store.document("1", in: "ticket.tickets")?["status"], "held")
                try store.remove("1", in: "ticket.tickets")
                try expectEqual(try store.document("1", in: "ticket.tickets"), nil)
                try store.put("1", ["status": "new", "title": "alpha"], in: "ticket.tickets")
                try store.put("1", ["title": "alpha"], in: "ticket.tickets")
            }
            try expectEqual(try await found("new"), ["2"])
            try expectEqual(try await found("open") + found("held"), [])
            try expectEqual(try await store.tickets(DocumentQuery([.init("status", .isNull)])), ["1"])
            try expectEqual(try await store.search("alpha delta"), ["1"])
        },
        Case("what a transaction that failed had put is not taken for what is there") { store in
            try await store.putTickets([("1", ["status": "new", "title": "alpha"])])
            _ = try? await store.write { transaction in
                let store = transaction.pluginStore(of: "ticket")
                try store.put("1", ["status": "open", "title": "beta"], in: "ticket.tickets")
                throw Refusal()
            }
            try await store.putTickets([("1", ["status": "open", "title": "beta"])])
            try expectEqual(try await store.tickets(DocumentQuery([.init("status", .equals("open"))])), ["1"])
            try expectEqual(try await store.tickets(DocumentQuery([.init("status", .equals("new"))])), [])
            try expectEqual(try await store.search("beta"), ["1"])
            try expectEqual(try await store.search("alpha"), [])
        },
        Case("more documents than are remembered are put in one transaction") { store in
            let all = (0..<100).map { ("\($0)", ["status": "new", "title": .string("word \($0)")] as ValueMap) }
            try await store.putTickets(all + all.map { ($0.0, ["status": "old", "title": $0.1["title"] ?? .null]) })
            try expectEqual(try await store.tickets(DocumentQuery([.init("status", .equals("old"))])).count, 100)
            try expectEqual(try await store.tickets(DocumentQuery([.init("status", .equals("new"))])), [])
            try expectEqual(try await store.search("17"), ["17"])
        },
        Case("search follows changes and removals") { store in
            try await store.putTickets([("1", ["title": "alpha"]), ("2", ["title": "alpha beta"])])
            try await store.putTickets([("1", ["title": "gamma"])])
            try expectEqual(try await store.search("alpha"), ["2"])
            try expectEqual(try await store.search("gamma"), ["1"])
            try await store.write { try $0.pluginStore(of: "ticket").remove("2", in: "ticket.tickets") }
            try expectEqual(try await store.search("alpha beta"), [])
            try await store.putTickets([("2", ["title": "beta"])])
            try expectEqual(try await store.search("alpha beta"), ["2"])
        },
        Case("only collections that declare search fields are searched, each by itself") { store in
            try await store.putTickets([("1", ["title": "alpha"])])
            try await store.write { transaction in
                try transaction.pluginStore(of: "ticket").put("1", ["text": "beta"], in: "ticket.comments")
            }
            try expectEqual(try await store.search("beta"), [])
            for (collection, limit) in [("route.members", 5), ("ticket.nothing", 5), ("ticket.tickets", 0)] {
                try await expectRefusal(.misuse) {
                    _ = try await store.read { try $0.search("x", in: collection, limit: limit) }
                }
            }
        },
    ]
}

/// What a body throws to undo itself.
struct Refusal: Error {}
