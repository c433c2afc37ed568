import Access
import RunStore
import WorkflowModel

extension RunStoreConformance {
    static let tokenCases: [Case] = [
        Case("a token comes back as it was put, changed and removed") { store in
            var record = token("t1", at: 5)
            record.person = "e\u{301}"
            record.scopes = [.events, .read]
            record.expiresAt = Timestamp(seconds: 2_000_000_000, nanoseconds: 1)
            let put = record
            try await store.write { try $0.putToken(put) }
            try expectEqual(try await store.read(view: { try $0.token("t1") }), record)
            try expectEqual(try await store.read(view: { try $0.token("T1") }), nil)
            (record.revokedAt, record.role) = (Sample.at(9), .viewer)
            let revoked = record
            try await store.write { try $0.putToken(revoked) }
            try expectEqual(try await store.read(view: { try $0.tokens() }), [record])
            try await store.write { transaction in
                try transaction.removeToken("t1")
                try transaction.removeToken("never there")
            }
            try expectEqual(try await store.read(view: { try $0.tokens() }), [])
        },
        Case("tokens are listed in the order in which they were made") { store in
            try await store.write { transaction in
                for (id, at) in [("b", 2), ("c", 1), ("a", 2), ("d", 3)] {
                    try transaction.putToken(token(id, at: Int64(at)))
                }
            }
            try expectEqual(try await store.read(view: { try $0.tokens().map(\.id) }), ["c", "a", "b", "d"])
        },
        Case("noting a use changes nothing but the last use, and never takes it back") { store in
            let record = token("t1", at: 0)
            try await store.write { try $0.putToken(record) }
            for (at, expected) in [(20, 20), (10, 20), (30, 30)] as [(Int64, Int64)] {
                try await store.write { try $0.noteUse(ofToken: "t1", at: Sample.at(at)) }
                var wanted = record
                wanted.lastUsedAt = Sample.at(expected)
                try expectEqual(try await store.read(view: { try $0.token("t1") }), wanted)
            }
            try await store.write { try $0.noteUse(ofToken: "gone", at: Sample.at(1)) }
            try expectEqual(try await store.read(view: { try $0.token("gone") }), nil)
        },
        Case("what is undone leaves no token and brings back what was removed") { store in
            try await store.write { try $0.putToken(token("t1", at: 0)) }
            do {
                try await store.write { transaction in
                    try transaction.removeToken("t1")
                    try transaction.putToken(token("t2", at: 0))
                    throw Refusal()
                }
            } catch is Refusal {}
            try expectEqual(try await store.read(view: { try $0.tokens().map(\.id) }), ["t1"])
        },
        Case("a token is issued and revoked with a line in the audit log each, or not at all") { store in
            try await store.write { try $0.issue(token("t1", at: 0)) }
            var person = Person(id: "ada", name: "Ada")
            person.role = .coordinator
            let ada = person
            let refusals: [(String, TokenRecord, Person?)] = [
                ("name_taken", token("t2", at: 1), nil), ("bad_name", token("t3", named: "two words", at: 1), nil),
                ("bad_name", token("t3", named: "", at: 1), nil), ("bad_name", token("t3", named: "-x", at: 1), nil),
                ("bad_name", token("t3", named: "e\u{301}", at: 1), nil),
                ("bad_name", token("t3", named: String(repeating: "x", count: 65), at: 1), nil),
                ("bad_role", token("t3", named: "hers", at: 1), ada),
                ("bad_time", token("t3", named: "late", at: 1, until: 1), nil),
            ]
            for (code, record, person) in refusals {
                try await expectTokenRefusal(code) { try await store.write { try $0.issue(record, for: person) } }
            }
            let gone = try await store.write { try $0.revoke("desk", by: "eve", typedBy: "root", at: Sample.at(7)) }
            try expectEqual([gone.id, gone.state(at: Sample.at(7)).rawValue], ["t1", "revoked"])
            try await expectTokenRefusal("ended") {
                _ = try await store.write { try $0.revoke("t1", by: "eve", at: Sample.at(8)) }
            }
            try await expectTokenRefusal("no_token") {
                _ = try await store.write { try $0.revoke("desks", by: "eve", at: Sample.at(8)) }
            }
            // The name is free again.
            try await store.write { try $0.issue(token("t4", at: 9), typedBy: "root") }
            let log = try await store.read(view: { try $0.audit(after: 0, limit: 10) })
            try expectEqual(
                log.map { "\($0.by) \($0.action) \($0.target) \($0.detail["typed_by"]?.string ?? "")" },
                [
                    "user@example.com token_create t1 ", "eve token_revoke t1 root",
                    "user@example.com token_create t4 root",
                ])
            let hash = token("t1", at: 0).hash
            try expect(!log.contains { "\($0)".contains(hash) }, "no entry has a hash of a token")
        },
        Case("when there are as many tokens as may be, those that ended longest ago make room") { store in
            try await store.write { transaction in
                for number in 0..<TokenRecord.maximumCount {
                    var record = token("t\(number)", named: "n\(number)", at: Int64(number))
                    if number == 500 { record.revokedAt = Sample.at(2000) }
                    if number == 600 { record.expiresAt = Sample.at(1500) }
                    try transaction.putToken(record)
                }
            }
            try await store.write { try $0.issue(token("new1", named: "new1", at: 3000)) }
            let (expired, revoked) = try await store.read(view: { (try $0.token("t600"), try $0.token("t500")) })
            try expect(expired == nil && revoked != nil, "the one that ended first made room")
            try await store.write { try $0.issue(token("new2", named: "new2", at: 3001)) }
            try await expectTokenRefusal("too_many") {
                try await store.write { try $0.issue(token("new3", named: "new3", at: 3002)) }
            }
            try expectEqual(try await store.read(view: { try $0.tokens().count }), TokenRecord.maximumCount)
        },
    ]

    private static func token(
        _ id: String, named name: String = "desk", at seconds: Int64, until end: Int64? = nil
    ) -> TokenRecord {
        TokenRecord(
            id: id, name: name, role: .lead, hash: String(repeating: "a", count: 64), createdAt: Sample.at(seconds),
            createdBy: "user@example.com", expiresAt: end.map(Sample.at))
    }

    private static func expectTokenRefusal(
        _ code: String, line: UInt = #line, _ body: () async throws -> Void
    ) async throws {
        do {
            try await body()
        } catch let refusal as TokenRefusal {
            return try expect(refusal.code == code, "refused as \(code), was \(refusal.code)", line: line)
        }
        try expect(false, "refused as \(code)", line: line)
    }
}
