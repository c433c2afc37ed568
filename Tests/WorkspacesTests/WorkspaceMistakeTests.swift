import Foundation
import Playbooks
import Testing
import WorkflowModel
import Workspaces
import YAML

@Suite("Mistakes in a workspace")
struct WorkspaceMistakeTests {
    /// A file with a mistake, and what must be said of it.
    struct Case: Sendable, CustomTestStringConvertible {
        var file: String
        var text: String
        var said: [String]
        var testDescription: String { "\(file): \(said.first ?? "")" }

        init(_ file: String, _ text: String, _ said: String...) {
            self.file = file
            self.text = text
            self.said = said
        }
    }

    static let settings: [Case] = [
        Case("signalbox.yaml", "name: a\n", "signalbox.yaml:1:1 SB1609 `zone` is missing"),
        Case(
            "signalbox.yaml", "zone: Europe/Berln\n", "signalbox.yaml:1:7 SB1610 there is no time zone `Europe/Berln`"),
        Case("signalbox.yaml", "zone: CEST\n", "signalbox.yaml:1:7 SB1610"),
        Case("signalbox.yaml", "zone: UTC\nplugin: {}\n", "signalbox.yaml:2:1 SB1607 `plugin`"),
        Case(
            "signalbox.yaml", "zone: UTC\nserver: { port: 80 }\n",
            "signalbox.yaml:2:11 SB1607 `port` is not a key of `server`"),
        Case(
            "signalbox.yaml", "zone: UTC\nserver: { listen: localhost }\n",
            "signalbox.yaml:2:19 SB1608 `listen` must be an address and a port"),
        Case(
            "signalbox.yaml", "zone: UTC\nserver: { trusted_proxies: [10.0.0.0/33] }\n",
            "signalbox.yaml:2:29 SB1608 a trusted proxy must be an IP address"),
        Case(
            "signalbox.yaml", "zone: UTC\nserver: { limits: { body_byte: 1 } }\n",
            "signalbox.yaml:2:21 SB1607 `body_byte` is not a key of `limits`"),
        Case(
            "signalbox.yaml", "zone: UTC\nserver: { proxy_field: x-real-ip }\n",
            "signalbox.yaml:2:24 SB1608 `proxy_field` must be one of x-forwarded-for, forwarded"),
        Case(
            "signalbox.yaml", "zone: UTC\nserver: { limits: { per_token: 5 } }\n",
            "signalbox.yaml:2:32 SB1608 `per_token` must be a map"
        ),
        Case(
            "signalbox.yaml", "zone: UTC\nserver: { limits: { per_address: { request: 5 } } }\n",
            "signalbox.yaml:2:36 SB1607 `request` is not a key of `per_address`"
        ),
        Case(
            "signalbox.yaml", "zone: UTC\nserver: { limits: { per_address: { requests: 0 } } }\n",
            "signalbox.yaml:2:46 SB1608 `requests` must be a whole number from 1 to 1000000"
        ),
        Case(
            "signalbox.yaml", "zone: UTC\nserver: { limits: { per_address: { per: 1ms } } }\n",
            "signalbox.yaml:2:41 SB1608 `per` must be a duration from 1s to 1d"
        ),
        Case(
            "signalbox.yaml", "zone: UTC\nserver: { limits: { connections: 1 } }\n",
            "signalbox.yaml:2:34 SB1608 `connections` must be a whole number from 10 to 1000000"
        ),
        Case(
            "signalbox.yaml", "zone: UTC\nsecrets: { A: hunter2 }\n",
            "signalbox.yaml:2:12 SB1612 the secret `A` must say where"),
        Case("signalbox.yaml", "zone: UTC\nsecrets: { A: { evn: X } }\n", "signalbox.yaml:2:17 SB1612 `evn`"),
        Case(
            "signalbox.yaml", "zone: UTC\nsecrets: { A: { command: ls } }\n",
            "signalbox.yaml:2:17 SB1612 `command` must be a list"),
        Case(
            "signalbox.yaml", "zone: UTC\nchannels: { a: { by: chat, url: =secrets.B } }\n",
            "signalbox.yaml:2:33 SB1612 there is no secret `B`"),
        Case(
            "signalbox.yaml", "zone: UTC\nchannels: { a: { by: chat, url: =ticket.id } }\n",
            "signalbox.yaml:2:33 SB1612 settings can refer to secrets only"),
        Case(
            "signalbox.yaml", "zone: UTC\nchannels: { a: { by: chatt } }\n",
            "signalbox.yaml:2:22 SB1608 there is no kind of channel `chatt`"),
        Case(
            "signalbox.yaml", "zone: UTC\nchannels: { a: { to: x } }\n",
            "signalbox.yaml:2:13 SB1609 the channel `a` does not say its kind"),
        Case(
            "signalbox.yaml", "zone: UTC\nchannels: { a: { by: chat } }\n",
            "signalbox.yaml:2:13 SB1609 the channel `a` (by: chat) needs `url`"),
        Case("signalbox.yaml", "zone: UTC\nchannels: [a]\n", "signalbox.yaml:2:11 SB1608 `channels` must be a map"),
        Case(
            "signalbox.yaml", "zone: UTC\nretention: { runs: forever }\n",
            "signalbox.yaml:2:20 SB1608 `runs` must be a duration"),
        Case("signalbox.yaml", "zone: UTC\nlimits: { event_bites: 1 }\n", "signalbox.yaml:2:11 SB1607 `event_bites`"),
        Case("signalbox.yaml", "zone: UTC\ndefaults: { retry: 0 }\n", "signalbox.yaml:2:20 SB1104"),
        Case("signalbox.yaml", "- a\n", "signalbox.yaml:1:1 SB1608 signalbox.yaml must be a map"),
        Case("signalbox.yaml", "", "signalbox.yaml:1:1 SB1014"),
        Case("signalbox.yaml", "zone: [\n", "signalbox.yaml:"),
    ]

