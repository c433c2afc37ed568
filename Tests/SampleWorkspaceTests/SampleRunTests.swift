import Digests
import EnrichPlugin
import Foundation
import Logging
import IncidentPlugin
import MaintenancePlugin
import NotifyPlugin
import PluginHost
import PluginKit
import Playbooks
import PostmortemPlugin
import Rehearsal
import RoutePlugin
import SLAPlugin
import RunMachine
import RunStore
import Testing
import TicketImport
import TicketPlugin
import WorkflowEngine
import WorkflowModel
import Workspaces
import YAML

/// Each playbook of the sample workspace is played on the sample event of its trigger, with the real plugins and without a write.
@Suite("Runs of the sample workspace")
struct SampleRunTests {
    static func manifest(_ name: String) throws -> PluginManifest {
        let file = SampleWorkspaceTests.root.appending(path: "plugins/\(name)/plugin.yaml")
        let source = SourceFile(path: "plugins/\(name)/plugin.yaml", bytes: Array(try Data(contentsOf: file)))
        return try #require(ManifestReader.read(source).manifest)
    }

    static func registry() throws -> PluginRegistry {
        try PluginRegistry([
            TicketPlugin(manifest: manifest("ticket")), EnrichPlugin(manifest: manifest("enrich")),
            RoutePlugin(manifest: manifest("route")), NotifyPlugin(manifest: manifest("notify")),
            MaintenancePlugin(manifest: manifest("maintenance")), SLAPlugin(manifest: manifest("sla")),
            IncidentPlugin(manifest: manifest("incident")),
            PostmortemPlugin(manifest: manifest("postmortem")),
        ])
    }

    /// The playbook `id`, or all of them, and what they are rehearsed in.
    static func stage(_ id: String? = nil) throws -> (playbooks: [ActivePlaybook], setting: RehearsalSetting) {
        let (workspace, environment) = try SampleWorkspaceTests.environment()
        let check = WorkspaceCheck.run(workspace.playbookFiles, in: environment)
        let registry = try registry()
        let playbooks = check.workflows.filter { id == nil || $0.id == id }.map { workflow in
            let bundle = WorkflowBundle(
                of: workflow, text: check.files[workflow.id]?.text ?? "", templates: workspace.templateTexts,
                plugins: [:], settingsHash: workspace.settingsHash, defaults: workspace.settings.defaults)
            return ActivePlaybook(
                workflow: workflow.applying(workspace.settings.defaults), bundle: bundle.hash(using: SHA256.hex(of:)),
                content: bundle.value, templates: workspace.templateTexts)
        }
        var collections: [String: CollectionDeclaration] = [:]
        for plugin in registry.plugins.map(\.manifest) {
            for collection in plugin.collections { collections["\(plugin.name).\(collection.name)"] = collection }
        }
        let tables = WorkspaceTables(
            name: workspace.settings.name, directory: workspace.directory,
            tables: workspace.tables.mapValues { table in
                LookupTable(
                    name: table.name, columns: table.columns, rows: table.rows.compactMap(\.map),
                    contentHash: table.contentHash)
            }, channels: ValueMap(strings: workspace.settings.channels.map { ($0.key, $0.value) }),
            policies: workspace.policies.map { PolicyTable(version: $0.version, content: $0.content) })
        var setting = RehearsalSetting(
            registry: registry, collections: collections, tables: tables, workspaceID: "sample",
            log: Logger(label: "sample") { _ in SwiftLogNoOpLogHandler() })
        setting.pluginSettings = workspace.settings.plugins
        setting.calendars = { workspace.isOpen(calendar: $0, at: $1) }
        setting.businessTime = { name, duration, start throws(Failure) in
            try workspace.moment(after: duration, of: name, from: start)
        }
        return (playbooks, setting)
    }

