import PluginHost
import Testing
import WorkflowModel
import YAML

/// Mistakes in `webhooks:` of a manifest and in `hooks:` of a workspace.
@Suite struct WebhookManifestTests {
    private static let good = """
        plugin: tried
        version: 0.1.0
        summary: For a test.
        webhooks:
          verify: { token: { kind: header, header: X-Token }, timed: { kind: hmac, header: X-S, signed: "${timestamp}${body}", timestamp: { header: X-T } } }
          settings: { type: object, additionalProperties: false, properties: { site: { type: string } } }
          words: { status: { A: new }, team: {} }
          names: { thing: =body.thing }
          events:
            - { when: "true", type: ticket.created, data: { ticket: { id: =thing.id, status: '=word("status", body.s)' } } }

        """

    /// The manifest with one text replaced; the codes and texts of what is said of it.
    private func mistakes(_ old: String, _ new: String) -> [String] {
        let text = Self.good.split(separator: old, maxSplits: 1, omittingEmptySubsequences: false).joined(
            separator: new)
        #expect(text != Self.good || old == new)
        return ManifestReader.readFile(SourceFile(path: "plugin.yaml", text: text)).diagnostics.map {
            "\($0.code) \($0.message)\($0.help.map { " | \($0)" } ?? "")"
        }
    }

