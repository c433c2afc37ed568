import PluginTesting
import Testing
import WorkflowModel

private let cells: [(Value, Value, String, Int64)] = [
    (1, 1, "P1", 1), (1, 2, "P2", 2), (1, 3, "P3", 3), (2, 1, "P2", 2), (2, 2, "P3", 3), (2, 3, "P4", 4),
    (3, 1, "P3", 3), (3, 2, "P4", 4), (3, 3, "P4", 5), ("1 - High", "2 - Medium", "P2", 2), ("high", "LOW", "P3", 3),
    ("Critical", " moderate ", "P2", 2), ("3", "1", "P3", 3),
]

private let configured: [(Value, Value, String?)] = [
    ("1 - Extensive", "1", "P1"), ("extensive", "1 - Critical", "P1"), (1, 1, "P1"), ("2", "high", "P2"),
    ("major", "1", "P1"), ("3", "3", nil), ("2", "2", "bad_table"), ("4", "4", "bad_table"),
]

@Suite struct PriorityTests {
    @Test("the default matrix is ServiceNow's, with four priorities", arguments: cells)
    func matrix(impact: Value, urgency: Value, priority: String, level: Int64) async throws {
        let output = try await enrichBench().run("enrich.priority", with: ["impact": impact, "urgency": urgency])
        #expect(output["priority"]?.string == priority)
        #expect(output["level"]?.int == level)
        #expect(output["assumed"] == false)
    }

    @Test func `the ticket's own impact and urgency are taken when none are given`() async throws {
        var bench = try enrichBench()
        bench.names = ["ticket": ["impact": "1 - High", "urgency": "3 - Low"]]
        #expect(try await bench.run("enrich.priority")["priority"] == "P3")
        #expect(try await bench.run("enrich.priority", with: ["urgency": 1])["priority"] == "P1")
    }

    @Test func `what is missing or unknown is the default and says so, or a failure`() async throws {
        let bench = try enrichBench()
        for with: ValueMap in [[:], ["impact": 1], ["impact": "purple", "urgency": 1], ["impact": 1, "urgency": 4]] {
            #expect(await code { try await bench.run("enrich.priority", with: .map(with)) } == "unknown_level")
            let output = try await bench.run("enrich.priority", with: .map(with.merging(["default": "P3"])))
            #expect(output["priority"] == "P3")
            #expect(output["assumed"] == true)
        }
    }

    @Test("a table of the workspace replaces the matrix", arguments: configured)
    func table(impact: Value, urgency: Value, expected: String?) async throws {
        var bench = try enrichBench()
        bench.tables.append(
            Samples.table(
                "priority", ["impact", "urgency", "priority"],
                [
                    ["1 - Extensive", "1 - Critical", "P1"], ["2", "1", "P2"], ["Major", "1", "P1"], ["2", "2", "P2"],
                    ["2", "2", "P3"], ["4", "4", "urgent"],
                ]))
        let sut = bench
        let failure = await code {
            let output = try await sut.run("enrich.priority", with: ["impact": impact, "urgency": urgency])
            #expect(output["priority"]?.string == expected)
            #expect(output["source"] == "table priority")
            return output
        }
        #expect(failure == (expected == nil ? "not_in_matrix" : expected == "bad_table" ? "bad_table" : nil))
    }
}