    static func play(_ id: String, _ body: (DryRun) async throws -> DryRun.Report) async throws -> DryRun.Report {
        let (playbooks, setting) = try stage(id)
        return try await body(DryRun(#require(playbooks.first), in: setting))
    }

    static func event(_ type: String) throws -> Event {
        let file = SampleWorkspaceTests.folder.appending(path: "events/\(type).json")
        return try Event(
            cloudEvent: JSON.parse(Array(try Data(contentsOf: file))), now: Timestamp(seconds: 0))
    }

    @Test(arguments: [
        ("new-ticket-triage", "ticket.created", ["ticket.update", "ticket.tag", "ticket.update", "notify.send"]),
        ("vip-escalation", "ticket.commented", ["ticket.tag", "ticket.note", "notify.send", "notify.page"]),
        ("sla-at-risk", "sla.at_risk", ["notify.send", "notify.send"]),
        ("sla-at-risk", "sla.breached", ["notify.send", "notify.send", "notify.page"]),
        (
            "incident-declared", "incident.declared",
            [
                "notify.page", "notify.send", "notify.send", "ticket.note", "ticket.link", "ticket.note",
                "ticket.link",
            ]
        ),
        ("maintenance-proposed", "maintenance.proposed", ["notify.send"]),
        (
            "incident-resolved-postmortem", "incident.resolved",
            ["ticket.reply", "ticket.reply", "notify.send", "notify.send"]
        ),
        ("action-overdue", "action.overdue", ["notify.send", "notify.send"]),
        ("unrouted-ticket", "routing.unrouted", ["notify.send"]),
        ("playbook-stopped", "playbook.breaker_opened", ["notify.send"]),
        ("playbook-stopped", "playbook.loop_stopped", ["notify.send"]),
        ("reopened-again", "ticket.reopened", ["ticket.update", "ticket.note", "notify.send"]),
        ("tell-people-of-questions", "ask.opened", ["notify.send"]),
        ("tell-people-of-questions", "ask.reminded", ["notify.send"]),
    ])
    func `each playbook fires on its sample event and runs to its end`(id: String, type: String, writes: [String])
        async throws
    {
        let event = try Self.event(type)
        let report = try await Self.play(id) { try await $0.play(event: event) }
        let run = try #require(
            report.run, "\(id) does not fire: \(report.verdicts) \(String(describing: report.match))")
        #expect(run.state == .succeeded, "\(String(describing: run.failure))")
        #expect(report.writes.map(\.action).sorted() == writes.sorted())
        if ProcessInfo.processInfo.environment["SIGNALBOX_TEST_SHOW"] != nil {
            for write in report.writes {
                print("\(id) \(write.step) \(write.summary)\n\(JSONWriter.text(write.sent, indent: 2))")
            }
        }
    }

    @Test func `the playbook that a person starts runs to its end`() async throws {
        let start = try #require(Timestamp(rfc3339: "2026-11-23T09:00:00Z"))
        let report = try await Self.play("stalled-tickets") {
            try await $0.play(inputs: ["silent_for": "8h"], start: start)
        }
        #expect(report.run?.state == .succeeded, "\(String(describing: report.run?.failure))")
    }

    static let time = Timestamp(seconds: 1_456_801_200)  // 2016-03-01T03:00:00Z, at night

    @Test(
        arguments: [
            ("new-ticket-triage", "ticket.created", ["ticket": ["id": "A", "status": "new"]]),
            ("vip-escalation", "ticket.created", ["ticket": ["id": "A", "title": "Your manager, please"]]),
            (
                "vip-escalation", "ticket.commented",
                ["ticket": ["id": "A"], "comment": ["by": "customer", "text": "lawyer"]]
            ),
            (
                "sla-at-risk", "sla.at_risk",
                ["ticket": ["id": "A", "status": "new"], "sla": ["metric": "first_reply"]]
            ),
            (
                "sla-at-risk", "sla.breached",
                ["ticket": ["id": "A"], "sla": ["metric": "first_reply", "breached": true]]
            ),
            ("incident-declared", "incident.declared", ["incident": ["id": "I"]]),
            (
                "incident-declared", "incident.declared",
                ["incident": ["id": "I", "severity": "SEV3", "regulatory": true]]
            ),
            ("incident-resolved-postmortem", "incident.resolved", ["incident": ["id": "I", "tickets": ["A"]]]),
            ("incident-resolved-postmortem", "incident.resolved", ["incident": ["id": "I", "severity": "SEV2"]]),
            ("maintenance-proposed", "maintenance.proposed", ["maintenance": ["id": "M"]]),
            (
                "maintenance-proposed", "maintenance.proposed",
                ["maintenance": ["id": "M", "services": ["search"], "starts_at": "2016-03-05T03:00:00Z"]]
            ),
            (
                "maintenance-proposed", "maintenance.proposed",
                // A Tuesday noon, outside of the hours for changes of the checkout.
                ["maintenance": ["id": "M", "services": ["checkout"], "starts_at": "2016-03-08T12:00:00Z"]]
            ),
            ("action-overdue", "action.overdue", ["action": ["id": "X", "state": "open", "priority": "P1"]]),
            ("unrouted-ticket", "routing.unrouted", ["routing": ["ticket": "A"]]),
            (
                "unrouted-ticket", "routing.unrouted",
                ["routing": ["ticket": "A"], "ticket": ["id": "A", "priority": "P1"]]
            ),
            ("reopened-again", "ticket.reopened", ["ticket": ["id": "A", "reopen_count": 3]]),
            ("tell-people-of-questions", "ask.opened", ["ask": ["id": "Q", "question": "Go?", "who": ["lead-1"]]]),
        ] as [(String, String, ValueMap)])
    func `an event that tells next to nothing is no reason to fail`(id: String, type: String, data: ValueMap)
        async throws
    {
        let event = Event(id: "1", source: "desk", type: type, time: Self.time, data: data)
        let report = try await Self.play(id) { try await $0.play(event: event) }
        #expect(report.run?.state == .succeeded, "\(String(describing: report.run?.failure))")
        #expect(!report.writes.isEmpty)
    }

    @Test func `a standard change without a conflict is scheduled and announced`() async throws {
        let event = Event(
            id: "1", source: "desk", type: "maintenance.proposed", time: Self.time,
            data: [
                "maintenance": [
                    "id": "M", "services": ["search"], "starts_at": "2016-03-05T03:00:00Z", "kind": "standard",
                    "owner": "agent-4",
                ]
            ])
        let report = try await Self.play("maintenance-proposed") { try await $0.play(event: event) }
        #expect(report.run?.state == .succeeded, "\(String(describing: report.run?.failure))")
        #expect(report.emitted.map(\.type) == ["maintenance.scheduled"])
    }

    @Test func `all playbooks live through the real history without a failure`() async throws {
        let folder = SampleWorkspaceTests.folder
        let source = SourceFile(
            path: "servicenow.yaml",
            bytes: Array(try Data(contentsOf: folder.appending(path: "imports/servicenow.yaml"))))
        let mapping = try #require(ImportMapping.read(source).mapping)
        let csv = Array(try Data(contentsOf: folder.appending(path: "history/servicenow-200.csv")))
        let events = try TicketImport.run(csv: csv, path: "history.csv", mapping: mapping).events
        let (playbooks, setting) = try Self.stage()
        let report = try await HistoryRehearsal(playbooks, in: setting).play(events)
        #expect(report.events == events.count)
        for summary in report.playbooks {
            #expect(summary.failures.isEmpty && summary.runFailures.isEmpty, "\(summary)")
        }
        let triage = try #require(report.playbooks.first { $0.playbook == "new-ticket-triage" })
        #expect(triage.fired > 0 && triage.states == [.succeeded: triage.fired], "\(triage)")
        if ProcessInfo.processInfo.environment["SIGNALBOX_TEST_SHOW"] != nil {
            for one in report.playbooks where one.looked > 0 {
                print(one.playbook, one.looked, one.fired, one.stoppedBy, one.states, one.writes, one.assignees)
            }
        }
    }
}
