import ArgumentParser
import WorkflowEngine
import WorkflowModel

/// `signalbox sla`: the clocks of tickets, looked at and set by people.
struct SLACommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sla", abstract: "Show the SLA clocks of tickets, explain them, and set them by hand.",
        discussion: """
            signalbox sla board
            signalbox sla explain 4711
            signalbox sla due --policy gold --priority P1 --from 2026-11-23T15:00:00Z

            Times are shown in the zone of the person who reads (people table), else the workspace's; --zone asks for another.
            """,
        subcommands: [
            SLABoardCommand.self, SLAExplainCommand.self, SLADueCommand.self, SLAReapplyCommand.self,
            SLAPinCommand.self, SLACancelCommand.self, SLAComplianceCommand.self,
        ], defaultSubcommand: SLABoardCommand.self)
}

/// What all of them take.
struct SLAOptions: ParsableArguments {
    @Option(help: "The zone of the times, such as Europe/London.")
    var zone: String?

    @OptionGroup var place: WorkspaceOptions
    @OptionGroup var output: OutputOptions

    /// Shows what a reading action gives.
    func look(_ action: String, _ input: ValueMap, _ lines: (SLAText, Value) -> [String]) async throws {
        let open = try OpenWorkspace.loadForDeeds(place)
        try show(try await find(action, input, in: open), open, lines)
    }

    /// What a reading action gives.
    func find(_ action: String, _ input: ValueMap, in open: OpenWorkspace) async throws -> Value {
        try await open.look("sla.\(action)", input, in: StateFolder(place.stateFolder))
    }

    /// Has an action performed for `person` and shows what it gave.
    func act(_ action: String, _ input: ValueMap, as person: String?, _ lines: (SLAText, Value) -> [String])
        async throws
    {
        let open = try OpenWorkspace.loadForDeeds(place)
        let answer = try await Deed(open, place, as: person, command: "sla").act("sla.\(action)", input)
        try show(answer["output"] ?? .null, open, lines)
    }

    func show(_ value: Value, _ open: OpenWorkspace, _ lines: (SLAText, Value) -> [String]) throws {
        let console = output.console
        let moments = try LocalMoments(zone, in: open, StateFolder(place.stateFolder))
        for line in lines(SLAText(paint: console.paint, moments: moments), value) { console.line(line) }
        console.json(value)
    }

    /// A moment: RFC 3339.
    static func moment(_ text: String?, _ option: String) throws -> Value? {
        guard let text else { return nil }
        guard let instant = Timestamp(rfc3339: text) else {
            throw ValidationError("\(option) wants a time such as 2026-11-22T08:00:00Z; this is \(text)")
        }
        return .timestamp(instant)
    }
}

/// Which clocks.
struct SLASelection: ParsableArguments {
    @Option(parsing: .singleValue, help: "Clocks of this metric. May be repeated.")
    var metric: [String] = []
    @Option(parsing: .singleValue, help: "Clocks of this policy. May be repeated.")
    var policy: [String] = []
    @Option(parsing: .singleValue, help: "Clocks of tickets of this priority. May be repeated.")
    var priority: [String] = []
    @Option(parsing: .singleValue, help: "Clocks of tickets of this team. May be repeated.")
    var team: [String] = []
    @Option(parsing: .singleValue, help: "Clocks of this ticket. May be repeated.")
    var ticket: [String] = []
    @Option(help: "At most so many, 1 to 1000.")
    var limit: Int?

    func validate() throws {
        if let limit, !(1...1000).contains(limit) { throw ValidationError("--limit must be 1 to 1000.") }
    }

    /// The inputs of the action.
    var input: ValueMap {
        var input = ValueMap()
        for (name, texts) in [
            ("metric", metric), ("policy", policy), ("priority", priority), ("team", team), ("ticket", ticket),
        ] where !texts.isEmpty { input[name] = .list(texts.map(Value.string)) }
        input["limit"] = limit.map { .int(Int64($0)) }
        return input
    }
}

/// `signalbox sla board`.
struct SLABoardCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "board", abstract: "All open clocks, the least time left first; paused ones last.")

    @OptionGroup var selection: SLASelection
    @Option(parsing: .singleValue, help: "Clocks of tickets that this person has. May be repeated.")
    var assignee: [String] = []
    @Option(help: "Only running ones with at most so much time left, such as 1h.")
    var within: String?
    @Flag(help: "Only those that have missed a target.")
    var breached = false
    @Option(help: "Leave out so many of the first, to go on where an earlier list ended.")
    var skip: Int?
    @OptionGroup var options: SLAOptions

    func validate() throws {
        if let skip, !(0...9999).contains(skip) { throw ValidationError("--skip must be 0 to 9999.") }
        if let within, DurationText.parse(within) == nil {
            throw ValidationError("--within must be a duration such as 1h.")
        }
    }

    func run() async throws {
        var input = selection.input
        if !assignee.isEmpty { input["assignee"] = .list(assignee.map(Value.string)) }
        input["within"] = within.map(Value.string)
        if breached { input["breached"] = true }
        input["skip"] = skip.map { .int(Int64($0)) }
        let left = skip ?? 0
        try await options.look("board", input) { $0.board($1, skipped: left) }
    }
}

