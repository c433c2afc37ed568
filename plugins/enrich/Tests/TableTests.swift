import PluginTesting
import Testing
import WorkflowModel

private let customers: [(ValueMap, ValueMap)] = [
    (["id": "c-1"], ["known": true, "tier": "gold", "matched_by": "id", "expired": false, "region": "EMEA"]),
    (["id": " C-1 "], ["known": true, "tier": "gold"]),
    (["email": "user1@EXAMPLE.net"], ["known": true, "id": "c-1", "matched_by": "domain", "domain": "example.net"]),
    (["email": "user1@mail.example.com"], ["id": "c-1", "domain": "example.com"]),
    (["email": "user1@a.sub.example.com"], ["id": "5", "domain": "sub.example.com", "tier": "standard"]),
    (["email": "user1@notexample.com"], ["known": false, "tier": "standard", "matched_by": nil]),
    (["email": "nonsense"], ["known": false]), ([:], ["known": false, "id": nil]),
    (["id": "c-9", "email": "user1@example.com"], ["id": "c-1", "matched_by": "domain"]),
    (["id": "c-9", "default_tier": "free"], ["known": false, "tier": "free", "id": "c-9"]),
    (["id": "c-2"], ["known": true, "tier": "standard", "expired": true, "valid_until": "2026-11-22"]),
    (["id": "c-3"], ["known": true, "tier": "standard", "expired": true]),
    (["id": "c-4"], ["known": true, "tier": "silver", "expired": false]),
]

@Suite struct TableTests {
    @Test(
        "a row is found by its key without case and spaces",
        arguments: [("emea", "agent-1"), (" APAC ", "agent-2"), ("AMER", nil), ("", nil)] as [(String, String?)])
    func lookup(value: String, owner: String?) async throws {
        let output = try await enrichBench().run("enrich.lookup", with: ["table": "regions", "value": .string(value)])
        #expect(output["found"]?.bool == (owner != nil))
        #expect(output["row"]?["owner"]?.string == owner)
        #expect(output["hash"] == "hash")
    }

    @Test func `a miss gives the default row, and case counts when asked`() async throws {
        let bench = try enrichBench()
        var output = try await bench.run(
            "enrich.lookup", with: ["table": "regions", "value": "AMER", "default": ["owner": "agent-4"]])
        #expect(output["found"] == false)
        #expect(output["row"] == ["owner": "agent-4"])
        output = try await bench.run(
            "enrich.lookup", with: ["table": "regions", "value": "emea", "case_sensitive": true])
        #expect(output["found"] == false)
        output = try await bench.run(
            "enrich.lookup", with: ["table": "customers", "key": "id", "value": 5])
        #expect(output["row"]?["name"] == "No tier")
    }

    @Test func `tables that cannot answer are refused`() async throws {
        var bench = try enrichBench()
        bench.tables.append(Samples.table("double", ["k", "v"], [["a", 1], ["b", 2], [" A", 3]]))
        bench.tables.append(Samples.table("odd", ["id", "tier", "valid_until"], [["c", "gold", "soon"]]))
        let cases: [(String, Value, String)] = [
            ("enrich.lookup", ["table": "nowhere", "value": "x"], "no_table"),
            ("enrich.lookup", ["table": "regions", "key": "zone", "value": "x"], "bad_table"),
            ("enrich.lookup", ["table": "double", "value": "b"], "duplicate_keys"),
            ("enrich.customer", ["table": "odd", "id": "c"], "bad_table"),
            ("enrich.customer", ["table": "regions", "id": "c"], "bad_table"),
        ]
        let sut = bench
        for (action, with, expected) in cases {
            #expect(await code { try await sut.run(action, with: with) } == expected)
        }
    }

    @Test("the customer's tier", arguments: customers)
    func customer(with: ValueMap, expected: ValueMap) async throws {
        let output = try await enrichBench().run("enrich.customer", with: .map(with))
        for entry in expected { #expect(output[entry.key.jsonText] == entry.value, "\(entry.key.jsonText)") }
    }

    @Test func `the ticket names the customer when the step does not`() async throws {
        var bench = try enrichBench()
        bench.names = ["ticket": ["customer": ["id": nil], "requester": ["email": "user3@example.com"]]]
        #expect(try await bench.run("enrich.customer")["id"] == "c-1")
        bench.names = ["ticket": ["customer": ["id": "c-2"], "requester": ["email": "user3@example.com"]]]
        #expect(try await bench.run("enrich.customer")["id"] == "c-2")
    }

    @Test func `the manifest holds, its examples are true, and bad input is refused`() async throws {
        let bench = try enrichBench()
        let plugin = bench.plugins[0]
        #expect(PluginChecks.manifest(plugin) == [])
        #expect(PluginChecks.examples(plugin) == [])
        #expect(await PluginChecks.pureExamples(plugin, on: bench) == [])
        #expect(await PluginChecks.badInput(plugin, on: bench) == [])
    }
}
