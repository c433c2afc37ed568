public import RunStore
public import WorkflowModel

/// What is stored in the transaction of an effect, with what came of it: the answer to the request that asked for the effect.
typealias RequestNote<Outcome> = @Sendable (any StoreTransaction, Outcome) throws -> Void

/// Acts on what other processes ask of the executor through the store.
///
/// A request's effect and its answer are one transaction: after a crash either both are there, or neither, and the next executor
/// acts on the request as if for the first time. So nothing is done twice, and the answer tells what happened then. Each kind ends
/// in one of these ways, and never in an answer stored after its effect:
///
/// - it only changes rows: ``change(_:_:)``, whose body makes the changes and returns the answer;
/// - it goes through the engine (events, runs): the engine's method takes a ``RequestNote``, made by ``answer(_:_:)``, into its
///   transaction;
/// - it concerns one run: its ``RunMessage`` carries a ``RunMessage/Answer`` with the note, which the run stores with its next
///   entries once the message is among ``RunExecution/answers``;
/// - it changes nothing durable: ``tell(_:_:)``;
/// - it is refused: it throws an ``EngineError`` or a ``WorkflowModel/Failure``, having stored nothing.
struct RequestDesk: Sendable {
    /// The most events of one request.
    static let maximumEvents = 1000

    let engine: Engine

    private var core: EngineCore { engine.core }

    /// Looks for requests until the task is cancelled.
    func run() async {
        while !Task.isCancelled, !core.isDraining {
            do {
                try await answerAll()
                try await core.services.clock.pause(for: core.settings.requestInterval)
            } catch is CancellationError {
                return
            } catch {
                guard !core.isDraining else { return }
                core.tell(.warning(nil, "requests cannot be read: \(error)"))
                do {
                    try await core.services.clock.pause(for: .seconds(1))
                } catch { return }
            }
        }
    }

    /// Answers all open requests, oldest first.
    @discardableResult
    func answerAll() async throws -> Int {
        let generation = core.generation
        let requests = try await core.store.read(view: { reader in
            // An executor that has nothing to commit notices here that it has a successor.
            let newest = try reader.executorGeneration()
            guard newest <= generation else { throw StoreError.fenced(generation, by: newest) }
            return try reader.openRequests(limit: 100)
        })
        for request in requests {
            if let refusal = try await refusal(of: request) { try await tell(request, refusal) }
            core.tell(
                .requestAnswered(
                    kind: request.kind, by: request.by, after: max(.zero, core.services.clock.now - request.at)))
        }
        return requests.count
    }

    /// Acts on the request; nil when that is done and answered.
    private func refusal(of request: RequestRecord) async throws -> Value? {
        do {
            try await act(on: request)
            return Value?.none
        } catch let error as StoreError {
            throw error
        } catch let error as EngineError {
            // A stopping executor leaves what it was asked to the next one.
            guard error.code != .closed else { throw error }
            return RequestAnswer.refused(error.code.rawValue, error.message)
        } catch let failure as Failure {
            return RequestAnswer.refused(failure.code, failure.message)
        } catch let error as EventError {
            return RequestAnswer.refused("bad_event", error.description)
        }
    }