    static let tables: [Case] = [
        Case("people.yaml", "- { name: x }\n", "people.yaml:1:5 SB1703 a row of `people` needs `id`"),
        Case("people.yaml", "- { id: a }\n- { id: a }\n", "people.yaml:2:9 SB1705 `people` has two rows for `a`"),
        Case("people.yaml", "- { id: a, zon: x }\n", "people.yaml:1:5 SB1702 `people` has no column `zon`"),
        Case("people.yaml", "- { id: a, zone: Mars/Base }\n", "people.yaml:1:18 SB1610"),
        Case("people.yaml", "- { id: a, skills: { x: 9 } }\n", "people.yaml:1:20 SB1704 the skill `x` needs a level"),
        Case(
            "people.yaml", "- { id: a, hours: sometimes }\n", "people.yaml:1:19 SB1704 `hours` has days without hours"),
        Case("people.yaml", "- { id: a, hours: mon 09:00-09:00 }\n", "people.yaml:1:19 SB1704"),
        Case("people.yaml", "- { id: a, email: nobody }\n", "people.yaml:1:19 SB1704 `nobody` is no mail address"),
        Case(
            "people.yaml", "- { id: a, available: maybe }\n",
            "people.yaml:1:23 SB1704 `available` must be true or false"),
        Case("people.yaml", "- a\n", "people.yaml:1:3 SB1701 a row must be a map"),
        Case("people.yaml", "just text\n", "people.yaml:1:1 SB1701 a table must be a list"),
        Case("people.csv", "id,name\na,\"open\n", "people.csv:2:3 SB1701 a double quote is opened here"),
        Case("people.csv", "id,name\na,5\" disk\n", "people.csv:2:1 SB1701 a double quote stands inside a cell"),
        Case("people.csv", "id,name\na,b,c\n", "people.csv:2:1 SB1701 the row has 3 cells"),
        Case(
            "people.csv", "id,name,email\na,\"b,\nc\"\nd,e,\n",
            "people.csv:2:1 SB1701 the row has 2 cells, but there are 3"),
        Case("people.csv", "id,id\na,b\n", "people.csv:1:1 SB1701 the column `id` is there twice"),
        Case("people.csv", "", "people.csv SB1701 the file is empty"),
        Case(
            "people.csv", "id,capacity\n\"a\nb\",1\nc,many\n", "people.csv:4:1 SB1704 `capacity` must be a whole number"
        ),
        Case("teams.yaml", "- { id: a, lead: nobody }\n", "teams.yaml:1:18 SB1706 there is no person `nobody`"),
        Case("teams.yaml", "- { id: a, members: [x] }\n", "teams.yaml:1:22 SB1706 there is no person `x`"),
        Case("services.yaml", "a: { owner: x }\n", "services.yaml:1:13 SB1706 there is no team `x`"),
        Case("services.yaml", "a: { dependencies: [b] }\n", "services.yaml:1:21 SB1706 there is no service `b`"),
        Case("lists.yaml", "a: [b]\n", "lists.yaml:1:5 SB1706 there is no person `b`"),
        Case(
            "on_call.yaml", "a: { people: [b], start: 2026-01-05 }\n", "on_call.yaml:1:15 SB1706 there is no person `b`"
        ),
        Case("on_call.yaml", "a: { layers: [{ people: [] }] }\n", "on_call.yaml:1:25 SB1703 a layer needs `people`"),
        Case("on_call.yaml", "a: { layers: x }\n", "on_call.yaml:1:14 SB1704 `layers` must be a list"),
        Case(
            "calendars.yaml", "a: { special: { soon: closed } }\n",
            "calendars.yaml:1:15 SB1704 `soon` is no day"),
        Case(
            "calendars.yaml", "a: { special: { 2026-12-24: 22:00-06:00 } }\n",
            "calendars.yaml:1:15 SB1704 `2026-12-24` has hours that run past midnight"),
        Case("calendars.yaml", "a: { holidays: [soon] }\n", "calendars.yaml:1:16 SB1704 `soon` is no day"),
        Case("priority.csv", "impact,urgency,priority\na,b,P1\na,b,P2\n", "priority.csv:3:1 SB1705 the matrix has two"),
        Case("tables/people.csv", "id\n", "tables/people.csv SB1701 the table `people` belongs beside"),
        Case("tables/x.txt", "id\n", "tables/x.txt SB1606"),
        Case("tables/x.csv", "a\u{0}b\n1\n"),
        Case("templates/a.mustache", "Hello\n{{name\n", "templates/a.mustache:2:1 SB1613"),
        Case("templates/a.mustache", "{{>b}}", "templates/a.mustache:1:1 SB1613 there is no template named b"),
        Case("poeple.yaml", "- { id: a }\n", "poeple.yaml SB1606 the file is neither a playbook nor a known table"),
    ]

