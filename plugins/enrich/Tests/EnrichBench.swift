import EnrichPlugin
import PluginKit
import PluginTesting
import WorkflowModel

func enrichBench() throws -> PluginBench {
    let manifest = try ManifestFile.read(besideTest: #filePath)
    var bench = PluginBench(
        EnrichPlugin(manifest: manifest), others: [try ManifestFile.read("ticket", besideTest: #filePath)])
    bench.tables = [
        Samples.table("regions", ["region", "owner"], [["EMEA", "agent-1"], ["APAC", "agent-2"], ["", "nobody"]]),
        Samples.table(
            "customers", ["id", "name", "domain", "tier", "region", "valid_from", "valid_until"],
            [
                ["c-1", "Example Corp", "example.com; example.net", "gold", "EMEA", "", "2026-12-31"],
                ["c-2", "Old Corp", "old.example.org", "platinum", "", "", "2026-11-22"],
                ["c-3", "New Corp", "new.example.org", "silver", "", "2026-11-24", ""],
                ["c-4", "Last Day", "last.example.org", "silver", "", "2026-11-23", "2026-11-23"],
                [5, "No tier", "sub.example.com", "", "", "", ""],
            ]),
    ]
    return bench
}

func code(_ body: () async throws -> Value) async -> String? {
    do {
        _ = try await body()
        return nil
    } catch let failure as Failure { return failure.code } catch { return "\(error)" }
}
