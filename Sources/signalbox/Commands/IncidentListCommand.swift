import ArgumentParser
import WorkflowModel
import Workspaces

/// `signalbox incident list`.
struct IncidentListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Show the incidents that are open, or others.")

    @Flag(name: .customLong("all"), help: "Also those that are over.")
    var isAll = false
    @Option(help: "A severity. May be repeated.")
    var severity: [String] = []
    @Option(help: "A service that suffers.")
    var service: String?
    @Option(help: "Who has any role in them.")
    var person: String?
    @Option(help: "Words in title, summary or impact.")
    var text: String?
    @Option(help: "At most so many.")
    var limit = 50
    @OptionGroup var place: WorkspaceOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if !(1...500).contains(limit) { throw ValidationError("--limit must be from 1 to 500.") }
    }

    func run() async throws {
        let open = try OpenWorkspace.loadForDeeds(place)
        let directory = open.workspace.directory
        var input: ValueMap = ["state": isAll ? "all" : "open", "limit": .int(Int64(limit))]
        input["severity"] = IncidentInput.list(severity)
        input["text"] = text.map(Value.string)
        if let service {
            if !directory.services.isEmpty, directory.service(service) == nil {
                let near = Similarity.nearest(to: service, among: directory.services.map(\.id))
                throw CommandFailure(
                    .failed, "there is no service \(service)",
                    help: near.map { "did you mean \($0)?" } ?? "the services table has the ids of services")
            }
            input["service"] = .string(service)
        }
        if let person {
            guard let known = directory.person(person) else {
                let near = Similarity.nearest(to: person, among: directory.people.map(\.id))
                throw CommandFailure(
                    .failed, "there is no person \(person)",
                    help: near.map { "did you mean \($0)?" } ?? "the people table has the ids of people")
            }
            input["person"] = .string(known.id)
        }
        let found = try await open.look("incident.list", input, in: StateFolder(place.stateFolder))
        let console = output.console
        let text = IncidentText(paint: console.paint, now: WallClock.now(), directory: directory)
        for line in text.table(found, isAll: isAll) { console.line(line) }
        console.json(found)
    }
}

/// `signalbox incident show`.
struct IncidentShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show one incident with roles, tickets and timeline.")

    @Argument(help: "The incident, by its id here or in another system.")
    var incident: String
    @Option(help: "At most so many lines of the timeline, the newest.")
    var entries = 50
    @OptionGroup var place: WorkspaceOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if !(1...1000).contains(entries) { throw ValidationError("--entries must be from 1 to 1000.") }
    }

    func run() async throws {
        let open = try OpenWorkspace.loadForDeeds(place)
        let state = StateFolder(place.stateFolder)
        let found = try await open.look(
            "incident.get", ["incident": .string(incident), "entries": .int(Int64(entries))], in: state)
        guard found["found"]?.bool == true else {
            let known = try await open.look("incident.list", ["limit": 500], in: state)["incidents"]?.list ?? []
            let near = Similarity.nearest(to: incident, among: known.compactMap { $0["id"]?.string })
            throw CommandFailure(
                .failed, "there is no incident \(incident)",
                help: near.map { "did you mean \($0)?" } ?? "signalbox incident list --all shows those that are known")
        }
        let console = output.console
        let text = IncidentText(paint: console.paint, now: WallClock.now(), directory: open.workspace.directory)
        for line in text.page(found) { console.line(line) }
        console.json(found)
    }
}
