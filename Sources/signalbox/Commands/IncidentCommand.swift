import ArgumentParser
import WorkflowModel
import Workspaces

/// `signalbox incident`: major incidents, declared and followed by people.
struct IncidentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "incident", abstract: "Declare, update, resolve and follow major incidents.",
        discussion: """
            signalbox incident declare "Card payments fail" --severity SEV1 --service payments --commander agent-5
            signalbox incident update INC-1 --status identified --message "A certificate has run out"
            signalbox incident resolve INC-1 --message "It was renewed at 10:20"

            What is declared and changed here is told to the playbooks (incident.declared, incident.updated, incident.resolved). \
            An incident of another system is known by its own id.
            """,
        subcommands: [
            IncidentDeclareCommand.self, IncidentUpdateCommand.self, IncidentResolveCommand.self,
            IncidentRoleCommand.self, IncidentNoteCommand.self, IncidentLinkCommand.self, IncidentListCommand.self,
            IncidentShowCommand.self,
        ])
}

/// What commands that change an incident take beside their own options.
struct IncidentDeedOptions: ParsableArguments {
    @OptionGroup var acting: ActingOptions
    @OptionGroup var place: WorkspaceOptions
    @OptionGroup var output: OutputOptions

    /// Has the action performed and prints what became of it.
    func act(_ action: String, _ input: ValueMap, _ lines: (IncidentText, Value) -> [String]) async throws {
        let open = try OpenWorkspace.loadForDeeds(place)
        let answer = try await Deed(open, place, as: acting.person, command: "incident").act(
            "incident.\(action)", input)
        let console = output.console
        let text = IncidentText(paint: console.paint, now: WallClock.now(), directory: open.workspace.directory)
        for line in lines(text, answer["output"] ?? .null) { console.line(line) }
        for receipt in (answer["receipts"]?.list ?? []).map(Receipt.init) {
            for line in receipt.lines(console.paint).dropFirst() { console.line(line) }
        }
        console.json(answer)
    }
}

/// Reads what options hold for the inputs of actions.
enum IncidentInput {
    /// `scribe=agent-1` as a pair.
    static func roles(_ texts: [String]) throws -> ValueMap {
        var roles = ValueMap()
        for text in texts {
            let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2 else {
                throw ValidationError(
                    "--role wants ROLE=PERSON, such as --role communications=agent-6; this is \(text)")
            }
            guard roles[parts[0]] == nil else { throw ValidationError("--role \(parts[0]) is given twice") }
            roles[parts[0]] = .string(parts[1])
        }
        return roles
    }

    /// The texts as a list; nil when there are none, so that nothing is said of them.
    static func list(_ texts: [String]) -> Value? { texts.isEmpty ? nil : .list(texts.map(Value.string)) }

    /// A moment in RFC 3339.
    static func moment(_ text: String?, _ option: String) throws -> Value? {
        guard let text else { return nil }
        guard let instant = Timestamp(rfc3339: text) else {
            throw ValidationError("\(option) wants a time such as 2026-11-22T08:00:00Z; this is \(text)")
        }
        return .timestamp(instant)
    }

    /// A duration such as 30m.
    static func duration(_ text: String?, _ option: String) throws -> Value? {
        guard let text else { return nil }
        guard let duration = DurationText.parse(text), duration > .zero else {
            let meant = DurationText.meant(text).map { "; did you mean \($0)?" } ?? ""
            throw ValidationError("\(option) wants a duration such as 30m; this is \(text)\(meant)")
        }
        return .duration(duration)
    }
}

