import ArgumentParser
import PluginHost
import RunStore
import SQLiteRunStore
import WorkflowEngine
import WorkflowModel

extension HooksCommand {
    /// A delivery that was kept, mapped anew.
    struct Again: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Map a delivery that was kept as webhook.unmapped anew, and accept what comes of it.",
            discussion: """
                For after the words of the hook or the manifest of its plugin were mended. This is real: playbooks fire. Events that the \
                delivery has become before are known already, and nothing happens for them.
                """)

        @Argument(help: "The id of the webhook.unmapped event, as its answer, the log or `signalbox why` says it.")
        var event: String

        @OptionGroup var place: WorkspaceOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let open = try OpenWorkspace.loadForDeeds(place)
            let state = StateFolder(place.stateFolder)
            let outcome = try await outcome(open, state)
            let console = output.console
            guard outcome.kind == .accepted else {
                for line in HookText.lines(outcome, console.paint) { console.line(line) }
                console.json(.map(HookText.value(outcome)))
                throw ExitStatus.failed
            }
            let receipts: [Receipt]
            if let executor = try await Executor.openUnlessHeld(open, state, command: "hooks") {
                receipts = try await executor.work { engine in
                    let accepted = try await engine.emit(outcome.events)
                    try await engine.waitUntilQuiet(upTo: .seconds(10))
                    return accepted.map { Receipt($0.value) }
                }
            } else {
                let person = try ActingPerson.find(nil, in: open, state).id
                receipts = try await RunningExecutor.use(open, state, command: "hooks") { executor in
                    let answer = try await executor.ask(
                        "emit", ["events": .list(outcome.events.map(\.envelope))], by: person, within: .seconds(60))
                    return (answer["receipts"]?.list ?? []).map(Receipt.init)
                }
            }
            for receipt in receipts { for line in receipt.lines(console.paint) { console.line(line) } }
            console.json(["receipts": .list(receipts.map(\.value))])
        }

        /// What the kept delivery becomes now.
        private func outcome(_ open: OpenWorkspace, _ state: StateFolder) async throws -> WebhookOutcome {
            let store = try state.openExisting(open.collections)
            let id = event
            let records = try await store.read { try $0.events(withID: id) }
            await store.close()
            guard let kept = records.first(where: { $0.event.type == "webhook.unmapped" })?.event else {
                throw CommandFailure(
                    .failed, "there is no webhook.unmapped event \(event)",
                    help:
                        "its id begins with `unmapped:`; the log line of the delivery and the answer to its sender have it"
                )
            }
            let webhook = kept.data["webhook"]
            guard webhook?["truncated"]?.bool != true else {
                throw CommandFailure(
                    .failed, "only the first \(WebhookLimits.keptBody >> 10) KiB of the delivery were kept",
                    help: "have its sender send it again")
            }
            let hook = try open.hook(webhook?["hook"]?.string ?? "")
            let bytes = webhook?["body_base64"]?.string.flatMap { Base64Text.decode($0) }
            let request = WebhookRequest(
                name: hook.name,
                headers: (webhook?["headers"]?.map ?? [:]).map { .init($0.key.string ?? "", $0.value.string ?? "") },
                body: bytes ?? Array((webhook?["body"]?.string ?? "").utf8), receivedAt: kept.time)
            return WebhookReceiver.map(request, hook: hook)
        }
    }
}