    private func act(on request: RequestRecord) async throws {
        let body = request.body
        let typist = body["typed_by"]?.string
        switch request.kind {
        case "emit":
            let events = body["events"]?.list ?? []
            guard events.count <= RequestDesk.maximumEvents else {
                throw EngineError(
                    .badInput,
                    "\(events.count) events in one request; hand over at most \(RequestDesk.maximumEvents) at a time")
            }
            let now = core.services.clock.now
            try await engine.emit(
                try events.map { try Event(handedOver: $0, now: now) },
                noting: answer(request) { [core] receipts in
                    // In a replay what the events led to has come to rest, and no time of today will move it on.
                    ["ok": true, "receipts": .list(receipts.map(\.value)), "replayed": .bool(core.replay != nil)]
                })
        case "run":
            var event: Event?
            if let value = body["event"], !value.isNull {
                event = try Event(cloudEvent: value, now: core.services.clock.now)
            } else if body["fires"]?.bool == true {
                event = try engine.fireByHand(of: try text("playbook", body))
            }
            _ = try await engine.run(
                try text("playbook", body), event: event, inputs: body["inputs"]?.map ?? ValueMap(), by: request.by,
                typedBy: typist, noting: answer(request) { ["ok": true, "run": .string($0.id.text)] })
        case "acknowledge":
            try await engine.acknowledge(
                try Event(cloudEvent: body["event"] ?? .null, now: core.services.clock.now), by: request.by,
                typedBy: typist, noting: answer(request) { ["ok": true, "receipts": .list($0.map(\.value))] })
        case "answer":
            let verdict = try body["verdict"]?.string.map { word in
                guard let verdict = AskAnswer.Verdict(rawValue: word) else {
                    throw EngineError(.badInput, "verdict must be approve or reject")
                }
                return verdict
            }
            try await engine.answer(
                try text("ask", body), by: request.by, verdict: verdict, values: body["values"]?.map ?? ValueMap(),
                comment: body["comment"]?.string, typedBy: typist, noting: answer(request) { ["ok": true] })
        case "cancel":
            try await engine.cancel(
                RunID(try text("run", body)), by: request.by, reason: body["reason"]?.string, typedBy: typist,
                noting: answer(request) { ["ok": true] })
        case "resolve":
            guard let resolution = Engine.Resolution(rawValue: try text("as", body)) else {
                throw EngineError(.badInput, "as must be done, retry or skip")
            }
            try await engine.resolve(
                RunID(try text("run", body)), step: try text("step", body), as: resolution, by: request.by,
                output: body["output"], typedBy: typist, noting: answer(request) { ["ok": true] })
        case "pause":
            let name = try text("playbook", body)
            try await engine.pause(
                name == GateRecord.allPlaybooks ? nil : name, by: request.by, reason: body["reason"]?.string,
                stopsRuns: body["stop_runs"]?.bool ?? false, typedBy: typist,
                noting: answer(request) { ["ok": true, "paused": .string($0.sentence)] })
        case "resume" where body["playbook"]?.string != nil:
            let name = try text("playbook", body)
            try await engine.resume(
                name == GateRecord.allPlaybooks ? nil : name, by: request.by, typedBy: typist,
                noting: answer(request) { resumption in
                    .map((resumption.value.map ?? [:]).merging(["ok": true]))
                })
        case "retry":
            _ = try await engine.retry(
                RunID(try text("run", body)), from: body["from"]?.string,
                sameVersion: body["same_version"]?.bool ?? false, by: request.by, typedBy: typist,
                noting: answer(request) { ["ok": true, "run": .string($0.id.text)] })
        case "replay":
            _ = try await engine.replay(
                RunID(try text("run", body)), sameVersion: body["same_version"]?.bool ?? false, by: request.by,
                typedBy: typist, noting: answer(request) { ["ok": true, "run": .string($0.id.text)] })
        case "act":
            try await engine.act(
                try text("action", body), input: body["input"]?.map ?? ValueMap(), by: request.by, typedBy: typist,
                noting: answer(request) { .map(($0.value.map ?? [:]).merging(["ok": true])) })
        case "reload":
            guard let reload = core.services.reload else {
                throw EngineError(
                    .badInput, "this executor reads the workspace when it begins, and not again; only `serve` does")
            }
            try await tell(request, await reload(request.by, typist))
        case "resume":
            let runs = try await engine.recover()
            try await tell(request, ["ok": true, "runs": .list(runs.map { .string($0.text) })])
        default:
            let handler = core.services.requestHandler
            try await change(request) { transaction in
                if let answer = try handler?(request, transaction) { return answer }
                return RequestAnswer.refused("unknown_request", "this executor does not know how to \(request.kind)")
            }
        }
    }

    // MARK: Answering

    /// Changes rows and stores the answer that `body` returns, in one transaction. What it throws undoes both.
    private func change(
        _ request: RequestRecord, _ body: @escaping @Sendable (any StoreTransaction) throws -> Value
    ) async throws {
        try await core.store.write { transaction in
            try transaction.answerRequest(request.id, try body(transaction))
        }
    }

    /// The note that stores the answer to `request`; `value` makes it of what came of the request.
    private func answer<Outcome>(
        _ request: RequestRecord, _ value: @escaping @Sendable (Outcome) -> Value
    ) -> RequestNote<Outcome> {
        { transaction, outcome in try transaction.answerRequest(request.id, value(outcome)) }
    }

