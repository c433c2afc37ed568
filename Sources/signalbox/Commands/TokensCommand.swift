public import Access
public import ArgumentParser
import Digests
import RunStore
import SQLiteRunStore
public import WorkflowModel
import Workspaces

/// `signalbox tokens`: who may call the server.
struct TokensCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tokens", abstract: "Make, list and end the tokens by which programs and people call the server.",
        discussion: """
            The server answers nobody without a token, except for its health. A token has a role: viewer looks, coordinator does the \
            daily work, lead decides for a team, admin changes the installation. Only its hash is stored. What is done here works \
            beside a running `signalbox serve`, which knows it within a second, and is noted in the audit log.
            """,
        subcommands: [Create.self, List.self, Show.self, Revoke.self], defaultSubcommand: List.self)

    /// Makes one.
    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a token. It is printed once, and cannot be shown again.",
            discussion: """
                With --scope the token is restricted: events (sending events) and metrics (reading metrics) need no role beside them; \
                read and act allow what the role does, and only looking or only changing. --format json prints the token as "token".
                """)

        @Argument(help: "What to call it: the program or machine that will have it.")
        var name: String

        @Option(help: "viewer, coordinator, lead or admin; viewer for a token that only sends events or reads metrics.")
        var role: Role?

        @Option(help: "The person whose token it is, by id or address. It can never do more than the person's role.")
        var person: String?

        @Option(
            name: .customLong("scope"), parsing: .singleValue,
            help: "Restrict it: events, metrics, read or act. May be given several times.")
        var scopes: [TokenScope] = []

        @Option(help: ArgumentHelp("How long it works: 90d, 12h, or never.", valueName: "duration"))
        var expires: String = "365d"

        @OptionGroup var acting: ActingOptions
        @OptionGroup var place: WorkspaceOptions
        @OptionGroup var output: OutputOptions

        /// How long it works; nil for ever.
        private func lifetime() throws -> Duration? {
            if expires == "never" { return nil }
            guard let duration = DurationText.parse(expires), duration >= .seconds(60),
                duration <= .seconds(3650 * 86_400)
            else {
                throw ValidationError("--expires must be never, or a duration of 1m to 3650d such as 90d.")
            }
            return duration
        }

        /// The role, of a token that needs none the least.
        private func wantedRole(of person: Person?) throws -> Role {
            if let role { return role }
            if !scopes.isEmpty, scopes.allSatisfy(\.suffices) { return .viewer }
            if let role = person?.role { return role }
            throw ValidationError("--role is missing: viewer, coordinator, lead or admin.")
        }

        func validate() throws {
            _ = try lifetime()
            if role == nil, person == nil { _ = try wantedRole(of: nil) }
        }

        func run() async throws {
            let open = try OpenWorkspace.load(place.workspace)
            let state = StateFolder(place.stateFolder)
            let acting = try ActingPerson.find(acting.person, in: open, state)
            let person = try person.map { try TokensCommand.person($0, in: open) }
            guard let token = TokenText(random: try RandomToken.bytes(TokenText.randomByteCount)) else {
                throw CommandFailure(.environment, "no token was made: the system gave too little randomness")
            }
            let now = WallClock.now()
            let record = TokenRecord(
                id: token.id, name: name, person: person?.id, role: try wantedRole(of: person),
                scopes: Array(Set(scopes)), hash: token.hash, createdAt: now, createdBy: acting.id,
                expiresAt: try lifetime().map { now + $0 })
            let store = try state.open(open.collections)
            try await TokensCommand.change(store) {
                try $0.issue(record, typedBy: acting.typist, for: person)
            }
            let console = output.console
            // The token alone goes to standard output, so that it can go straight into a file that others cannot read.
            console.remark(
                "made the token \(record.name) (\(record.id)), \(TokensCommand.rights(record)), \(TokensCommand.end(record, now))"
            )
            console.line(token.text)
            console.remark("keep it now, it cannot be shown again: send it as  Authorization: Bearer TOKEN")
            var shown = record.shown(at: now).map ?? ValueMap()
            shown["token"] = .string(token.text)
            console.json(.map(shown))
        }
    }

    /// All of them.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List tokens, the oldest first.")

        @Flag(help: "Those that have expired or were revoked, too.")
        var all = false

        @OptionGroup var place: WorkspaceOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let open = try OpenWorkspace.load(place.workspace)
            let state = StateFolder(place.stateFolder)
            var every: [TokenRecord] = []
            if state.mayHoldSomething {
                every = try await TokensCommand.look(state.openForReading(open.collections)) { try $0.tokens() }
            }
            let now = WallClock.now()
            let tokens = every.filter { all || $0.state(at: now) == .live }
            let console = output.console
            var table = TextTable()
            for token in tokens {
                table.add([
                    token.id, token.name, token.person ?? "", TokensCommand.rights(token),
                    TokensCommand.end(token, now), TokensCommand.use(token),
                ])
            }
            for line in table.lines() { console.line(line) }
            if tokens.isEmpty {
                console.line(
                    every.isEmpty
                        ? "there are no tokens" : "no token is live; --all lists the \(every.count) that ended")
            }
            console.json(.list(tokens.map { $0.shown(at: now) }))
        }
    }

    /// One.
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show one token, without what would let anybody in.")

        @Argument(help: "Its id, or its name.")
        var token: String

        @OptionGroup var place: WorkspaceOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let open = try OpenWorkspace.load(place.workspace)
            let store = try StateFolder(place.stateFolder).openForReading(open.collections)
            let (wanted, now) = (token, WallClock.now())
            let token = try await TokensCommand.look(store) { try $0.findToken(wanted, at: now) }
            let console = output.console
            var table = TextTable()
            table.add(["id", token.id])
            table.add(["name", token.name])
            if let person = token.person {
                let role = open.workspace.directory.person(person)?.role
                table.add(["person", person + (role.map { ", at most \($0.rawValue)" } ?? "")])
            }
            table.add(["may", TokensCommand.rights(token)])
            table.add(["state", TokensCommand.end(token, now)])
            table.add(["made", "\(token.createdAt.forPeople) by \(token.createdBy)"])
            table.add(["used", TokensCommand.use(token)])
            for line in table.lines() { console.line(line) }
            console.json(token.shown(at: now))
        }
    }

    /// Ends one.
    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "End a token. A running server refuses it within a second.")

        @Argument(help: "Its id, or its name.")
        var token: String

        @OptionGroup var acting: ActingOptions
        @OptionGroup var place: WorkspaceOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let open = try OpenWorkspace.load(place.workspace)
            let state = StateFolder(place.stateFolder)
            let acting = try ActingPerson.find(acting.person, in: open, state)
            let store = try state.openExisting(open.collections)
            let (wanted, now) = (token, WallClock.now())
            let token = try await TokensCommand.change(store) {
                try $0.revoke(wanted, by: acting.id, typedBy: acting.typist, at: now)
            }
            output.console.line("the token \(token.name) (\(token.id)) opens nothing any more")
            output.console.json(token.shown(at: now))
        }
    }
}

