import Foundation
import Playbooks
import Templates
import Testing
import WorkflowModel
import Workspaces
import YAML

@Suite("Loading a workspace")
struct WorkspaceLoaderTests {
    static let files = [
        "people.yaml": """
        - id: ada
          name: First
          email: ada@example.com
          zone: Europe/Paris
          groups: [incident-managers, network]
          skills: { network: 5, linux: 2 }
          capacity: 4
          hours: { mon-fri: "09:00-12:00, 13:00-17:00", sat: "10:00-24:00" }
        - id: grace
          mail: grace@example.com
          skills: [network, "linux:4"]
          available: false
        """,
        "teams.csv": """
        id,name,lead,members,channel,hours
        support,Support,ada,ada;grace,#support,mon-fri 08:00-18:00
        network,"Network, all of it",grace,,,always
        """,
        "services.yaml": """
        checkout: { name: Checkout, owner: support, dependencies: [payments], criticality: 1, windows: "sun 02:00-06:00" }
        payments: { team: network }
        """,
        "lists.yaml": "legal: [legal@example.com, ada]\nexecutives: [grace]\n",
        "on_call.yaml": """
        - id: support-primary
          layers:
            - { people: [ada, grace], start: 2026-01-05, turn: 7d }
            - { people: [grace], start: "2026-01-05 09:00", turn: 12h, hours: "mon-fri 09:00-21:00" }
          overrides:
            - { person: ada, from: "2026-12-24T00:00:00Z", until: "2026-12-27T00:00:00Z" }
        """,
        "calendars.yaml": """
        support-hours:
          hours: mon-fri 08:00-18:00
          holidays: { 2026-12-25: Christmas Day, 2026-12-26: null }
        """,
        "priority.yaml": "high: { high: P1, low: P2 }\nlow: { high: P2, low: P3 }\n",
        "tables/regions.csv": "code;name\n01;\"North; and more\"\n02;South\n",
        "tables/tiers.yaml": "gold: 1\nsilver: 2\n",
        "tables/hosts.json": #"[{"name":"a","load":0.5},{"name":"b","up":true}]"#,
        "templates/sla-risk.mustache": "Ticket {{ticket.id}}: {{sla.due_at}}",
        "templates/mail/long.html.mustache": "{{>sla-risk}}",
        "playbooks/triage.yaml":
            "playbook: triage\nmode: active\nowner: ada\ntrigger: { event: ticket.created }\nsteps:\n  - stop:\n",
        "playbooks/deep/er.yaml":
            "playbook: deeper\nmode: active\nowner: ada\ntrigger: { event: ticket.created }\nsteps:\n  - stop:\n",
        "playbooks/triage.test.yaml": "test: x",
        "top.yaml":
            "# a note\nplaybook: top\nmode: active\nowner: ada\ntrigger: { event: ticket.created }\nsteps:\n  - stop:\n",
        "events/ticket.created.json": "{}",
        "mistakes/wrong.yaml": "playbook: [",
    ]

    static let settings = """
        name: demo
        zone: Europe/Berlin
        channels:
          support: { by: chat, url: "${{ secrets.CHAT_URL }}" }
          "#incidents": { by: email, host: mail.example.com, from: incidents@example.com }
        secrets:
          CHAT_URL: { env: CHAT_URL }
          TOKEN: { file: secrets/token }
          KEY: { command: [vault, read, key] }
        plugins:
          notify: { smtp: { host: mail.example.com, password: =secrets.TOKEN } }
          ticket:
        defaults:
          timeout: 45s
          on_failure:
            - { uses: notify.send, with: { to: ada, text: "${{ failure.message }}" } }
        retention: { runs: 30d }
        limits: { event_bytes: 65536, run_time: 7d }
        """

