import ArgumentParser
import Foundation
import PluginHost
import WorkflowModel
import Workspaces

/// `signalbox hooks`: the addresses at which other systems report.
struct HooksCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hooks", abstract: "The addresses at which other systems report what happens.",
        subcommands: [List.self, Test.self, Sign.self, Again.self], defaultSubcommand: List.self)

    /// All hooks.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the hooks, and whether their secrets are there.")

        @OptionGroup var place: WorkspaceOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let open = try OpenWorkspace.loadForWork(place.workspace)
            let console = output.console
            let secrets = open.secretResolver
            var table = TextTable()
            var values: [Value] = []
            for hook in open.hooks {
                let missing = hook.secrets.compactMap { secrets.problem(of: $0) }
                table.add([
                    "POST /hooks/\(hook.name)", hook.plugin, HookText.proof(hook),
                    missing.isEmpty ? "secret is there" : console.paint.red(missing.joined(separator: "; ")),
                ])
                values.append([
                    "name": .string(hook.name), "plugin": .string(hook.plugin), "verify": .string(hook.scheme.name),
                    "secrets": .list(hook.secrets.map(Value.string)),
                    "missing": .list(missing.map(Value.string)), "path": .string("/hooks/\(hook.name)"),
                ])
            }
            if open.hooks.isEmpty {
                console.line("there are no hooks; `hooks:` in signalbox.yaml makes them (docs/webhooks.md)")
            }
            for line in table.lines() { console.line(line) }
            console.json(.list(values))
        }
    }

    /// What would become of a delivery.
    struct Test: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show what would become of a delivery: verified and mapped, nothing accepted.",
            discussion: """
                The body is the file's bytes as they are. With --sign the delivery is signed with the hook's secret first, so that a \
                sample can be tried without the sender. The exit status is 1 when the delivery would be refused, or become no event.
                """)

        @OptionGroup var delivery: DeliveryOptions
        @Flag(help: "Sign it with the hook's first secret, as its sender would.")
        var sign = false
        @OptionGroup var place: WorkspaceOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let open = try OpenWorkspace.loadForWork(place.workspace)
            let hook = try open.hook(delivery.name)
            var request = try delivery.request(for: hook)
            let secrets = try open.secretResolver.values(of: hook)
            if sign, let secret = secrets.first {
                do throws(WebhookRefusal) {
                    let proof = try WebhookSigner.proof(of: request, for: hook, secret: secret)
                    request.headers += proof.headers
                    request.query += proof.query
                } catch {
                    throw CommandFailure(.failed, error.detail)
                }
            }
            let outcome = WebhookReceiver.receive(request, hook: hook, secrets: secrets)
            let console = output.console
            var value = HookText.value(outcome)
            for line in HookText.lines(outcome, console.paint) { console.line(line) }
            if outcome.kind == .refused {
                let mapped = WebhookReceiver.map(request, hook: hook)
                console.line()
                console.line("If it were genuine:")
                for line in HookText.lines(mapped, console.paint) { console.line("  " + line) }
                value["if_genuine"] = .map(HookText.value(mapped))
            }
            console.json(.map(value))
            switch outcome.kind {
            case .accepted, .ignored, .handshake: break
            case .unmapped, .unreadable, .refused: throw ExitStatus.failed
            }
        }
    }

    /// The proof that a sender would send.
    struct Sign: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print the headers with which a sender would sign a delivery, to try it with another program.")

        @OptionGroup var delivery: DeliveryOptions
        @OptionGroup var place: WorkspaceOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let open = try OpenWorkspace.loadForWork(place.workspace)
            let hook = try open.hook(delivery.name)
            guard case .signature = hook.scheme.kind else {
                throw CommandFailure(
                    .failed,
                    "deliveries to \(hook.name) are not signed: they carry the secret itself, which is never printed",
                    help:
                        "send it as \(HookText.proof(hook)); `signalbox hooks test \(hook.name) --sign --body FILE` tries a body"
                )
            }
            let request = try delivery.request(for: hook)
            guard let secret = try open.secretResolver.values(of: hook).first else { return }
            let headers: [WebhookRequest.Header]
            do throws(WebhookRefusal) {
                headers = try WebhookSigner.proof(of: request, for: hook, secret: secret).headers
            } catch {
                throw CommandFailure(.failed, error.detail)
            }
            for header in headers { output.console.line("\(header.name): \(header.value)") }
            output.console.json(.map(ValueMap(strings: headers.map { ($0.name, .string($0.value)) })))
        }
    }
}

/// A delivery as a person describes it.
struct DeliveryOptions: ParsableArguments {
    @Argument(help: "The name of the hook.")
    var name: String

    @Option(help: ArgumentHelp("The file with the body; - for standard input.", valueName: "file"))
    var body: String

    @Option(
        name: .customLong("header"), parsing: .singleValue,
        help: ArgumentHelp("A header of the delivery, as curl has it; may be given again.", valueName: "name: value"))
    var headers: [String] = []

    @Option(
        name: .customLong("query"), parsing: .singleValue,
        help: ArgumentHelp("A parameter of the address; may be given again.", valueName: "name=value"))
    var query: [String] = []

    @Option(help: ArgumentHelp("When it came, in RFC 3339; now if not given.", valueName: "time"))
    var at: String?

    /// The longest body that is read.
    private static let limit = 16 << 20

    func request(for hook: Hook) throws -> WebhookRequest {
        var now = WallClock.now()
        if let at {
            guard let instant = Timestamp(rfc3339: at) else {
                throw CommandFailure(.usage, "--at must be a time such as 2026-11-22T08:00:00Z")
            }
            now = instant
        }
        return WebhookRequest(
            name: hook.name, query: try query.map { try pair($0, "=", "--query") },
            headers: try headers.map { try pair($0, ":", "--header") },
            body: try InputFile.read(body, limit: Self.limit), receivedAt: now)
    }

    private func pair(_ text: String, _ separator: Character, _ option: String) throws -> WebhookRequest.Header {
        guard let place = text.firstIndex(of: separator), place > text.startIndex else {
            throw CommandFailure(.usage, "\(option) must be a name and a value with `\(separator)` between them")
        }
        let value = text[text.index(after: place)...].drop { $0 == " " }
        return WebhookRequest.Header(String(text[..<place]), String(value))
    }
}

extension OpenWorkspace {
    /// What looks up the workspace's secrets.
    var secretResolver: SecretResolver {
        SecretResolver(
            workspace.settings.secrets, environment: ProcessInfo.processInfo.environment, folder: workspace.folder)
    }

    /// The hook of this name.
    func hook(_ name: String) throws -> Hook {
        if let hook = hooks.first(where: { $0.name == name }) { return hook }
        let near = Similarity.nearest(to: name, among: hooks.map(\.name))
        throw CommandFailure(
            .failed, "there is no hook \(name)",
            help: near.map { "did you mean \($0)?" }
                ?? (hooks.isEmpty
                    ? "`hooks:` in signalbox.yaml makes them (docs/webhooks.md)"
                    : "there are \(hooks.map(\.name).joined(separator: ", "))"))
    }
}

extension SecretResolver {
    /// Why a secret has no value; nil when it has one.
    func problem(of name: String) -> String? {
        do throws(SecretError) {
            _ = try value(of: name)
            return nil
        } catch {
            return error.description
        }
    }

    /// The values of a hook's secrets.
    func values(of hook: Hook) throws -> [String] {
        try hook.secrets.map { name in
            do throws(SecretError) {
                return try value(of: name)
            } catch {
                throw CommandFailure(.environment, error.description)
            }
        }
    }
}