    @Test("each is reported at its place", arguments: settings + tables)
    func mistake(_ mistake: Case) throws {
        let folder = try TemporaryWorkspace([mistake.file: mistake.text])
        let said = folder.said(folder.load())
        #expect(said.count >= mistake.said.count)
        #expect(mistake.said.isEmpty == said.isEmpty, "\(said)")
        for (expected, found) in zip(mistake.said, said) { #expect(found.hasPrefix(expected), "\(found)") }
    }

    @Test("what a person put in place of a secret's source is not repeated")
    func noEcho() throws {
        let folder = try TemporaryWorkspace([:], settings: "zone: UTC\nsecrets: { A: hunter2 }\n")
        let text = folder.load().diagnostics.map(\.json).joined()
        #expect(!text.contains("hunter2"))
    }

    @Test("settings of plugins are checked against their manifests")
    func pluginSettings() throws {
        var schema = Schema(types: ["object"])
        schema.allowsOthers = false
        schema.properties = [Schema.Property("lead_time", Schema(types: ["integer"]))]
        let folder = try TemporaryWorkspace(
            [:], settings: "zone: UTC\nplugins:\n  notfy: {}\n  notify: { lead_time: soon, led: 1 }\n")
        let load = WorkspaceLoader.load(folder.path, plugins: ["notify": schema])
        #expect(
            folder.said(load).map { $0.split(separator: " ").prefix(2).joined(separator: " ") } == [
                "signalbox.yaml:3:3 SB1607", "signalbox.yaml:4:24 SB1608", "signalbox.yaml:4:30 SB1608",
            ])
    }

    @Test("the steps of the defaults are checked against the actions")
    func defaultSteps() throws {
        let folder = try TemporaryWorkspace(
            [:], settings: "zone: UTC\ndefaults:\n  on_failure:\n    - uses: notify.sned\n")
        let load = WorkspaceLoader.load(folder.path, actions: [ActionSignature(name: "notify.send")])
        #expect(folder.said(load) == ["signalbox.yaml:4:13 SB1210 there is no action `notify.sned`"])
    }

