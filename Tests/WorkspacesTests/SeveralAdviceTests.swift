import Foundation
import Playbooks
import Testing
import WorkflowModel
import YAML

@testable import Workspaces

@Suite("Advice about several playbooks")
struct SeveralAdviceTests {
    private static let settings = "name: test\nzone: Europe/Berlin\n"

    private static let actions: [ActionSignature] = {
        func schema(_ inputs: [String]) -> Schema {
            var schema = Schema(types: ["object"])
            schema.properties = inputs.map { Schema.Property($0, .anything) }
            return schema
        }
        var declare = ActionSignature(name: "incident.declare", input: schema(["title", "severity", "dedupe_key"]))
        declare.emits = ["incident.declared"]
        declare.onceBy = ["dedupe_key"]
        var update = ActionSignature(
            name: "incident.update", input: schema(["incident", "severity", "status", "message"]))
        update.emits = ["incident.updated"]
        update.sets = ["severity", "status"]
        update.target = "incident"
        var change = ActionSignature(name: "ticket.update", input: schema(["ticket", "priority", "status"]))
        change.echoes = ["ticket.updated"]
        change.sets = ["priority", "status"]
        change.target = "ticket"
        var lookup = ActionSignature(name: "enrich.lookup", effect: "pure", input: schema(["value"]))
        var table = Schema(types: ["string"])
        table.format = "table"
        lookup.input.properties.append(Schema.Property("table", table))
        var send = ActionSignature(name: "notify.send", input: schema(["to", "text", "data"]))
        var template = Schema(types: ["string"])
        template.format = "template"
        var channel = Schema(types: ["string"])
        channel.format = "channel"
        send.input.properties += [Schema.Property("template", template), Schema.Property("by", channel)]
        return [declare, update, change, lookup, send]
    }()

    /// Playbooks by name: trigger, steps and further lines, and what is said of them.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let playbooks: [(name: String, trigger: String, steps: String)]
        let said: [String]
        var mode = "active"

