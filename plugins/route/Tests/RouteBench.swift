import PluginKit
import PluginTesting
import RoutePlugin
import WorkflowModel

func routeBench() throws -> PluginBench {
    let manifest = try ManifestFile.read(besideTest: #filePath)
    var bench = PluginBench(
        RoutePlugin(manifest: manifest),
        others: [
            try ManifestFile.read("ticket", besideTest: #filePath),
            try ManifestFile.read("incident", besideTest: #filePath),
        ])
    bench.names = ["ticket": ["id": "4711"]]
    return bench
}

extension PluginBench {
    /// Gives `person` open tickets, assigned long ago.
    func load(_ person: String, _ count: Int, status: String = "open") {
        for number in 0..<count {
            shelf.seed(
                "\(person)-\(status)-\(number)",
                [
                    "status": .string(status), "assignee": .string(person),
                    "facts_at": ["assignee": .timestamp(ago(90))],
                ],
                in: "ticket.tickets")
        }
    }

    /// Lets `person` have been given a ticket some minutes ago.
    func served(_ person: String, minutesAgo: Int) {
        shelf.seed(person, ["last_at": .timestamp(ago(minutesAgo)), "count": 1], in: "route.people")
    }

    func ago(_ minutes: Int) -> Timestamp { now - .seconds(minutes * 60) }

    /// Changes a person of the directory.
    mutating func person(_ id: String, _ change: (inout Person) -> Void) {
        for index in directory.people.indices where directory.people[index].id == id {
            change(&directory.people[index])
        }
    }

    /// Who gets it.
    func assignee(_ with: Value = ["from": "group:support"]) async throws -> String? {
        try await run("route.assign", with: with)["assignee"]?.string
    }
}

/// Monday to Friday from 9 to 17, local.
let officeHours = WeeklyHours(
    days: Array(repeating: [.init(start: 540, end: 1020)], count: 5) + [[], []])
/// Every night from 22 to 6.
let nights = WeeklyHours(days: Array(repeating: [.init(start: 1320, end: 360)], count: 7))
