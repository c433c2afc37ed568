import Playbooks
import Templates
import WorkflowModel
import YAML

/// The workspace that the tests' playbooks are checked against.
enum Sample {
    static let environment: CheckEnvironment = {
        var environment = CheckEnvironment()
        environment.know(.standard, others: ["route.done"])
        var directory = Directory(zone: "Europe/Berlin")
        directory.people = [Person(id: "ada", name: "A"), Person(id: "grace", name: "G")]
        directory.people[0].groups = ["incident-managers"]
        directory.teams = [Team(id: "support", name: "Support"), Team(id: "network", name: "Network")]
        directory.onCall = [OnCallSchedule(id: "support-primary")]
        directory.services = [Service(id: "checkout", name: "Checkout")]
        directory.lists = ["legal": ["legal@example.com"]]
        environment.directory = directory
        environment.actions = actions
        environment.tables = ["regions", "customers"]
        environment.tableColumns = ["regions": ["region", "owner"]]
        environment.channels = ["support", "incidents"]
        environment.secrets = ["DESK_TOKEN"]
        environment.playbooks = ["triage"]
        environment.calendars = ["support-hours"]
        environment.templates = [
            "sla-risk": names("ticket.id", "sla.due_at"), "greeting": names("customer_name"),
            "typo": names("ticket.titel"), "plain": [],
        ]
        return environment
    }()

    private static func names(_ paths: String...) -> [NameUse] {
        paths.map {
            NameUse(
                path: $0.split(separator: ".").map(String.init), role: .text,
                place: SourcePlace(file: "templates/t.mustache", line: 1, column: 1))
        }
    }

    private static let actions: [String: ActionSignature] = {
        var signatures: [String: ActionSignature] = [:]
        for (name, input, output) in schemas {
            signatures[name] = ActionSignature(name: name, input: schema(input), output: schema(output))
        }
        return signatures
    }()

    private static func schema(_ text: String) -> Schema {
        do {
            return try Schema(try JSON.parse(text))
        } catch {
            preconditionFailure("\(error)")
        }
    }

    private static let schemas: [(String, String, String)] = [
        (
            "notify.send",
            #"""
            {"type":"object","required":["to"],"additionalProperties":false,"properties":{
            "to":{"type":["string","array"],"format":"recipient","items":{"type":"string","format":"recipient"}},
            "by":{"type":"string","enum":["chat","email","outbox"]},"text":{"type":"string","minLength":1},
            "template":{"type":"string","format":"template"},"data":{"type":"object"},
            "channel":{"type":"string","format":"channel"},"token":{"type":"string"},
            "at":{"type":"string","format":"date-time"},"within":{"type":"string","format":"duration"},
            "copies":{"type":"integer","minimum":1,"maximum":5},"quiet":{"type":"boolean"}}}
            """#,
            #"{"type":"object","properties":{"token":{"type":"string"},"sent_to":{"type":"array","items":{"type":"object","properties":{"id":{"type":"string"}}}}}}"#
        ),
        (
            "notify.page",
            #"""
            {"type":"object","required":["to"],"anyOf":[{"required":["text"]},{"required":["template"]}],"properties":{
            "to":{"type":"string"},"text":{"type":"string"},"template":{"type":"string","format":"template"}}}
            """#,
            "{}"
        ),
        (
            "route.assign",
            #"""
            {"type":"object","additionalProperties":false,"properties":{"skills":{"type":"array","items":{"type":"string"}},
            "team":{"type":"string","format":"team"},"person":{"type":"string","format":"person"},
            "service":{"type":"string","format":"service"}}}
            """#,
            #"{"type":"object","properties":{"assignee":{"type":"string"},"at":{"type":"string","format":"date-time"}}}"#
        ),
        (
            "route.escalate",
            #"""
            {"type":"object","properties":{"who":{"anyOf":[{"type":"string","format":"recipient"},
            {"type":"array","items":{"type":"string","format":"recipient"}}]},
            "zone":{"type":"string","format":"timezone"},"mail":{"type":"string","format":"email"}}}
            """#,
            #"{"type":"array","items":{"type":"string"}}"#
        ),
        (
            "enrich.lookup",
            #"{"type":"object","required":["table"],"properties":{"table":{"type":"string","format":"table"},"key":{},"column":{"type":"string","format":"column"}}}"#,
            #"{"type":"object"}"#
        ),
        (
            "ticket.update",
            #"{"type":"object","required":["id","fields"],"properties":{"id":{"type":"string"},"fields":{"type":"object","required":["status"],"additionalProperties":false,"properties":{"status":{"type":"string"},"priority":{"type":"string","enum":["P1","P2"]}}}}}"#,
            "{}"
        ),
    ]

    /// A playbook with `steps`, and what a trigger by `ticket.created` needs around it.
    static func playbook(
        trigger: String = "trigger: { event: ticket.created }", head: String = "", steps: String, tail: String = ""
    ) -> String {
        """
        playbook: sample
        owner: support
        mode: active
        \(trigger)
        \(head)steps:
        \(steps)
        \(tail)
        """
    }

    static func read(_ text: String, in environment: CheckEnvironment = environment) -> PlaybookReader.Result {
        PlaybookReader.read(SourceFile(path: "p.yaml", text: text), in: environment)
    }
}

/// A text in which `«` and `»` mark what a diagnostic must point at.
struct MarkedText {
    let text: String
    let start: String
    let end: String

    init(_ marked: String) {
        var plain = ""
        var line = 1
        var column = 1
        var places: [String] = []
        for scalar in marked.unicodeScalars {
            if scalar == "«" || scalar == "»" {
                places.append("\(line):\(column)")
                continue
            }
            plain.unicodeScalars.append(scalar)
            column += 1
            if scalar == "\n" {
                line += 1
                column = 1
            }
        }
        text = plain
        start = places.first ?? "?"
        end = places.last ?? "?"
    }
}
