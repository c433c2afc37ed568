import Logging
import SQLiteRunStore
import WorkflowEngine
import WorkflowModel

/// Has an action performed for the person who types, by the executor at work or, when there is none, by this process.
struct Deed {
    private let open: OpenWorkspace
    private let state: StateFolder
    private let command: String
    private let person: ActingPerson

    /// A deed of who types, or of the person for whom an admin types.
    ///
    /// - Parameter command: what this process runs, for the message that another one gets.
    init(_ open: OpenWorkspace, _ place: WorkspaceOptions, as other: String?, command: String = "act") throws {
        self.open = open
        self.command = command
        state = StateFolder(place.stateFolder)
        person = try ActingPerson.find(other, in: open, state)
    }

    /// Performs `action`; returns `{id, output, receipts}`. Runs that its events start are worked on, for at most `limit`.
    func act(_ action: String, _ input: ValueMap, within limit: Duration = .seconds(60)) async throws -> Value {
        if let executor = try await Executor.openUnlessHeld(open, state, command: command) {
            return try await executor.work { [person] engine in
                let act = try await engine.act(action, input: input, by: person.id, typedBy: person.typist)
                try await engine.waitUntilQuiet(upTo: limit)
                return act.value
            }
        }
        return try await RunningExecutor.use(open, state, command: command) { executor in
            try await executor.ask(
                "act", .map(person.signing(["action": .string(action), "input": .map(input)])), by: person.id)
        }
    }
}

extension OpenWorkspace {
    /// What the `read` or `pure` action `action` gives, on the store as it is; nothing is changed.
    func look(_ action: String, _ input: ValueMap, in state: StateFolder) async throws -> Value {
        let store = try state.openForReading(collections)
        do {
            var services = Executor.services(self, state, store, Logger(label: "signalbox"), nil)
            // What a replay has kept is of its time.
            if let time = try await store.read(view: { try ReplayMark.time(in: $0) }) {
                services.clock = ReplayClock(time)
            }
            let found = try await ActionLook(services, Executor.settings(self)).look(action, input)
            await store.close()
            return found
        } catch {
            await store.close()
            throw Executor.readable(error)
        }
    }
}
