import Expressions
import WorkflowModel

/// The texts of new workspaces and playbooks.
enum Scaffold {
    /// `text` as a name may be: small letters, digits and single dashes.
    static func identifier(_ text: String) -> String {
        let parts = text.lowercased().split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
        let name = parts.joined(separator: "-")
        return name.first?.isNumber == true ? "p-\(name)" : name
    }

    /// The files of a new workspace.
    static func workspace(name: String, zone: String) -> [(path: String, text: String)] {
        [
            (
                "signalbox.yaml",
                """
                # The settings of this workspace. Everything here is in git; secrets are not, only where to find them.
                name: \(name.isEmpty ? "support" : name)
                zone: \(zone)          # times of people, calendars and schedules that name no zone of their own

                # Where messages go. An outbox is a folder (.signalbox/outbox): nothing leaves the machine.
                channels:
                  default: { by: outbox }
                  # chat: { by: chat, url: =secrets.CHAT_URL }

                # secrets:
                #   CHAT_URL: { env: CHAT_URL }

                # A playbook that begins more often than this, or fails most of the time, is stopped until somebody looks.
                limits:
                  breaker: { runs: 1000, per: 5m }
                """ + "\n"
            ),
            (
                "people.yaml",
                """
                # The people whom playbooks name. The id is what tickets and playbooks say.
                - id: agent-1
                  name: Agent One
                  email: user1@example.com
                  groups: [support]
                - id: lead-1
                  name: Lead One
                  email: user2@example.com
                  groups: [support]
                """ + "\n"
            ),
            (
                "teams.yaml",
                """
                - id: support
                  name: Support
                  lead: lead-1
                """ + "\n"
            ),
            (
                "playbooks/welcome.yaml",
                playbook(
                    name: "welcome", event: "ticket.created",
                    schema: EventCatalog.standard.schema(ofType: "ticket.created") ?? .anything,
                    owner: "user2@example.com")
            ),
            ("playbooks/tell-people-of-questions.yaml", tellPeople),
            (".gitignore", "# The database, the outbox and the lock.\n.signalbox/\n"),
        ]
    }

    /// The playbook that tells people of questions: without it nobody would hear that they are asked.
    private static let tellPeople = #"""
        # Tells whoever is asked by a playbook (ask, approve) how to answer, and reminds them.
        playbook: tell-people-of-questions
        title: Whoever is asked hears of it
        owner: user2@example.com
        mode: active

        trigger:
          event: [ask.opened, ask.reminded]

        steps:
          - id: tell
            uses: notify.send
            with:
              to: =ask.who
              subject: "Please answer: ${{ ask.question }}"
              text: |
                ${{ ask.question }}

                ${{ ask.playbook }} asks this, until ${{ default(ask.due_at, "further notice") }}.
                Answer with: ${{ ask.how_to_answer }}
              acknowledge: false

        """#

    /// A commented playbook on `event`.
    static func playbook(name: String, event: String, schema: Schema, owner: String) -> String {
        let thing =
            schema.properties.first { schema.required.contains($0.name) }?.name ?? schema.properties.first?.name
            ?? "event"
        let fields = (schema.property(thing)?.properties ?? []).map { "\(thing).\($0.name)" }
        let condition = condition(on: event, thing, fields)
        let label = fields.contains("\(thing).id") ? "\(thing).id" : "event.id"
        var text = """
            # What this playbook is for, in one sentence: the reason why somebody would miss it.
            playbook: \(name)
            title: \(name.split(separator: "-").joined(separator: " ").capitalizedFirst)
            owner: \(owner)
            mode: shadow                     # what matches is dry-run and kept, nothing is sent; signalbox activate \(name)

            trigger:
              event: \(event)

            """
        if !fields.isEmpty {
            text += "  # A condition can use:\n"
            for line in wrapped(fields, width: 100) { text += "  #   \(line)\n" }
        }
        text += """
            \(condition)
            steps:
              - id: tell
                uses: notify.send            # signalbox plugins show notify.send
                with:
                  by: outbox
                  to: \(owner)
                  text: "\(event): ${{ \(label) }}"

            """
        return text
    }

    /// A condition that holds for the sample event, so that the first dry run shows the playbook at work.
    private static func condition(on event: String, _ thing: String, _ fields: [String]) -> String {
        let examples = [
            #"ticket.priority in ["P1", "P2"]"#, #"ticket.status in ["new", "open"]"#,
            #"ticket.status in ["solved", "closed"]"#,
            #"sla.metric == "first_reply""#, #"sla.metric != "first_reply""#, #"incident.severity in ["SEV1", "SEV2"]"#,
            #"maintenance.kind != "emergency""#, #"action.priority in ["P1", "P2"]"#,
        ]
        if let text = EmbeddedFile.text("workflows/events/\(event).json"), let value = try? JSON.parse(text),
            let sample = try? Event(cloudEvent: value, now: Timestamp(seconds: 0))
        {
            let scope = NamedValues(EventCatalog.standard.bound(sample.data, ofType: event), now: sample.time)
            for example in examples where example.hasPrefix(thing + ".") {
                if let program = try? Program(parsing: example), (try? program.test(scope)) == true {
                    return "  when:                            # every line must hold\n    - \(example)\n"
                }
            }
        }
        return "  # when:\n  #   - \(fields.first ?? "event.source") != null\n"
    }

    private static func wrapped(_ words: [String], width: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in words {
            let piece = line.isEmpty ? word : ", \(word)"
            if line.count + piece.count > width {
                lines.append(line + ",")
                line = word
            } else {
                line += piece
            }
        }
        return line.isEmpty ? lines : lines + [line]
    }
}

extension String {
    /// The text with its first letter large.
    fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
