import PluginHost
import PluginKit
import Testing
import WorkflowModel
import YAML

@Suite struct ManifestReaderTests {
    private let whole = """
        plugin: notify
        version: 0.1.0
        summary: Tells people.
        configuration: { type: object, properties: { from: { type: string } } }
        emits: [notification.acknowledged]
        consumes: [ticket.*, "*"]
        collections:
          tokens: { indexes: [ticket, requester.id], search: [text] }
          plain:
        actions:
          send:
            summary: Sends a message.
            effect: write
            idempotent: false
            on_uncertain: retry
            retry: { attempts: 4, backoff: linear, initial: 3s, max: 1m, jitter: equal }
            timeout: 30s
            input:
              type: object
              required: [to]
              additionalProperties: false
              properties:
                to: { type: string, format: recipient }
                times: { type: integer, default: 1 }
            output: { type: object, properties: { id: { type: string } } }
            examples:
              - title: To a person
                with: { to: agent-1 }
                output: { id: m-1 }
            errors: { refused: The server said no. }
        """

    @Test func `every part of a manifest is read`() throws {
        let (manifest, diagnostics) = ManifestReader.read(whole, file: "plugin.yaml")
        #expect(diagnostics == [])
        let plugin = try #require(manifest)
        #expect(plugin.name == "notify")
        #expect(plugin.version == "0.1.0")
        #expect(plugin.configuration.property("from") == Schema(types: ["string"]))
        #expect(plugin.emits == ["notification.acknowledged"])
        #expect(plugin.consumes == ["ticket.*", "*"])
        #expect(
            plugin.collections == [
                CollectionDeclaration(name: "tokens", indexes: ["ticket", "requester.id"], search: ["text"]),
                CollectionDeclaration(name: "plain"),
            ])
        let send = try #require(plugin.action("send"))
        #expect(send.effect == .write)
        #expect(send.onUncertain == .retry)
        #expect(
            send.retry
                == RetryPolicy(
                    attempts: 4, backoff: .linear, initial: .seconds(3), maximum: .seconds(60), jitter: .equal))
        #expect(send.timeout == .seconds(30))
        #expect(send.input.property("to")?.format == "recipient")
        #expect(send.examples.first?.with == ["to": "agent-1"])
        #expect(send.errors == [ActionManifest.NamedText("refused", "The server said no.")])
    }

    @Test(
        "each mistake is reported with its place",
        arguments: [
            ("version: 0.1.0", "verson: 0.1.0", "2:1 SB2002 a plugin's manifest has no key verson"),
            ("plugin: notify", "plugin: Notify!", "1:9 SB2004 a plugin's name has small letters"),
            ("emits: [notification.acknowledged]", "emits: [acknowledged]", "5:9 SB2004 emits must hold event types"),
            ("effect: write", "effect: writes", "13:13 SB2004 effect must be one of pure, read, state, write"),
            ("effect: write", "effect: pure", "14:5 SB2007 idempotent is for actions whose effect is write"),
            ("timeout: 30s", "timeout: soon", "17:14 SB2004 timeout must be a duration"),
            ("attempts: 4", "attempts: 0", "16:24 SB2004 attempts must be a whole number from 1 to 100"),
            ("max: 1m", "max: 1s", "16:12 SB2004 the longest wait (max) is shorter"),
            ("format: recipient", "format: recipent", "23:37 SB2005 input.to: there is no format recipent"),
            ("default: 1", "default: one", "24:42 SB2005 input.times: the default does not fit"),
            ("type: integer", "type: integr", "24:24 SB2005 input/properties/times/type: unknown type integr"),
            ("with: { to: agent-1 }", "with: { too: agent-1 }", "28:22 SB2006 with: too: is not known here"),
            ("with: { to: agent-1 }", "with: { to: 3 }", "28:21 SB2006 with: to: must be text, is whole number"),
            ("output: { id: m-1 }", "output: { id: 7 }", "29:23 SB2006 output: id: must be text"),
            ("output: { id: m-1 }", "", "27:9 SB2003 an example of send needs the key output"),
            ("search: [text]", "search: text", "8:54 SB2004 search must be a list of names of fields"),
        ])
    func mistakes(good: String, bad: String, expected: String) {
        let text = whole.split(separator: good, maxSplits: 1, omittingEmptySubsequences: false).joined(separator: bad)
        let (manifest, diagnostics) = ManifestReader.read(text, file: "plugin.yaml")
        #expect(manifest == nil)
        let shown = diagnostics.map { diagnostic in
            let start = diagnostic.range?.start
            return "\(start?.line ?? 0):\(start?.column ?? 0) \(diagnostic.code) \(diagnostic.message)"
        }
        #expect(shown.contains { $0.hasPrefix(expected) }, "\(shown)")
    }

    @Test func `what is missing is named and syntax errors are passed on`() {
        #expect(ManifestReader.read("plugin: a", file: "p").diagnostics.map(\.code) == ["SB2003", "SB2003"])
        #expect(ManifestReader.read("", file: "p").manifest == nil)
        #expect(ManifestReader.read("- a", file: "p").diagnostics.first?.code == "SB2001")
        #expect(ManifestReader.read("plugin: [", file: "p").diagnostics.isEmpty == false)
    }

    @Test func `a node gives its plain value by the core schema`() {
        let root = YAMLParser.parse(SourceFile(path: "v", text: "{a: 1, b: [yes, true, 1.5, ~], c: '2'}")).root
        #expect(root?.plainValue == ["a": 1, "b": ["yes", true, 1.5, nil], "c": "2"])
    }
}