/// `signalbox incident declare`.
struct IncidentDeclareCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "declare", abstract: "Declare a major incident.",
        discussion: "Unsure between two severities? Take the worse one, or none: then it is the worst.")

    @Argument(help: "What is wrong, in a line.")
    var title: String
    @Option(name: [.short, .long], help: "A severity of the table severities.")
    var severity: String?
    @Option(help: "A service that suffers. May be repeated.")
    var service: [String] = []
    @Option(help: "Who leads.")
    var commander: String?
    @Option(help: ArgumentHelp("Who is what else. May be repeated.", valueName: "role=person"))
    var role: [String] = []
    @Option(help: "A ticket that belongs to it. May be repeated.")
    var ticket: [String] = []
    @Option(help: "What is known, in a few sentences.")
    var summary: String?
    @Option(help: "What customers notice.")
    var impact: String?
    @Option(help: ArgumentHelp("When it began.", valueName: "time"))
    var startedAt: String?
    @Option(help: "How it was noticed.")
    var detectedBy: String?
    @Option(
        help: ArgumentHelp("When the next news come; as the table severities says if not given.", valueName: "duration")
    )
    var nextNewsIn: String?
    @Option(help: ArgumentHelp("Its id in another system: there is one incident for each.", valueName: "id"))
    var externalID: String?
    @Option(help: "Its page elsewhere.")
    var url: String?
    @Flag(help: "Data may be lost.")
    var dataLoss = false
    @Flag(help: "Somebody must be informed by law.")
    var regulatory = false
    @OptionGroup var deed: IncidentDeedOptions

    func run() async throws {
        var input: ValueMap = ["title": .string(title)]
        let texts = [
            ("severity", severity), ("commander", commander), ("summary", summary), ("impact", impact),
            ("detected_by", detectedBy), ("external_id", externalID), ("url", url),
        ]
        for (name, text) in texts { input[name] = text.map(Value.string) }
        let roles = try IncidentInput.roles(role)
        if !roles.isEmpty { input["roles"] = .map(roles) }
        input["services"] = IncidentInput.list(service)
        input["tickets"] = IncidentInput.list(ticket)
        input["started_at"] = try IncidentInput.moment(startedAt, "--started-at")
        input["next_news_in"] = try IncidentInput.duration(nextNewsIn, "--next-news-in")
        if dataLoss { input["data_loss"] = true }
        if regulatory { input["regulatory"] = true }
        let wasUnsure = severity == nil
        try await deed.act("declare", input) { text, output in text.declared(output, wasUnsure: wasUnsure) }
    }
}

/// `signalbox incident update`.
struct IncidentUpdateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "update", abstract: "Say how an incident stands, or correct what is known of it.",
        discussion:
            "News (--message, --status, --severity, --summary, --impact, --service) start the time to the next news anew."
    )

    @Argument(help: "The incident, by its id here or in another system.")
    var incident: String
    @Option(name: [.short, .long], help: "The news that people are to be told.")
    var message: String?
    @Option(help: "investigating, identified, monitoring or resolved. An open one opens what was over.")
    var status: String?
    @Option(name: [.short, .long], help: "A severity of the table severities.")
    var severity: String?
    @Option(help: "What is wrong, in a line.")
    var title: String?
    @Option(help: "What is known, in a few sentences.")
    var summary: String?
    @Option(help: "What customers notice.")
    var impact: String?
    @Option(help: "A service that suffers now. May be repeated; those not named are well again.")
    var service: [String] = []
    @Option(help: "How many customers suffer.")
    var customers: Int?
    @Option(help: ArgumentHelp("When customers no longer noticed it.", valueName: "time"))
    var mitigatedAt: String?
    @Option(help: ArgumentHelp("When the next news come.", valueName: "duration"))
    var nextNewsIn: String?
    @Flag(help: "You have taken it on; the first time counts.")
    var acknowledge = false
    @OptionGroup var deed: IncidentDeedOptions

    func run() async throws {
        var input: ValueMap = ["incident": .string(incident)]
        let texts = [
            ("message", message), ("status", status), ("severity", severity), ("title", title), ("summary", summary),
            ("impact", impact),
        ]
        for (name, text) in texts { input[name] = text.map(Value.string) }
        input["services"] = IncidentInput.list(service)
        input["customers_affected"] = customers.map { .int(Int64($0)) }
        input["mitigated_at"] = try IncidentInput.moment(mitigatedAt, "--mitigated-at")
        input["next_news_in"] = try IncidentInput.duration(nextNewsIn, "--next-news-in")
        if acknowledge { input["acknowledge"] = true }
        guard input.count > 1 else {
            throw ValidationError("Say what is to be changed, such as --status identified or --message TEXT.")
        }
        try await deed.act("update", input) { text, output in text.changed(output) }
    }
}

