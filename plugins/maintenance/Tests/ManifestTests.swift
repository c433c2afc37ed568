import PluginTesting
import Testing

@Suite("plugin.yaml of maintenance") struct ManifestTests {
    @Test func `manifest, implementation and examples fit together`() async throws {
        let bench = try maintenanceBench()
        let plugin = try #require(bench.plugins.first)
        #expect(PluginChecks.manifest(plugin) == [])
        #expect(PluginChecks.examples(plugin) == [])
        #expect(await PluginChecks.badInput(plugin, on: bench) == [])
    }
}
