public import RunStore
public import WorkflowModel

/// Acts on what other processes ask of the executor through the store.
struct RequestDesk: Sendable {
    let engine: Engine

    private var core: EngineCore { engine.core }

    /// Looks for requests until the task is cancelled.
    func run() async {
        while !Task.isCancelled, !core.isDraining {
            do {
                try await answerAll()
                try await core.services.clock.sleep(until: core.services.clock.now + core.settings.requestInterval)
            } catch is CancellationError {
                return
            } catch {
                core.tell(.warning(nil, "requests cannot be read: \(error)"))
                do {
                    try await core.services.clock.sleep(until: core.services.clock.now + .seconds(1))
                } catch { return }
            }
        }
    }

    /// Answers all open requests, oldest first.
    @discardableResult
    func answerAll() async throws -> Int {
        let requests = try await core.store.read(view: { try $0.openRequests(limit: 100) })
        for request in requests {
            if let answer = try await answer(request) {
                try await core.store.write { try $0.answerRequest(request.id, answer) }
            }
            core.tell(.requestAnswered(kind: request.kind, by: request.by, after: core.services.clock.now - request.at))
        }
        return requests.count
    }

    /// The answer; nil when it is stored already.
    private func answer(_ request: RequestRecord) async throws -> Value? {
        do {
            return try await act(on: request)
        } catch let error as StoreError {
            throw error
        } catch let error as EngineError {
            return RequestAnswer.refused(error.code.rawValue, error.message)
        } catch let failure as Failure {
            return RequestAnswer.refused(failure.code, failure.message)
        } catch let error as EventError {
            return RequestAnswer.refused("bad_event", error.description)
        }
    }

    private func act(on request: RequestRecord) async throws -> Value? {
        let body = request.body
        switch request.kind {
        case "emit":
            var events: [Event] = []
            for value in body["events"]?.list ?? [] {
                events.append(try Event(cloudEvent: value, now: core.services.clock.now))
            }
            let receipts = try await engine.emit(events)
            return ["ok": true, "receipts": .list(receipts.map(\.value))]
        case "run":
            var event: Event?
            if let value = body["event"], !value.isNull {
                event = try Event(cloudEvent: value, now: core.services.clock.now)
            }
            // Answered together with the run's making, so that a crash between them does not make a second one.
            _ = try await engine.run(
                try text("playbook", body), event: event, inputs: body["inputs"]?.map ?? ValueMap(), by: request.by
            ) { transaction, run in
                try transaction.answerRequest(request.id, ["ok": true, "run": .string(run.id.text)])
            }
            return Value?.none
        case "cancel":
            try await engine.cancel(RunID(try text("run", body)), by: request.by, reason: body["reason"]?.string)
            return ["ok": true]
        case "resolve":
            guard let resolution = Engine.Resolution(rawValue: try text("as", body)) else {
                throw EngineError(.badInput, "as must be done, retry or skip")
            }
            try await engine.resolve(
                RunID(try text("run", body)), step: try text("step", body), as: resolution, by: request.by,
                output: body["output"])
            return ["ok": true]
        case "resume":
            let runs = try await engine.recover()
            return ["ok": true, "runs": .list(runs.map { .string($0.text) })]
        default:
            if let answer = await core.services.requestHandler?(request.kind, body, request.by) { return answer }
            return RequestAnswer.refused("unknown_request", "this executor does not know how to \(request.kind)")
        }
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
    /// - Parameter kind: `emit` {events}, `run` {playbook, event, inputs}, `cancel` {run, reason}, `resolve` {run, step, as,
    ///   output}, `resume`, or one that the process adds.
    /// - Returns: the answer, without refusals.
    /// - Throws: ``EngineError`` with `refused` and the executor's message, or `no_answer` when none comes within `duration`: then
    ///   the request stays and the next executor acts on it; ``StoreError``.
    public func ask(_ kind: String, _ body: Value, by person: String, within duration: Duration) async throws -> Value {
        let (now, limit) = (clock.now, clock.now + duration)
        let id = try await store.write { transaction in
            try transaction.insertRequest(RequestRecord(kind: kind, body: body, by: person, at: now))
        }
        while true {
            if let answer = try await store.read(view: { try $0.request(id)?.answer }) {
                guard answer["ok"]?.bool != false else {
                    throw EngineError(.refused, answer["message"]?.string ?? "the executor refused")
                }
                return answer
            }
            guard clock.now < limit else {
                throw EngineError(
                    .noAnswer,
                    "the executor gave no answer within \(DurationText.forPeople(duration)); the request stays and is acted on "
                        + "when it looks again")
            }
            try await clock.sleep(until: clock.now + .milliseconds(20))
        }
    }
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
