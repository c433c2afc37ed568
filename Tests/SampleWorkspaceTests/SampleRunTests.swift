import Digests
import EnrichPlugin
import Foundation
import Logging
import MaintenancePlugin
import NotifyPlugin
import PluginHost
import PluginKit
import Playbooks
import PostmortemPlugin
import Rehearsal
import RoutePlugin
import RunMachine
import RunStore
import Testing
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
            MaintenancePlugin(manifest: manifest("maintenance")), PostmortemPlugin(manifest: manifest("postmortem")),
        ])
    }

    static func play(_ id: String, _ body: (DryRun) async throws -> DryRun.Report) async throws -> DryRun.Report {
        let (workspace, environment) = try SampleWorkspaceTests.environment()
        let check = WorkspaceCheck.run(workspace.playbookFiles, in: environment)
        let workflow = try #require(check.workflows.first { $0.id == id })
        let registry = try registry()
        let bundle = WorkflowBundle(
            of: workflow, text: check.files[id]?.text ?? "", templates: workspace.templateTexts, plugins: [:],
            settingsHash: workspace.settingsHash, defaults: workspace.settings.defaults)
        let playbook = ActivePlaybook(
            workflow: workflow.applying(workspace.settings.defaults), bundle: bundle.hash(using: SHA256.hex(of:)),
            content: bundle.value, templates: workspace.templateTexts)
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
            }, channels: ValueMap(strings: workspace.settings.channels.map { ($0.key, $0.value) }))
        var setting = RehearsalSetting(
            registry: registry, collections: collections, tables: tables, workspaceID: "sample",
            log: Logger(label: "sample") { _ in SwiftLogNoOpLogHandler() })
        setting.pluginSettings = workspace.settings.plugins
        setting.calendars = { workspace.isOpen(calendar: $0, at: $1) }
        return try await body(DryRun(playbook, in: setting))
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
        ("reopened-again", "ticket.reopened", ["ticket.update", "ticket.note", "notify.send"]),
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

    @Test func `a ticket of which next to nothing is known is triaged as well`() async throws {
        let time = try #require(Timestamp(rfc3339: "2016-03-01T03:00:00Z"))
        let event = Event(
            id: "A-0-created", source: "desk", type: "ticket.created", time: time,
            data: ["ticket": ["id": "A", "status": "new"]])
        let report = try await Self.play("new-ticket-triage") { try await $0.play(event: event) }
        #expect(report.run?.state == .succeeded, "\(String(describing: report.run?.failure))")
    }
}
