public import PluginKit
public import WorkflowModel

/// A small workspace for tests: four people, two teams, an on-call schedule, two services.
public enum Samples {
    /// Monday 2026-11-23, 10:00 in Berlin.
    public static let now = Timestamp(seconds: 1_795_424_400)

    /// The people `agent-1` to `agent-4` (`user1@example.com` …), of whom 1 to 3 are in `support` and 4 leads `incident-managers`.
    public static var directory: Directory {
        var directory = Directory(zone: "Europe/Berlin")
        directory.people = (1...4).map { number in
            var person = Person(id: "agent-\(number)", name: "Agent \(number)")
            person.email = "user\(number)@example.com"
            person.groups = number < 4 ? ["support"] : ["incident-managers"]
            return person
        }
        var support = Team(id: "support", name: "Support")
        support.lead = "agent-1"
        support.channel = "#support"
        var managers = Team(id: "incident-managers", name: "Incident managers")
        managers.lead = "agent-4"
        directory.teams = [support, managers]
        var schedule = OnCallSchedule(id: "support-primary")
        schedule.layers = [
            OnCallSchedule.Layer(
                people: ["agent-1", "agent-2"], start: Timestamp(seconds: 1_795_392_000), turn: .seconds(7 * 86_400))
        ]
        directory.onCall = [schedule]
        var checkout = Service(id: "checkout", name: "Checkout")
        checkout.owner = "support"
        checkout.dependencies = ["payments"]
        checkout.criticality = 1
        directory.services = [checkout, Service(id: "payments", name: "Payments")]
        directory.lists = ["legal": ["legal@example.com"]]
        return directory
    }

    /// A table of text rows.
    public static func table(_ name: String, _ columns: [String], _ rows: [[Value]]) -> LookupTable {
        LookupTable(
            name: name, columns: columns, rows: rows.map { ValueMap(strings: zip(columns, $0)) }, contentHash: "hash")
    }
}