/// `signalbox sla explain`.
struct SLAExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "How the clocks of a ticket came to stand where they do, interval by interval.")

    @Argument(help: "The ticket.")
    var ticket: String
    @Option(parsing: .singleValue, help: "Only this metric. May be repeated.")
    var metric: [String] = []
    @Option(help: "The moment to explain; now when not given.")
    var at: String?
    @OptionGroup var options: SLAOptions

    func run() async throws {
        var input: ValueMap = ["ticket": .string(ticket)]
        if !metric.isEmpty { input["metric"] = .list(metric.map(Value.string)) }
        input["at"] = try SLAOptions.moment(at, "--at")
        input["zone"] = options.zone.map(Value.string)
        let open = try OpenWorkspace.loadForDeeds(options.place)
        let found = try await options.find("explain", input, in: open)
        try options.show(found, open) { $0.explanation($1) }
        if found["found"]?.bool == false { throw ExitStatus.failed }
    }
}

/// `signalbox sla due`.
struct SLADueCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "due", abstract: "When a clock that starts at a moment would be due.")

    @Option(help: "The policy.")
    var policy: String
    @Option(help: "The metric; the policy's first when not given.")
    var metric: String?
    @Option(help: "The ticket's priority.")
    var priority: String?
    @Option(help: "When the clock starts; now when not given.")
    var from: String?
    @OptionGroup var options: SLAOptions

    func run() async throws {
        var input: ValueMap = ["policy": .string(policy)]
        input["metric"] = metric.map(Value.string)
        input["priority"] = priority.map(Value.string)
        input["from"] = try SLAOptions.moment(from, "--from")
        try await options.look("due", input) { $0.due($1) }
    }
}

/// `signalbox sla reapply`.
struct SLAReapplyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reapply",
        abstract: "Put open clocks on the present policies: shows what would change; --yes does it.",
        discussion: """
            An open clock stays on the policies that were in force when it began. This puts it on those of sla.yaml as it is now; its start \
            and what has passed stay.
            """)

    @OptionGroup var selection: SLASelection
    @Option(help: "Only clocks that began at or after this time.")
    var since: String?
    @Flag(help: "Do it.")
    var yes = false
    @OptionGroup var acting: ActingOptions
    @OptionGroup var options: SLAOptions

    func run() async throws {
        var input = selection.input
        input["since"] = try SLAOptions.moment(since, "--since")
        if yes {
            try await options.act("reapply", input, as: acting.person) { $0.rebased($1, isDone: true) }
        } else {
            let open = try OpenWorkspace.loadForDeeds(options.place)
            let found = try await options.find("preview", input, in: open)
            try options.show(found, open) { $0.rebased($1, isDone: false) }
            guard (found["changed"]?.int ?? 0) > 0 || found["more"]?.bool == true else { return }
            options.output.console.remark("nothing was changed; --yes does it.")
        }
    }
}

/// `signalbox sla pin`.
struct SLAPinCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pin",
        abstract: "Set the due date of an open clock by hand; pauses and priorities do not move it any more.")

    @Argument(help: "The ticket.")
    var ticket: String
    @Option(help: "The metric of the clock.")
    var metric: String
    @Option(help: ArgumentHelp("When it is due, in the future.", valueName: "time"))
    var due: String
    @Flag(help: "The agreement among teams, not that with the customer.")
    var ola = false
    @OptionGroup var acting: ActingOptions
    @OptionGroup var options: SLAOptions

    func run() async throws {
        var input: ValueMap = ["ticket": .string(ticket), "metric": .string(metric)]
        input["due_at"] = try SLAOptions.moment(due, "--due")
        if ola { input["kind"] = "ola" }
        try await options.act("pin", input, as: acting.person) { $0.changed($1) }
    }
}

/// `signalbox sla cancel`.
struct SLACancelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel", abstract: "Stop measuring an open clock of a ticket.")

    @Argument(help: "The ticket.")
    var ticket: String
    @Option(help: "The metric of the clock.")
    var metric: String
    @Option(help: "Why.")
    var reason: String
    @Flag(help: "The agreement among teams, not that with the customer.")
    var ola = false
    @OptionGroup var acting: ActingOptions
    @OptionGroup var options: SLAOptions

    func run() async throws {
        var input: ValueMap = [
            "ticket": .string(ticket), "metric": .string(metric), "reason": .string(reason),
        ]
        if ola { input["kind"] = "ola" }
        try await options.act("cancel", input, as: acting.person) { $0.changed($1) }
    }
}