/// `signalbox incident resolve`.
struct IncidentResolveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "resolve", abstract: "Say that an incident is over.")

    @Argument(help: "The incident, by its id here or in another system.")
    var incident: String
    @Option(name: [.short, .long], help: "What is told to people.")
    var message: String?
    @Option(help: "What happened, in a few sentences.")
    var summary: String?
    @Option(help: ArgumentHelp("When it was over; now if not given.", valueName: "time"))
    var at: String?
    @OptionGroup var deed: IncidentDeedOptions

    func run() async throws {
        var input: ValueMap = ["incident": .string(incident)]
        input["message"] = message.map(Value.string)
        input["summary"] = summary.map(Value.string)
        input["resolved_at"] = try IncidentInput.moment(at, "--at")
        try await deed.act("resolve", input) { text, output in text.resolved(output) }
    }
}

/// `signalbox incident role`.
struct IncidentRoleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "role", abstract: "Give a role to somebody, or take it away.",
        discussion: "signalbox incident role INC-1 scribe agent-2")

    @Argument(help: "The incident.")
    var incident: String
    @Argument(help: "commander, communications, scribe, or any other name.")
    var role: String
    @Argument(help: "Who gets it.")
    var person: String?
    @Flag(help: "Nobody has it any more.")
    var vacate = false
    @OptionGroup var deed: IncidentDeedOptions

    func validate() throws {
        if (person == nil) == !vacate { throw ValidationError("Name the person who gets the role, or say --vacate.") }
    }

    func run() async throws {
        var input: ValueMap = ["incident": .string(incident), "role": .string(role)]
        input["person"] = person.map(Value.string)
        if vacate { input["vacate"] = true }
        try await deed.act("assign_role", input) { text, output in text.changed(output) }
    }
}

/// `signalbox incident note`.
struct IncidentNoteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "note", abstract: "Add a line to the timeline; nobody is told.")

    /// What a line is about.
    enum Kind: String, ExpressibleByArgument, CaseIterable {
        case fact, decision, status, comms
    }

    @Argument(help: "The incident.")
    var incident: String
    @Argument(help: "What happened or was decided.")
    var text: String
    @Option(help: "What kind of line it is.")
    var kind: Kind = .fact
    @Option(help: ArgumentHelp("When it was; now if not given.", valueName: "time"))
    var at: String?
    @Option(help: "The evidence.")
    var link: String?
    @OptionGroup var deed: IncidentDeedOptions

    func run() async throws {
        var input: ValueMap = [
            "incident": .string(incident), "text": .string(text), "kind": .string(kind.rawValue),
        ]
        input["at"] = try IncidentInput.moment(at, "--at")
        input["link"] = link.map(Value.string)
        try await deed.act("note", input) { text, output in text.noted(output) }
    }
}

/// `signalbox incident link`.
struct IncidentLinkCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "link", abstract: "Say which tickets belong to an incident, or what it is a duplicate of.",
        discussion: "A duplicate ends, and the other incident gets its tickets.")

    @Argument(help: "The incident.")
    var incident: String
    @Option(help: "A ticket that belongs to it. May be repeated.")
    var ticket: [String] = []
    @Option(help: "Another incident, a problem or a change that it has to do with. May be repeated.")
    var related: [String] = []
    @Option(help: ArgumentHelp("The incident that goes on in its place.", valueName: "incident"))
    var duplicateOf: String?
    @OptionGroup var deed: IncidentDeedOptions

    func validate() throws {
        let given = [!ticket.isEmpty, !related.isEmpty, duplicateOf != nil].filter { $0 }.count
        if given != 1 { throw ValidationError("Say one of --ticket, --related and --duplicate-of.") }
    }

    func run() async throws {
        var input: ValueMap = ["incident": .string(incident)]
        if let duplicateOf {
            input["to"] = .string(duplicateOf)
            input["relation"] = "duplicate_of"
        } else {
            input["to"] = IncidentInput.list(ticket + related)
            input["relation"] = ticket.isEmpty ? "related" : "ticket"
        }
        try await deed.act("link", input) { text, output in text.changed(output) }
    }
}
