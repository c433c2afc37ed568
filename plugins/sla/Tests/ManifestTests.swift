import PluginTesting
import Testing

@testable import SLAPlugin

@Suite("plugin.yaml of sla")
struct ManifestTests {
    @Test("Manifest, implementation and examples fit together")
    func manifest() async throws {
        let bench = try ClockBench(ConsumerTests.policies).bench
        let plugin = try #require(bench.plugins.first)
        #expect(PluginChecks.manifest(plugin) == [])
        #expect(PluginChecks.examples(plugin) == [])
        for fault in await PluginChecks.badInput(plugin, on: bench) { Issue.record("\(fault)") }
    }
}
