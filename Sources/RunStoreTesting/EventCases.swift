import PluginKit
import RunStore
import WorkflowModel

extension RunStoreConformance {
    static let eventCases: [Case] = [
        Case("an event is accepted once for its source and id") { store in
            let places = try await store.write { transaction in
                [
                    try transaction.insertEvent(Sample.event("a")),
                    try transaction.insertEvent(Sample.event("a", at: 9)),
                    try transaction.insertEvent(Sample.event("a", source: "other")),
                    try transaction.insertEvent(Sample.event("b")),
                ]
            }
            try expectEqual(places.map { $0 != nil }, [true, false, true, true])
            let again = try await store.write { try $0.insertEvent(Sample.event("b")) }
            try expectEqual(again, nil)
            let found = try await store.read(view: { try $0.events(withID: "a") })
            try expectEqual(found.map(\.event.source), ["test", "other"])
            try expectEqual(found[0].event.time, Sample.at(0))
        },
        Case("events have one order from 1, in which they were accepted") { store in
            let places = try await store.write { transaction in
                try ["c", "a", "c", "b"].map { try transaction.insertEvent(Sample.event($0)) }
            }
            try expectEqual(places, [1, 2, nil, 3])
            let next = try await store.write { try $0.insertEvent(Sample.event("d")) }
            try expectEqual(next, 4)
            let all = try await store.read(view: { try $0.events(before: nil, limit: 10) })
            try expectEqual(all.map(\.event.id), ["d", "b", "a", "c"])
            try expectEqual(all.map(\.sequence), [4, 3, 2, 1])
        },
        Case("events are listed by type, subject, time and place") { store in
            try await store.write { transaction in
                for (number, (type, subject)) in [
                    ("ticket.created", "ticket:1"), ("ticket.updated", "ticket:1"), ("ticket.created", "ticket:2"),
                    ("sla.breached", "ticket:2"), ("ticket.created", "ticket:3"),
                ].enumerated() {
                    var record = Sample.event("e\(number + 1)", subject: subject)
                    record.event.type = type
                    record.acceptedAt = Sample.at(Int64(number) + 1)
                    _ = try transaction.insertEvent(record)
                }
            }
            let lists: [(EventQuery, [Int64])] = [
                (EventQuery(), [5, 4, 3, 2, 1]), (EventQuery(limit: 2), [5, 4]),
                (EventQuery(types: ["ticket.created"]), [5, 3, 1]), (EventQuery(types: []), []),
                (EventQuery(types: ["sla.breached", "ticket.updated"]), [4, 2]),
                (EventQuery(subject: "ticket:2"), [4, 3]),
                (EventQuery(types: ["ticket.created"], subject: "ticket:2"), [3]),
                (EventQuery(since: Sample.at(4)), [5, 4]), (EventQuery(before: 4), [3, 2, 1]),
                (EventQuery(from: 4), [5, 4]), (EventQuery(types: ["ticket.created"], before: 5, from: 2), [3]),
            ]
            for (query, expected) in lists {
                try expectEqual(try await store.read(view: { try $0.events(query) }).map(\.sequence), expected)
            }
            try await expectRefusal(.misuse) { _ = try await store.read(view: { try $0.events(EventQuery(limit: 0)) }) }
        },
        Case("ids that look alike but differ in code points are different events") { store in
            let places = try await store.write { transaction in
                try ["\u{e9}", "e\u{301}"].map { try transaction.insertEvent(Sample.event($0)) }
            }
            try expectEqual(places, [1, 2])
        },
        Case("an event comes back as it was accepted") { store in
            var record = Sample.event("a", isOutOfOrder: true)
            record.event.attributes = ["partition": "p", "count": 3]
            record.event.origin = .own
            record.event.depth = 4
            record.event.causedBy = Sample.id(3)
            record.event.time = Timestamp(seconds: -5, nanoseconds: 123_456_789)
            record.facts = ["ticket": ["id": 1]]
            let accepted = record
            let place = try await store.write { try $0.insertEvent(accepted) }
            let found = try await store.read(view: { try $0.event(place ?? 0) })
            record.sequence = 1
            try expectEqual(found, record)
            try expectEqual(try await store.read(view: { try $0.event(2) }), nil)
        },
        Case("an event without a subject has none") { store in
            let found = try await store.write { transaction in
                var record = Sample.event("a", subject: nil)
                record.event.type = "ticket.created"
                record.event.data = ["ticket": ["id": 7]]
                record.event.subject = nil
                return try transaction.insertEvent(record).flatMap { try transaction.event($0) }
            }
            try expectEqual(found?.event.subject, nil)
            try expectEqual(found?.event.id, "a")
        },
        Case("facts are stored with an accepted event") { store in
            try await store.write { transaction in
                var record = Sample.event("a")
                record.facts = ["vip": true]
                _ = try transaction.insertEvent(record)
            }
            let found = try await store.read(view: { try $0.event(1) })
            try expectEqual(found?.facts, ["vip": true])
        },
        Case("an event is known by id and source, also to the transaction that accepts it") { store in
            let seen = try await store.write { transaction in
                var seen = [try transaction.knowsEvent("a", source: "test")]
                // What was asked for last is not what is inserted.
                _ = try transaction.insertEvent(Sample.event("b"))
                seen.append(try transaction.knowsEvent("b", source: "test"))
                seen.append(try transaction.knowsEvent("b", source: "other"))
                seen.append(try transaction.insertEvent(Sample.event("b", source: "other")) != nil)
                seen.append(try transaction.knowsEvent("c", source: "test"))
                seen.append(try transaction.insertEvent(Sample.event("b")) != nil)
                seen.append(try transaction.insertEvent(Sample.event("c")) != nil)
                seen.append(try transaction.insertEvent(Sample.event("c")) != nil)
                return seen
            }
            try expectEqual(seen, [false, true, false, true, false, false, true, false])
            let later = try await store.write { try $0.knowsEvent("c", source: "test") }
            try expectEqual(later, true)
        },
        Case("events of a subject come newest first, in pages") { store in
            try await store.write { transaction in
                for number in 1...6 {
                    let subject = number % 2 == 0 ? "even" : "odd"
                    _ = try transaction.insertEvent(
                        Sample.event("e\(number)", subject: subject, at: Int64(number)))
                }
            }
            let first = try await store.read(view: { try $0.events(ofSubject: "even", before: nil, limit: 2) })
            try expectEqual(first.map(\.sequence), [6, 4])
            let second = try await store.read(view: { try $0.events(ofSubject: "even", before: 4, limit: 2) })
            try expectEqual(second.map(\.sequence), [2])
            let page = try await store.read(view: { try $0.events(before: 3, limit: 10) })
            try expectEqual(page.map(\.sequence), [2, 1])
            try expectEqual(try await store.read(view: { try $0.events(before: 1, limit: 10) }).count, 0)
            try await expectRefusal(.misuse) {
                _ = try await store.read(view: { try $0.events(before: nil, limit: 0) })
            }
        },
        Case("plugins read a subject's events oldest first, from a time on") { store in
            try await store.write { transaction in
                for number in 1...4 { _ = try transaction.insertEvent(Sample.event("e\(number)", at: Int64(number))) }
            }
            let all = try await store.read { try $0.events(ofSubject: "ticket:1", since: nil, limit: 3) }
            try expectEqual(all.map(\.id), ["e1", "e2", "e3"])
            let late = try await store.read { try $0.events(ofSubject: "ticket:1", since: Sample.at(3), limit: 9) }
            try expectEqual(late.map(\.id), ["e3", "e4"])
            try expectEqual(try await store.read { try $0.events(ofSubject: "x", since: nil, limit: 9) }.count, 0)
        },
        Case("the newest time of a subject leaves out what came out of order") { store in
            try await store.write { transaction in
                _ = try transaction.insertEvent(Sample.event("a", at: 5))
                _ = try transaction.insertEvent(Sample.event("b", at: 9, isOutOfOrder: true))
                _ = try transaction.insertEvent(Sample.event("c", at: 3))
            }
            let newest = try await store.read(view: { try $0.newestEventTime(ofSubject: "ticket:1") })
            try expectEqual(newest, Sample.at(5))
            try expectEqual(try await store.read(view: { try $0.newestEventTime(ofSubject: "x") }), nil)
        },
        Case("matches of an event come in the order in which they were decided") { store in
            let matches = MatchRecord.Outcome.allCases.enumerated().map { position, outcome in
                MatchRecord(
                    event: 1, playbook: "p\(position)", trigger: position, outcome: outcome, reason: "edge",
                    detail: "it held already", run: position == 0 ? Sample.id(1) : nil)
            }
            try await store.write { transaction in for match in matches { try transaction.insertMatch(match) } }
            try expectEqual(try await store.read(view: { try $0.matches(ofEvent: 1) }), matches)
            try expectEqual(try await store.read(view: { try $0.matches(ofEvent: 2) }), [])
        },
    ]
}