    @Test("a workspace with every kind of file has no diagnostics")
    func whole() throws {
        let folder = try TemporaryWorkspace(Self.files, settings: Self.settings)
        let load = folder.load()
        #expect(folder.said(load).isEmpty)
        let workspace = try #require(load.workspace)
        #expect(workspace.settings.name == "demo")
        #expect(workspace.directory.zone == "Europe/Berlin")
        #expect(
            workspace.playbookFiles.map { $0.path.dropFirst(folder.path.count + 1) } == [
                "playbooks/deep/er.yaml", "playbooks/triage.yaml", "top.yaml",
            ])
        #expect(workspace.templates.map(\.name) == ["mail/long.html", "sla-risk"])
        #expect(workspace.templates.map(\.isHTML) == [true, false])
        #expect(workspace.templateLibrary != nil)
        #expect(workspace.sampleEvents == ["ticket.created": "events/ticket.created.json"])
        #expect(workspace.settings.retention.runs == .seconds(30 * 86_400))
        #expect(workspace.settings.limits.eventBytes == 65_536)
        #expect(workspace.settings.defaults.timeout == .seconds(45))
        #expect(workspace.settings.defaults.onFailure?.count == 1)
    }

    @Test("people, teams, services and lists are as their tables say, as YAML and as CSV")
    func directory() throws {
        let workspace = try #require(TemporaryWorkspace(Self.files, settings: Self.settings).load().workspace)
        let directory = workspace.directory
        let ada = try #require(directory.person("ada@example.com"))
        #expect(ada.skills == ["network": 5, "linux": 2])
        #expect(ada.hours?.days[0] == [.init(start: 540, end: 720), .init(start: 780, end: 1020)])
        #expect(ada.hours?.days[5] == [.init(start: 600, end: 1440)])
        #expect(ada.hours?.days[6] == [])
        let grace = try #require(directory.person("grace"))
        #expect(grace.skills == ["network": 3, "linux": 4])
        #expect(!grace.isAvailable)
        #expect(grace.name == "grace")
        #expect(directory.teams.map(\.name) == ["Support", "Network, all of it"])
        #expect(directory.team("support")?.members == ["ada", "grace"])
        #expect(directory.team("network")?.hours == nil)
        #expect(directory.service("checkout")?.dependencies == ["payments"])
        #expect(directory.service("payments")?.owner == "network")
        #expect(directory.lists == ["legal": ["legal@example.com", "ada"], "executives": ["grace"]])
    }

    @Test("on-call layers begin in the workspace's zone")
    func onCall() throws {
        let workspace = try #require(TemporaryWorkspace(Self.files, settings: Self.settings).load().workspace)
        let schedule = try #require(workspace.directory.onCall.first)
        #expect(
            schedule.layers.map(\.start) == [
                Timestamp(rfc3339: "2026-01-04T23:00:00Z"), Timestamp(rfc3339: "2026-01-05T08:00:00Z"),
            ])
        #expect(schedule.layers.map(\.turn) == [.seconds(7 * 86_400), .seconds(12 * 3600)])
        #expect(schedule.overrides.map(\.person) == ["ada"])
        #expect(workspace.calendars["support-hours"]?.holidays.map(\.day) == ["2026-12-25", "2026-12-26"])
    }

    @Test("lookup tables keep columns, rows and a hash of their file")
    func tables() throws {
        let workspace = try #require(TemporaryWorkspace(Self.files, settings: Self.settings).load().workspace)
        let regions = try #require(workspace.tables["regions"])
        #expect(regions.columns == ["code", "name"])
        #expect(regions.rows == [["code": "01", "name": "North; and more"], ["code": "02", "name": "South"]])
        #expect(regions.contentHash.count == 64)
        #expect(workspace.tables["tiers"]?.rows == [["key": "gold", "value": 1], ["key": "silver", "value": 2]])
        #expect(
            workspace.tables["hosts"]?.rows == [
                ["name": "a", "load": 0.5, "up": nil], ["name": "b", "load": nil, "up": true],
            ])
        #expect(
            workspace.tables["priority"]?.rows.first == ["impact": "high", "urgency": "high", "priority": "P1"])
        #expect(workspace.tables["priority"]?.rows.count == 4)
    }

    @Test("secrets in settings are references, never values")
    func secrets() throws {
        let workspace = try #require(TemporaryWorkspace(Self.files, settings: Self.settings).load().workspace)
        #expect(workspace.settings.channels["support"]?["url"] == .secret(SecretText(secret: "CHAT_URL")))
        #expect(workspace.settings.channels.keys.sorted() == ["incidents", "support"])
        #expect(workspace.settings.plugins["notify"]?.at(["smtp", "password"]) == .secret(SecretText(secret: "TOKEN")))
        #expect(workspace.settings.plugins["ticket"] == .map(ValueMap()))
        #expect(workspace.settings.secrets["KEY"] == .command(["vault", "read", "key"]))
    }

    @Test("the hash of the sources changes with every file, that of the settings with the settings alone")
    func hashes() throws {
        let folder = try TemporaryWorkspace(Self.files, settings: Self.settings)
        let before = try #require(folder.load().workspace)
        #expect(folder.load().workspace?.sourceHash == before.sourceHash)
        try folder.write("tables/regions.csv", "code,name\n03,West\n")
        let table = try #require(folder.load().workspace)
        #expect(table.sourceHash != before.sourceHash)
        #expect(table.settingsHash == before.settingsHash)
        try folder.write("signalbox.yaml", Self.settings.replacing("mail.example.com", with: "mx.example.com"))
        #expect(folder.load().workspace?.settingsHash != before.settingsHash)
    }

    @Test("the workspace is what its playbooks are checked against")
    func check() throws {
        var files = Self.files
        files["playbooks/again.yaml"] =
            "playbook: triage\nmode: active\nowner: ada\ntrigger: { event: ticket.created }\nsteps:\n  - stop:\n"
        files["playbooks/wrong.yaml"] =
            "playbook: wrong\nmode: active\nowner: ada\ntrigger: { event: ticket.created }\nsteps:\n  - { uses: notify.send, with: { to: eve } }\n"
        let folder = try TemporaryWorkspace(files, settings: Self.settings)
        let workspace = try #require(folder.load().workspace)
        var input = Schema(types: ["object"])
        var to = Schema(types: ["string"])
        to.format = "recipient"
        input.properties = [Schema.Property("to", to)]
        let environment = workspace.checkEnvironment(actions: [ActionSignature(name: "notify.send", input: input)])
        let result = WorkspaceCheck.run(workspace, in: environment)
        #expect(result.workflows.map(\.id) == ["deeper", "top"])
        #expect(result.workflows.map(\.file) == ["playbooks/deep/er.yaml", "top.yaml"])
        #expect(result.diagnostics.map(\.code) == ["SB1614", "SB1404"])
        #expect(result.diagnostics.first?.range?.start.column == 11)
    }
}