    @Test func `a right manifest has no mistakes`() { #expect(mistakes("tried", "tried") == []) }

    @Test(arguments: [
        ("kind: header", "kind: heder", "SB2004"), ("header: X-Token", "heder: X-Token", "SB2002"),
        ("header: X-Token", "header: 'X Token'", "SB2004"),
        ("header: X-Token", "header: X-Token, algorithm: sha256", "SB2007"),
        ("${timestamp}${body}", "${timestamp}", "SB2004"), ("${timestamp}${body}", "${body}", "SB2007"),
        ("${timestamp}${body}", "${timestamp}${body}${tenant}", "SB2004"),
        ("${timestamp}${body}", "${timestamp}${body", "SB2004"),
        ("timestamp: { header: X-T }", "timestamp: { header: X-T, unit: h }", "SB2004"),
        (", timestamp: { header: X-T }", "", "SB2003"),
        ("thing.id", "thin.id", "SB2010"), ("thing.id", "thing.id +", "SB2009"),
        ("thing.id", "thing.id.lower()", "SB2009"),
        ("\"status\", body.s", "\"statuss\", body.s", "SB2010"), ("when: \"true\"", "when: \"=true\"", "SB2009"),
        ("when: \"true\"", "wen: \"true\"", "SB2002"), ("ticket.created", "ticket.creatd", "SB2010"),
        ("ticket.created", "Ticket", "SB2004"), ("ticket: { id", "tiket: { id", "SB2003"),
        ("status: '=word", "statsu: '=word", "SB2010"), ("{ A: new }", "{ A: [new] }", "SB2004"),
        ("names: { thing: =body.thing }", "names: { body: =body.thing }", "SB2004"),
        ("names: { thing: =body.thing }", "names: [thing]", "SB2001"), ("  events:", "  event:", "SB2002"),
        ("type: ticket.created,", "", "SB2003"), ("when: \"true\"", "ignore: \"x\"", "SB2007"),
        ("when: \"true\"", "as: x", "SB2007"), ("when: \"true\"", "for_each: body.x, as: body", "SB2004"),
        ("{ type: object, additional", "{ type: objct, additional", "SB2005"),
        ("webhooks:", "webhooks: []\nx:", "SB2001"),
    ])
    func `each mistake of a manifest has its code`(_ old: String, _ new: String, _ code: String) {
        let found = mistakes(old, new)
        #expect(found.contains { $0.hasPrefix(code) }, "\(found)")
    }

    @Test func `what was probably meant is said`() {
        #expect(mistakes("thing.id", "thin.id").first?.contains("did you mean thing?") == true)
        #expect(mistakes("\"status\", body.s", "\"statuss\", body.s").first?.contains("did you mean status?") == true)
        #expect(mistakes("ticket.created", "ticket.creatd").first?.contains("did you mean ticket.created?") == true)
    }

    private func hooks(_ text: String) throws -> (hooks: [Hook], said: [String]) {
        let (file, _) = ManifestReader.readFile(SourceFile(path: "plugin.yaml", text: Self.good))
        let manifest = try #require(file?.webhooks)
        let root = YAMLParser.parse(SourceFile(path: "signalbox.yaml", text: text)).root
        let (hooks, problems) = HookReader.read(
            root?["hooks"],
            HookReader.Surroundings(
                plugins: ["tried": manifest], allPlugins: ["notify", "tried"], secrets: ["KEY", "OLD"],
                people: ["agent-1"], teams: ["checkout"]))
        return (
            hooks,
            problems.map {
                "\($0.severity == .warning ? "w" : "e") \($0.code) \($0.message)\($0.help.map { " | \($0)" } ?? "")"
            }
        )
    }

    @Test func `a hook is read with the words of both`() throws {
        let (hooks, said) = try hooks(
            """
            hooks:
              tried:
                secret: [=secrets.KEY, =secrets.OLD]
                verify: timed
                tolerance: 90s
                replay_window: 1h
                own: [7, bot]
                settings: { site: "https://example.com" }
                map: { status: { B: open, 5: closed }, team: { "9": checkout }, people: { 12: agent-1 } }
            """)
        #expect(said == [])
        let hook = try #require(hooks.first)
        #expect(hook.plugin == "tried" && hook.secrets == ["KEY", "OLD"] && hook.scheme.name == "timed")
        #expect(hook.own == ["7", "bot"] && hook.replayWindow == .seconds(3600) && hook.source == "/hooks/tried")
        #expect(hook.words["status"] == ["A": "new", "B": "open", "5": "closed"])
        #expect(hook.settings["site"] == "https://example.com")
    }

    @Test(arguments: [
        ("plugin: tired", "e SB1801"), ("plugin: notify", "e SB1801"), ("verfy: token", "e SB1802"),
        ("verify: tokn", "e SB1803"),
        ("tolerance: 5m", "e SB1803"), ("tolerance: soon, verify: timed", "e SB1803"),
        ("replay_window: 2d", "e SB1803"),
        ("url: here", "e SB1803"), ("settings: { sit: x }", "e SB1803"), ("settings: { site: 5 }", "e SB1803"),
        ("map: { statuses: { A: new } }", "e SB1805"), ("map: { status: [A] }", "e SB1803"),
        ("map: { status: { A: opened } }", "w SB1806"), ("map: { people: { 1: agent-9 } }", "w SB1806"),
        ("map: { team: { 1: chekout } }", "w SB1806"),
    ])
    func `each mistake of a hook has its code`(_ setting: String, _ code: String) throws {
        let plugin = setting.hasPrefix("plugin") ? "" : "plugin: tried, "
        let (hooks, said) = try hooks("hooks: { shop: { \(plugin)secret: =secrets.KEY, \(setting) } }")
        #expect(said.contains { $0.hasPrefix(code) }, "\(said)")
        #expect(hooks.isEmpty == code.hasPrefix("e"))
    }

    @Test(arguments: [
        ("secret: =secrets.KYE", "there is no secret `KYE`"), ("secret: hunter2-value", "never written down"),
        ("secret: []", "one secret or a list"),
        ("own: x", "without a secret"),
    ])
    func `a hook has a secret, and it is never repeated`(_ setting: String, _ wanted: String) throws {
        let (hooks, said) = try hooks("hooks: { shop: { plugin: tried, \(setting) } }")
        #expect(hooks.isEmpty)
        #expect(said.contains { $0.contains(wanted) }, "\(said)")
        #expect(!said.contains { $0.contains("hunter2") })
    }

    @Test(arguments: ["hooks: 5", "hooks: { Shop: { plugin: tried, secret: =secrets.KEY } }", "hooks: { shop: tried }"])
    func `hooks of a wrong form are told`(_ text: String) throws {
        let (hooks, said) = try hooks(text)
        #expect(hooks.isEmpty && said.contains { $0.hasPrefix("e SB1803") }, "\(said)")
    }
}
