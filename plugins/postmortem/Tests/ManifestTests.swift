import PluginTesting
import Testing

@Suite("plugin.yaml of postmortem") struct ManifestTests {
    @Test func `manifest, implementation and examples fit together`() async throws {
        let bench = try postmortemBench()
        let plugin = try #require(bench.plugins.first)
        #expect(PluginChecks.manifest(plugin) == [])
        #expect(PluginChecks.examples(plugin) == [])
        #expect(await PluginChecks.badInput(plugin, on: bench) == [])
    }
}