    @Test("a calendar is closed outside its hours and on its holidays, in its own zone")
    func calendar() throws {
        let folder = try TemporaryWorkspace([
            "calendars.yaml":
                "support: { zone: America/New_York, hours: mon-fri 09:00-17:00, holidays: [2026-12-25] }\nnight: { hours: fri 22:00-06:00 }\n"
        ])
        let workspace = try #require(folder.load().workspace)
        func isOpen(_ name: String, _ text: String) throws -> Bool? {
            workspace.isOpen(calendar: name, at: try #require(Timestamp(rfc3339: text)))
        }
        #expect(try isOpen("support", "2026-12-24T14:00:00Z") == true)
        #expect(try isOpen("support", "2026-12-24T13:59:00Z") == false)
        #expect(try isOpen("support", "2026-12-25T14:00:00Z") == false)
        #expect(try isOpen("night", "2026-12-26T04:59:00Z") == true)
        #expect(try isOpen("night", "2026-12-26T05:00:00Z") == false)
        #expect(try isOpen("nothing", "2026-12-26T05:00:00Z") == nil)
    }

    @Test("whole days of a calendar file are holidays, but for observances and the exceptions that the calendar names")
    func feeds() throws {
        func event(_ name: String, _ lines: String...) -> String {
            (["BEGIN:VEVENT", "SUMMARY:\(name)"] + lines + ["END:VEVENT"]).joined(separator: "\r\n") + "\r\n"
        }
        let file =
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"
            + event("New Year", "DTSTART;VALUE=DATE:20260101", "RRULE:FREQ=YEARLY")
            + event("Works Outing", "DTSTART;VALUE=DATE:20261124", "DTEND;VALUE=DATE:20261126")
            + event("St Patrick's Day", "DTSTART;VALUE=DATE:20260317")
            + event("Halloween", "DTSTART;VALUE=DATE:20261030", "CATEGORIES:Observance")
            + event("Nikolaus", "DTSTART;VALUE=DATE:20261204", "CATEGORIES:Observance")
            + "END:VCALENDAR\r\n"
        let folder = try TemporaryWorkspace([
            "calendars.yaml": """
            office:
              zone: Europe/Berlin
              hours: mon-fri 09:00-17:00
              ics: holidays/days.ics
              except: [St Patrick's Day]
              include: [Halloween]
            many: { zone: UTC, hours: daily 00:00-24:00, ics: [holidays/days.ics, holidays/more.ics], except: [2026-12-24] }
            wrong: { zone: UTC, hours: daily 00:00-24:00, ics: holidays/days.ics, except: [Boxing Day] }
            outside: { zone: UTC, hours: daily 00:00-24:00, ics: ../days.ics }
            text: { zone: UTC, hours: daily 00:00-24:00, ics: holidays/text.ics }
            """,
            "holidays/days.ics": file,
            "holidays/more.ics":
                "BEGIN:VCALENDAR\r\n" + event("Eve", "DTSTART;VALUE=DATE:20261224")
                + event("Day", "DTSTART;VALUE=DATE:20261225") + "END:VCALENDAR\r\n",
            "holidays/text.ics": "no calendar at all",
        ])
        let load = folder.load()
        let said = folder.said(load)
        #expect(said.contains { $0.contains("no day of the calendar file is called `Boxing Day`") }, "\(said)")
        #expect(said.contains { $0.contains("holidays come from an .ics file inside the workspace") }, "\(said)")
        #expect(said.contains { $0.contains("text.ics") }, "\(said)")
        #expect(said.count == 3, "\(said)")
        for name in ["outside", "text"] {
            try folder.write(
                "calendars.yaml",
                String(contentsOfFile: folder.path + "/calendars.yaml", encoding: .utf8).split(separator: "\n").filter {
                    !$0.hasPrefix("\(name):")
                }.joined(separator: "\n"))
        }
        let workspace = try #require(folder.load().workspace)
        func isOpen(_ name: String, _ day: String) throws -> Bool? {
            workspace.isOpen(calendar: name, at: try #require(Timestamp(rfc3339: "\(day)T12:00:00Z")))
        }
        let days = [
            ("office", "2026-01-01", false), ("office", "2027-01-01", false), ("office", "2026-11-24", false),
            ("office", "2026-11-25", false), ("office", "2026-11-26", true), ("office", "2026-03-17", true),
            ("office", "2026-10-30", false), ("office", "2026-12-04", true), ("many", "2026-12-24", true),
            ("many", "2026-12-25", false), ("many", "2026-11-24", false),
        ]
        for (name, day, open) in days { #expect(try isOpen(name, day) == open, "\(name) on \(day)") }
    }

    @Test("a calendar counts several intervals a day, holidays, special days, and the clocks' change")
    func businessTime() throws {
        let folder = try TemporaryWorkspace([
            "calendars.yaml": """
            office:
              zone: Europe/Berlin
              hours: mon-fri 09:00-12:00, 13:00-17:00
              holidays: [2026-12-25]
              special: { 2026-12-24: "09:00-11:00", 2026-12-26: [10:00-12:00], 2026-12-28: closed }
            early: { zone: Europe/Berlin, hours: daily 00:00-08:00 }
            always: { zone: UTC }
            """
        ])
        let load = folder.load()
        #expect(folder.said(load) == [])
        let workspace = try #require(load.workspace)
        func after(_ hours: Int, _ name: String, _ text: String) throws -> String {
            try workspace.moment(
                after: .seconds(hours * 3600), of: name, from: try #require(Timestamp(rfc3339: text))
            ).rfc3339
        }
        // Over lunch; a deadline at closing stays there.
        #expect(try after(4, "office", "2026-11-23T08:00:00Z") == "2026-11-23T13:00:00Z")
        #expect(try after(7, "office", "2026-11-23T08:00:00Z") == "2026-11-23T16:00:00Z")
        // Two hours on the 24th, none on the 25th, two on Saturday the 26th, none on Monday the 28th.
        #expect(try after(5, "office", "2026-12-24T07:00:00Z") == "2026-12-29T09:00:00Z")
        // 29 March 2026: seven hours between 00:00 and 08:00.
        #expect(try after(8, "early", "2026-03-28T23:00:00Z") == "2026-03-29T23:00:00Z")
        #expect(try after(8, "always", "2026-03-28T23:00:00Z") == "2026-03-29T07:00:00Z")
        #expect(
            workspace.isOpen(calendar: "office", at: try #require(Timestamp(rfc3339: "2026-12-24T10:30:00Z"))) == false)
        #expect(
            throws: Failure(
                code: "unknown_calendar", message: "the workspace has no calendar ofice; did you mean office?")
        ) {
            try workspace.moment(after: .seconds(1), of: "ofice", from: Timestamp(seconds: 0))
        }
        let far = #expect(throws: Failure.self) {
            try workspace.moment(after: .seconds(3 * 366 * 86_400), of: "always", from: Timestamp(seconds: 0))
        }
        #expect(far?.code == "no_open_time")
    }

    @Test("special days in CSV")
    func specialDays() throws {
        let folder = try TemporaryWorkspace([
            "calendars.csv": """
            id,zone,hours,holiday,special
            office,UTC,mon-fri 09:00-17:00,2026-12-25,2026-12-24 09:00-11:00; 2026-12-26 10:00-12:00
            office,,,2026-12-31,2026-12-28 closed

            """
        ])
        let load = folder.load()
        #expect(folder.said(load) == [])
        let moment = try load.workspace?.moment(
            after: .seconds(5 * 3600), of: "office", from: try #require(Timestamp(rfc3339: "2026-12-24T09:00:00Z")))
        #expect(moment?.rfc3339 == "2026-12-29T10:00:00Z")
    }

    @Test("a folder without signalbox.yaml, a missing folder and a file are no workspaces")
    func noWorkspace() throws {
        let folder = try TemporaryWorkspace(["a.yaml": "x"], settings: nil)
        #expect(folder.load().diagnostics.map(\.code) == ["SB1601"])
        #expect(WorkspaceLoader.load(folder.path + "/nothing").diagnostics.map(\.code) == ["SB1601"])
        #expect(WorkspaceLoader.load(folder.path + "/a.yaml").diagnostics.map(\.code) == ["SB1601"])
        #expect(folder.load().workspace == nil)
    }

    @Test("folders, pipes, large files and links out of the folder are refused, with a place")
    func strangeFiles() throws {
        let folder = try TemporaryWorkspace([
            "people.yaml/x": "", "teams.yaml": String(repeating: "#", count: (1 << 20) + 1),
        ])
        let outside = try TemporaryWorkspace(["secret.yaml": "- { id: a }"])
        let files = FileManager.default
        try files.createSymbolicLink(
            atPath: folder.path + "/lists.yaml", withDestinationPath: outside.path + "/secret.yaml")
        #expect(mkfifo(folder.path + "/services.yaml", 0o600) == 0)
        let said = folder.said(folder.load())
        #expect(said.map { $0.split(separator: " ")[1] } == ["SB1605", "SB1602", "SB1602", "SB1603"], "\(said)")
    }

    @Test("a link inside the folder is followed, a link to a folder is not entered")
    func links() throws {
        let folder = try TemporaryWorkspace(["data/people.yaml": "- { id: a }", "playbooks/x.txt": ""])
        let files = FileManager.default
        try files.createSymbolicLink(atPath: folder.path + "/people.yaml", withDestinationPath: "data/people.yaml")
        try files.createSymbolicLink(atPath: folder.path + "/playbooks/loop", withDestinationPath: "..")
        let load = folder.load()
        #expect(folder.said(load).isEmpty)
        #expect(load.workspace?.directory.people.map(\.id) == ["a"])
        #expect(load.workspace?.playbookFiles.isEmpty == true)
    }

    @Test("a table with too many rows is refused")
    func manyRows() throws {
        let text = "id\n" + (0...100_000).map { "r\($0)\n" }.joined()
        let folder = try TemporaryWorkspace(["tables/big.csv": text])
        #expect(folder.said(folder.load()).map { $0.prefix(34) } == ["tables/big.csv:100002:1 SB1708 the"])
    }
}
