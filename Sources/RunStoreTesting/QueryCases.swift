import PluginKit
import RunStore
import WorkflowModel

extension RunStoreConformance {
    private static let tickets: [(String, ValueMap)] = [
        ("1", ["status": "new", "priority": 1, "requester": ["id": "u1"], "opened": .timestamp(Sample.at(1))]),
        ("2", ["status": "open", "priority": .uint(2), "requester": ["id": "u2"], "opened": .timestamp(Sample.at(2))]),
        ("3", ["status": "open", "priority": 2.5, "requester": ["id": nil], "is_vip": true]),
        ("4", ["status": "solved", "priority": -3, "requester": "u1", "is_vip": false]),
        ("5", ["priority": nil, "effort": .duration(.seconds(90)), "opened": .timestamp(Timestamp(seconds: -1))]),
        ("6", ["status": "new", "priority": "high", "effort": .duration(.seconds(-90))]),
        ("7", ["status": ["new"], "priority": 9_007_199_254_740_993]),
    ]

    static let queryCases: [Case] = [
        Case("queries compare declared fields by kind and value") { store in
            try await store.putTickets(tickets)
            let lists: [(DocumentQuery.Condition, [String])] = [
                (.init("status", .equals("open")), ["2", "3"]),
                (.init("status", .equals("Open")), []),
                (.init("status", .oneOf(["new", "solved", "new"])), ["1", "4", "6"]),
                (.init("status", .oneOf([])), []),
                (.init("status", .isNull), ["5"]),
                (.init("status", .isNotNull), ["1", "2", "3", "4", "6", "7"]),
                (.init("status", .atLeast("open")), ["2", "3", "4"]),
                (.init("status", .lessThan("open")), ["1", "6"]),
                (.init("priority", .equals(2)), ["2"]), (.init("priority", .equals(1.0)), ["1"]),
                (.init("priority", .equals("1")), []),
                (.init("priority", .lessThan(2.5)), ["1", "2", "4"]),
                (.init("priority", .atLeast(.uint(2))), ["2", "3", "7"]),
                (.init("priority", .lessThan(0)), ["4"]),
                (.init("priority", .isNull), ["5"]),
                (.init("priority", .equals(9_007_199_254_740_993)), ["7"]),
                (.init("priority", .equals(9_007_199_254_740_992)), []),
                (.init("priority", .lessThan(9_007_199_254_740_993)), ["1", "2", "3", "4"]),
                (.init("requester.id", .equals("u1")), ["1"]),
                (.init("requester.id", .isNull), ["3", "4", "5", "6", "7"]),
                (.init("opened", .lessThan(.timestamp(Sample.at(2)))), ["1", "5"]),
                (.init("opened", .atLeast(.timestamp(Sample.at(2)))), ["2"]),
                (.init("is_vip", .equals(true)), ["3"]), (.init("is_vip", .lessThan(true)), ["4"]),
                (.init("effort", .lessThan(.duration(.seconds(1)))), ["6"]),
                (.init("effort", .atLeast(.duration(.seconds(90)))), ["5"]),
            ]
            for (condition, expected) in lists {
                let found = try await store.tickets(DocumentQuery([condition]))
                try expect(found == expected, "\(condition) gives \(expected), gave \(found)")
                let count = try await store.read { try $0.count(in: "ticket.tickets", DocumentQuery([condition])) }
                try expectEqual(count, expected.count)
            }
        },
        Case("all conditions of a query must hold") { store in
            try await store.putTickets(tickets)
            let both = DocumentQuery([.init("status", .equals("open")), .init("priority", .atLeast(2.1))])
            try expectEqual(try await store.tickets(both), ["3"])
            let range = DocumentQuery([.init("priority", .atLeast(-5)), .init("priority", .lessThan(2))])
            try expectEqual(try await store.tickets(range), ["1", "4"])
        },
        Case("documents are sorted by the order's field, nothing first, ties by id, and cut at the limit") { store in
            try await store.putTickets(tickets)
            let lists: [(DocumentQuery, [String])] = [
                (DocumentQuery(), ["1", "2", "3", "4", "5", "6", "7"]),
                (DocumentQuery(descending: true, limit: 2), ["7", "6"]),
                (DocumentQuery(order: "priority"), ["5", "4", "1", "2", "3", "7", "6"]),
                (DocumentQuery(order: "priority", descending: true), ["6", "7", "3", "2", "1", "4", "5"]),
                (DocumentQuery(order: "opened", limit: 5), ["3", "4", "6", "7", "5"]),
                (DocumentQuery(order: "opened", descending: true, limit: 4), ["2", "1", "5", "3"]),
                (DocumentQuery(order: "is_vip", descending: true, limit: 3), ["3", "4", "1"]),
                (DocumentQuery([.init("status", .equals("new"))], order: "priority"), ["1", "6"]),
            ]
            for (query, expected) in lists {
                let found = try await store.tickets(query)
                try expect(found == expected, "\(query) gives \(expected), gave \(found)")
            }
        },
        Case("count does not look at the limit") { store in
            try await store.putTickets(tickets)
            let count = try await store.read { try $0.count(in: "ticket.tickets", DocumentQuery(limit: 1)) }
            try expectEqual(count, 7)
        },
        Case("queries on undeclared fields and beyond limits are refused") { store in
            let wrong: [DocumentQuery] = [
                DocumentQuery([.init("colour", .equals("red"))]), DocumentQuery(order: "colour"),
                DocumentQuery([.init("requester", .isNull)]), DocumentQuery(limit: 0), DocumentQuery(limit: 10_001),
                DocumentQuery([.init("status", .equals(nil))]), DocumentQuery([.init("status", .equals(["new"]))]),
                DocumentQuery([.init("status", .oneOf(["new", nil]))]),
                DocumentQuery([.init("status", .oneOf([Value](repeating: "x", count: 1001)))]),
            ]
            for query in wrong {
                try await expectRefusal(.misuse) { _ = try await store.tickets(query) }
                try await expectRefusal(.misuse) {
                    _ = try await store.read { try $0.count(in: "ticket.tickets", query) }
                }
            }
            try await expectRefusal(.misuse) {
                _ = try await store.read { try $0.documents(in: "ticket.nothing", DocumentQuery()) }
            }
        },
        Case("indexes follow changes of a document") { store in
            try await store.putTickets([("1", ["status": "new"]), ("2", ["status": "new"])])
            try await store.putTickets([("1", ["status": "open"])])
            try expectEqual(try await store.tickets(DocumentQuery([.init("status", .equals("new"))])), ["2"])
            try expectEqual(try await store.tickets(DocumentQuery([.init("status", .equals("open"))])), ["1"])
            _ = try? await store.write { transaction in
                let store = transaction.pluginStore(of: "ticket")
                try store.put("1", ["status": "solved"], in: "ticket.tickets")
                try store.remove("2", in: "ticket.tickets")
                throw Refusal()
            }
            try expectEqual(try await store.tickets(DocumentQuery([.init("status", .equals("open"))])), ["1"])
            try expectEqual(try await store.tickets(DocumentQuery(order: "status")), ["2", "1"])
        },
    ]
}