    /// Stores the answer alone: nothing durable goes with it.
    private func tell(_ request: RequestRecord, _ value: Value) async throws {
        try await core.store.write { try $0.answerRequest(request.id, value) }
    }

    private func text(_ name: String, _ body: Value) throws(EngineError) -> String {
        guard let text = body[name]?.string else { throw EngineError(.badInput, "\(name) is missing") }
        return text
    }
}

/// Answers to requests: `{ok: true, …}`, or `{ok: false, code, message}`.
public enum RequestAnswer {
    /// A refusal.
    public static func refused(_ code: String, _ message: String) -> Value {
        ["ok": false, "code": .string(code), "message": .string(message)]
    }
}

/// The other end of the desk: asks the executor that works on the store, from any process.
public struct RequestClient: Sendable {
    private let store: any RunStore
    private let clock: any EngineClock

    /// A client over the executor's store.
    public init(store: any RunStore, clock: any EngineClock = SystemClock()) {
        self.store = store
        self.clock = clock
    }

    /// Asks, and waits for the answer.
    ///
    /// - Parameter kind: `emit` {events}, `run` {playbook, event, inputs, fires: as if the clock fired now}, `cancel` {run, reason}, `resolve` {run, step, as,
    ///   output}, `answer` {ask, verdict, values, comment}, `acknowledge` {event}, `pause` {playbook or "*", reason, stop_runs},
    ///   `resume` {playbook or "*"; nothing to go on with what was left}, `act` {action, input}, `reload` {}, or one that the process adds.
    /// - Returns: the answer, without refusals.
    /// - Throws: ``EngineError`` with `refused` and the executor's message, or `no_answer` when none comes within `duration`: then
    ///   the request stays and the next executor acts on it; ``StoreError``.
    public func ask(_ kind: String, _ body: Value, by person: String, within duration: Duration) async throws -> Value {
        let (answer, _) = try await submit(kind, body, by: person, key: nil, within: duration)
        guard answer["ok"]?.bool != false else {
            throw EngineError(.refused, answer["message"]?.string ?? "the executor refused")
        }
        return answer
    }

    /// Asks as ``ask(_:_:by:within:)`` does, once for a key: the same request with the same key is not acted on again and gets the
    /// answer of the first, as long as that is kept.
    ///
    /// - Parameter key: unique in the store; nil for a request that is made once.
    /// - Returns: the answer, which may be a refusal (``RequestAnswer``), and whether it is that of an earlier request.
    /// - Throws: ``KeyReused``; ``EngineError`` with `no_answer`; ``StoreError``.
    public func submit(
        _ kind: String, _ body: Value, by person: String, key: String?, within duration: Duration
    ) async throws -> (answer: Value, isRepeated: Bool) {
        let (now, limit) = (clock.now, clock.steady + duration)
        let (id, isRepeated) = try await store.write { transaction in
            if let key, let known = try transaction.request(withKey: key) {
                guard known.kind == kind, known.body == body, known.by == person else { throw KeyReused() }
                return (known.id, true)
            }
            return (
                try transaction.insertRequest(RequestRecord(kind: kind, body: body, by: person, at: now, key: key)),
                false
            )
        }
        while true {
            if let answer = try await store.read(view: { try $0.request(id)?.answer }) { return (answer, isRepeated) }
            guard clock.steady < limit else {
                throw EngineError(
                    .noAnswer,
                    "the executor gave no answer within \(DurationText.forPeople(duration)); the request stays and is acted on "
                        + "when it looks again")
            }
            try await clock.pause(for: .milliseconds(20))
        }
    }

    /// The key of a request is that of another one.
    public struct KeyReused: Error, Sendable {}
}

extension EventReceipt {
    /// The receipt as it is told to another process.
    public var value: Value {
        [
            "id": .string(event.id), "source": .string(event.source), "type": .string(event.type),
            "sequence": sequence.map(Value.int) ?? .null, "duplicate": .bool(isDuplicate),
            "refusal": refusal.map(Value.string) ?? .null,
            "matches": .list(
                matches.map { match in
                    [
                        "playbook": .string(match.playbook), "trigger": .int(Int64(match.trigger)),
                        "outcome": .string(match.outcome.rawValue), "reason": .string(match.reason),
                        "detail": .string(match.detail), "run": match.run.map { .string($0.text) } ?? .null,
                    ]
                }),
        ]
    }
}