        init(_ title: String, _ playbooks: [(String, String, String)], _ said: [String], mode: String = "active") {
            testDescription = title
            self.playbooks = playbooks
            self.said = said
            self.mode = mode
        }
    }

    static let cases: [Case] = [
        Case(
            "a playbook that starts itself",
            [("a", "{ event: incident.declared }", "  - uses: incident.declare\n    with: { title: x }")],
            ["a.yaml:6:11-6:27 SB1950"]),
        Case(
            "a key that recognises the same again",
            [
                (
                    "a", "{ event: incident.declared }",
                    "  - { uses: incident.declare, with: { title: x, dedupe_key: y } }"
                )
            ], []),
        Case(
            "a condition that its own change does not fulfil",
            [
                (
                    "a", "{ event: incident.declared, when: 'incident.severity == \"SEV1\"' }",
                    "  - { uses: incident.declare, with: { title: x, severity: SEV2 } }"
                )
            ], []),
        Case(
            "a condition that its own change does fulfil",
            [
                (
                    "a", "{ event: incident.declared, when: 'incident.severity == \"SEV1\"' }",
                    "  - { uses: incident.declare, with: { title: x, severity: SEV1 } }"
                )
            ], ["a.yaml:6:13-6:29 SB1950"]),
        Case(
            "an update that changes what the trigger looks at",
            [
                (
                    "a", "{ event: incident.updated, fires: every_event, when: '!missing(changes.severity)' }",
                    "  - { uses: incident.update, with: { severity: =incident.severity, message: x } }"
                )
            ], ["a.yaml:6:13-6:28 SB1950"]),
        Case(
            "an update that does not change what the trigger looks at",
            [
                (
                    "a", "{ event: incident.updated, fires: every_event, when: '!missing(changes.severity)' }",
                    "  - { uses: incident.update, with: { message: x } }"
                )
            ], []),
        Case(
            "a trigger that fires only when its condition becomes true",
            [
                (
                    "a", "{ event: incident.updated, when: 'incident.severity == \"SEV1\"' }",
                    "  - { uses: incident.update, with: { message: x } }"
                )
            ], []),
        Case(
            "an echo counts only where it is asked for",
            [
                ("a", "{ event: ticket.updated }", "  - { uses: ticket.update, with: { priority: =ticket.priority } }"),
                (
                    "b", "{ event: ticket.updated, include_own: true }",
                    "  - { uses: ticket.update, with: { priority: =ticket.priority } }"
                ),
            ], ["b.yaml:6:13-6:26 SB1950"]),
        Case(
            "a question that the answer of a question starts",
            [
                (
                    "a", "{ event: ask.answered }",
                    "  - { id: q, ask: { who: user1@example.com, question: x, fields: { a: { type: text } } } }"
                )
            ], ["a.yaml:6:14-6:17 SB1950"]),
        Case(
            "a disabled playbook starts nothing",
            [("a", "{ event: incident.declared }", "  - { uses: incident.declare, with: { title: x } }")], [],
            mode: "disabled"),
        Case(
            "two playbooks that start each other",
            [
                ("a", "{ event: incident.declared }", "  - { uses: incident.update, with: { message: x } }"),
                ("b", "{ event: incident.updated }", "  - { uses: incident.declare, with: { title: x } }"),
            ], ["a.yaml:6:13-6:28 SB1951"]),
        Case(
            "shadows start nothing",
            [
                ("a", "{ event: incident.declared }", "  - { uses: incident.update, with: { message: x } }"),
                ("b", "{ event: incident.updated }", "  - { uses: incident.declare, with: { title: x } }"),
            ], [], mode: "shadow"),
        Case(
            "different values for one field",
            [
                ("a", "{ event: ticket.created }", "  - { uses: ticket.update, with: { priority: P1 } }"),
                (
                    "b", "{ event: [ticket.created, ticket.reopened] }",
                    "  - { uses: ticket.update, with: { priority: P2 } }"
                ),
            ], ["b.yaml:6:46-6:48 SB1952"]),
        Case(
            "the same value for one field",
            [
                ("a", "{ event: ticket.created }", "  - { uses: ticket.update, with: { priority: P1 } }"),
                ("b", "{ event: ticket.created }", "  - { uses: ticket.update, with: { priority: P1 } }"),
            ], []),
        Case(
            "different fields",
            [
                ("a", "{ event: ticket.created }", "  - { uses: ticket.update, with: { priority: P1 } }"),
                ("b", "{ event: ticket.created }", "  - { uses: ticket.update, with: { status: open } }"),
            ], []),
        Case(
            "triggers that exclude each other",
            [
                (
                    "a", "{ event: ticket.created, when: 'ticket.team == \"x\"' }",
                    "  - { uses: ticket.update, with: { priority: P1 } }"
                ),
                (
                    "b", "{ event: ticket.created, when: ['ticket.team != \"x\"'] }",
                    "  - { uses: ticket.update, with: { priority: P2 } }"
                ),
            ], []),
        Case(
            "steps whose conditions exclude each other",
            [
                (
                    "a", "{ event: ticket.created }",
                    "  - { if: missing(ticket.team), uses: ticket.update, with: { priority: P1 } }"
                ),
                (
                    "b", "{ event: ticket.created }",
                    "  - if: '!missing(ticket.team)'\n    then: [{ uses: ticket.update, with: { priority: P2 } }]"
                ),
            ], []),
        Case(
            "different tickets",
            [
                (
                    "a", "{ event: ticket.created }",
                    "  - { uses: ticket.update, with: { ticket: =ticket.parent, priority: P1 } }"
                ),
                ("b", "{ event: ticket.created }", "  - { uses: ticket.update, with: { priority: P2 } }"),
            ], []),
        Case(
            "a write after a wait",
            [
                ("a", "{ event: ticket.created }", "  - { uses: ticket.update, with: { priority: P1 } }"),
                ("b", "{ event: ticket.created }", "  - wait: 1h\n  - { uses: ticket.update, with: { priority: P2 } }"),
            ], []),
    ]

    @Test("says what two playbooks do to each other", arguments: cases)
    func several(_ example: Case) throws {
        var files: [String: String] = [:]
        for playbook in example.playbooks {
            files["playbooks/\(playbook.name).yaml"] =
                "playbook: \(playbook.name)\nowner: user1@example.com\nmode: \(example.mode)\ntrigger: \(playbook.trigger)\nsteps:\n"
                + playbook.steps + "\n"
        }
        #expect(try Self.said(files) == example.said)
    }

    static let call =
        "playbook: a\nowner: user1@example.com\nmode: active\ntrigger: { event: ticket.created }\nsteps:\n"

    @Test(
        "parts that nothing uses",
        arguments: [
            (
                ["tables/regions.yaml": "a: 1\n", "playbooks/a.yaml": call + "  - stop: done\n"],
                ["regions.yaml:0:0-0:0 SB1960"]
            ),
            (
                [
                    "tables/regions.yaml": "a: 1\n",
                    "playbooks/a.yaml": call
                        + "  - { id: r, uses: enrich.lookup, with: { table: regions, value: a } }\n  - stop: =steps.r.found\n",
                ], []
            ),
            (
                [
                    "tables/regions.yaml": "a: 1\n",
                    "playbooks/a.yaml": call
                        + "  - { id: r, uses: enrich.lookup, with: { table: =ticket.team, value: a } }\n  - stop: =steps.r.found\n",
                ], []
            ),
            (["tables/implied.yaml": "a: 1\n", "playbooks/a.yaml": call + "  - stop: done\n"], []),
            (
                ["templates/late.mustache": "x", "playbooks/a.yaml": call + "  - stop: done\n"],
                ["late.mustache:0:0-0:0 SB1961"]
            ),
            (
                [
                    "templates/late.mustache": "{{> foot}}", "templates/foot.mustache": "x",
                    "templates/late.html.mustache": "x",
                    "playbooks/a.yaml": call + "  - { uses: notify.send, with: { to: x, template: late } }\n",
                ], []
            ),
            (
                [
                    "calendars.yaml": "night:\n  hours: mon-fri 20:00-24:00\n",
                    "playbooks/a.yaml": call + "  - stop: done\n",
                ],
                ["calendars.yaml:1:1-1:6 SB1962"]
            ),
            (
                [
                    "calendars.yaml": "night:\n  hours: mon-fri 20:00-24:00\n",
                    "playbooks/a.yaml": call + "  - { if: open_now(\"night\"), stop: done }\n",
                ], []
            ),
            (
                [
                    "signalbox.yaml": settings
                        + "channels:\n  a: { by: outbox }\n  forgotten: { by: chat, url: https://chat.example.com/x }\n",
                    "playbooks/a.yaml": call + "  - stop: done\n",
                ], ["signalbox.yaml:5:3-5:12 SB1963"]
            ),
            (
                [
                    "signalbox.yaml": settings + "channels:\n  a: { by: outbox }\n  used: { by: outbox }\n",
                    "playbooks/a.yaml": call + "  - { uses: notify.send, with: { to: x, by: used, text: y } }\n",
                ], []
            ),
            (
                [
                    "signalbox.yaml": "# signalbox: allow SB1961, SB1960 they come with the next playbook\n" + settings,
                    "templates/late.mustache": "x", "tables/regions.csv": "a,b\n1,2\n",
                    "playbooks/a.yaml": call + "  - stop: done\n",
                ], []
            ),
            (
                [
                    "tables/regions.yaml": "# signalbox: allow SB1960 it comes with the next playbook\na: 1\n",
                    "playbooks/a.yaml": call + "  - stop: done\n",
                ], []
            ),
            (
                [
                    "signalbox.yaml": "# signalbox: allow SB1961 they come with the next playbook\n" + settings,
                    "playbooks/a.yaml": call + "  - stop: done\n",
                ], ["signalbox.yaml:1:20-1:26 SB1920"]
            ),
        ] as [([String: String], [String])])
    func parts(_ files: [String: String], _ said: [String]) throws { #expect(try Self.said(files) == said) }

    @Test("what is allowed is kept")
    func allowed() throws {
        let folder = try TemporaryWorkspace(
            [
                "tables/regions.yaml": "# signalbox: allow SB1960 next week\na: 1\n",
                "playbooks/a.yaml": Self.call + "  - { if: 1 == 1, stop: done } # signalbox: allow SB1903 for now\n",
            ], settings: Self.settings)
        let workspace = try #require(folder.load().workspace)
        let result = WorkspaceCheck.run(workspace, in: workspace.checkEnvironment(actions: Self.actions))
        #expect(result.diagnostics.isEmpty)
        #expect(result.allowed.map(\.diagnostic.code) == ["SB1903", "SB1960"])
        #expect(result.allowed.map(\.reason) == ["for now", "next week"])
    }

    @Test("a comment about several playbooks is not judged by one of them")
    func alone() {
        let text = Self.call + "  # signalbox: allow SB1952 the other one goes away\n  - stop: done\n"
        var environment = CheckEnvironment()
        environment.givesAdvice = true
        let said = WorkspaceCheck.run([SourceFile(path: "a.yaml", text: text)], in: environment).diagnostics
        #expect(said.isEmpty, "\(said.map(\.json))")
    }

    private static func said(_ files: [String: String]) throws -> [String] {
        var files = files
        let settings = files.removeValue(forKey: "signalbox.yaml") ?? settings
        let folder = try TemporaryWorkspace(files, settings: settings)
        let load = folder.load()
        let workspace = try #require(load.workspace)
        let environment = workspace.checkEnvironment(actions: actions, implied: ["implied"])
        let result = WorkspaceCheck.run(workspace, in: environment)
        return (load.diagnostics + result.diagnostics).map { found in
            let file = found.file.split(separator: "/").last ?? ""
            let start = found.range?.start ?? SourcePosition(line: 0, column: 0, byte: 0)
            let end = found.range?.end ?? start
            return "\(file):\(start.line):\(start.column)-\(end.line):\(end.column) \(found.code)"
        }
    }
}
