import ArgumentParser
import NotifyPlugin
import RunStore
import SQLiteRunStore
import WorkflowEngine
import WorkflowModel
import Workspaces

/// `signalbox ack`: somebody has seen a message.
struct AckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ack", abstract: "Acknowledge a message: its token stands in it.")

    @Argument(help: "The token.")
    var token: String

    @OptionGroup var acting: ActingOptions
    @OptionGroup var place: WorkspaceOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let open = try OpenWorkspace.loadForDeeds(place)
        let state = StateFolder(place.stateFolder)
        let store = try state.openExisting(open.collections)
        let now = WallClock.now()
        let person = try ActingPerson.find(acting.person, in: open, state)
        let by = person.id
        let token = token
        let draft: EventDraft
        do {
            draft = try await store.read { try Acknowledgement.event(token: token, by: by, at: now, reader: $0) }
        } catch let failure as Failure {
            throw CommandFailure(.failed, failure.message)
        }
        let event = Event(
            id: "\(draft.type)/\(draft.key ?? token)", source: "/signalbox/ack", type: draft.type,
            subject: draft.subject,
            time: now, data: draft.data)
        let receipts: [Receipt]
        await store.close()
        if let executor = try await Executor.openUnlessHeld(open, state, command: "ack") {
            receipts = try await executor.work { engine in
                let accepted = try await engine.acknowledge(event, by: by, typedBy: person.typist)
                try await engine.waitUntilQuiet(upTo: .seconds(10))
                return accepted.map { Receipt($0.value) }
            }
        } else {
            receipts = try await RunningExecutor.use(open, state, command: "ack") { executor in
                let answer = try await executor.ask(
                    "acknowledge", .map(person.signing(["event": event.envelope])), by: by)
                return (answer["receipts"]?.list ?? []).map(Receipt.init)
            }
        }
        let console = output.console
        let notification = draft.data["notification"]
        console.line(
            "acknowledged by \(by): the message to \(notification?["to"]?.string ?? "?")"
                + (draft.subject.map { " about \($0)" } ?? ""))
        for receipt in receipts { for line in receipt.lines(console.paint).dropFirst() { console.line(line) } }
        console.json(["token": .string(token), "by": .string(by), "receipts": .list(receipts.map(\.value))])
    }
}
