import NotifyPlugin
import PluginTesting
import Testing
import WorkflowModel

@Suite("plugin.yaml of notify") struct ManifestTests {
    @Test func `manifest, implementation and examples fit together`() async throws {
        let bench = try notifyBench()
        let plugin = try #require(bench.plugins.first)
        #expect(PluginChecks.manifest(plugin) == [])
        #expect(PluginChecks.examples(plugin) == [])
        #expect(await PluginChecks.badInput(plugin, on: bench) == [])
    }

    @Test func `rehearsals of the examples send nothing`() async throws {
        let bench = try notifyBench()
        #expect(await PluginChecks.rehearsals(try #require(bench.plugins.first), on: bench) == [])
    }
}