extension TokensCommand {
    private static func change<Result: Sendable>(
        _ store: SQLiteRunStore, _ body: @escaping @Sendable (any StoreTransaction) throws -> Result
    ) async throws -> Result {
        try await closing(store) { try await store.write(body) }
    }

    private static func look<Result: Sendable>(
        _ store: SQLiteRunStore, _ body: @escaping @Sendable (any StoreReader) throws -> Result
    ) async throws -> Result {
        try await closing(store) { try await store.read(view: body) }
    }

    private static func closing<Result>(
        _ store: SQLiteRunStore, _ body: () async throws -> Result
    ) async throws -> Result {
        do {
            let result = try await body()
            await store.close()
            return result
        } catch {
            await store.close()
            if let refusal = error as? TokenRefusal { throw CommandFailure(.failed, refusal.message) }
            throw error
        }
    }

    private static func person(_ idOrMail: String, in open: OpenWorkspace) throws -> Person {
        let directory = open.workspace.directory
        if let person = directory.person(idOrMail) { return person }
        let near = Similarity.nearest(to: idOrMail, among: directory.people.map(\.id))
        throw CommandFailure(
            .failed, "there is no person \(idOrMail)",
            help: near.map { "did you mean \($0)?" } ?? "the people table has the ids of people")
    }

    /// `lead`, `only events`, `coordinator, only read`.
    fileprivate static func rights(_ token: TokenRecord) -> String {
        guard !token.scopes.isEmpty else { return token.role.rawValue }
        let only = "only " + token.scopes.map(\.rawValue).joined(separator: ", ")
        return token.scopes.allSatisfy(\.suffices) ? only : "\(token.role.rawValue), \(only)"
    }

    fileprivate static func end(_ token: TokenRecord, _ now: Timestamp) -> String {
        switch token.state(at: now) {
        case .live: token.expiresAt.map { "until \($0.forPeople)" } ?? "never expires"
        case .expired: "expired \(token.expiresAt?.forPeople ?? "")"
        case .revoked: "revoked \(token.revokedAt?.forPeople ?? "")"
        }
    }

    fileprivate static func use(_ token: TokenRecord) -> String {
        token.lastUsedAt.map { "last used \($0.forPeople)" } ?? "never used"
    }
}

extension Role: ExpressibleByArgument {}

extension TokenScope: ExpressibleByArgument {}
