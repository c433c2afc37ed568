import PluginKit
import PluginTesting
import TicketPlugin
import WorkflowModel

func ticketBench(settings: Value = .null) throws -> PluginBench {
    var bench = PluginBench(TicketPlugin(manifest: try ManifestFile.read(besideTest: #filePath)))
    bench.settings = ["ticket": settings]
    bench.secrets = SecretBook(["zendesk_token": "canary-token"])
    return bench
}

let zendesk: Value = [
    "desk": "zendesk",
    "zendesk": [
        "url": "https://desk.example.com/", "email": "bot@example.com",
        "token": .secret(SecretText(secret: "zendesk_token")),
        "users": ["agent-1": 2001], "groups": ["support": 3001], "fields": ["category": 360],
    ],
]

/// An event about ticket 4711, `minutes` after ``PluginTesting/Samples/now``.
func event(_ type: String, after minutes: Int, _ ticket: ValueMap = [:], _ more: ValueMap = [:]) -> Event {
    var ticket = ticket
    if ticket["id"] == nil { ticket["id"] = "4711" }
    return Event(
        id: "\(type)-\(minutes)-\(ticket.count)", source: "desk", type: type,
        time: Samples.now + .seconds(minutes * 60), data: more.merging(["ticket": .map(ticket)]))
}

func minute(_ minutes: Int) -> Value { .timestamp(Samples.now + .seconds(minutes * 60)) }
