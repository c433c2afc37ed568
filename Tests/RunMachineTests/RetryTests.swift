import RunMachine
import Testing
import WorkflowModel

@Suite("Retries and uncertain writes")
struct RetryTests {
    static func failure(_ kind: FailureClass) -> Failure { Failure(code: "x", message: "x", kind: kind) }

    @Test(arguments: [
        ("t.read", FailureClass.transient, 3), ("t.read", .timeout, 3), ("t.read", .permanent, 1),
        ("t.state", .transient, 3), ("t.write", .transient, 3), ("t.write", .permanent, 1),
        ("t.read", .rateLimited(retryAfter: nil), 3),
    ])
    func `failures are tried again by their kind`(_ action: String, _ kind: FailureClass, _ attempts: Int) throws {
        var bench = try MachineBench(
            playbook([call("s", action, retry: RetryPolicy(attempts: 3, jitter: .none))])
        ) { _ in .failed(RetryTests.failure(kind)) }
        bench.finish()
        #expect(bench.called.count == attempts)
        #expect(bench.machine.state == .failed)
    }

    @Test func `waits grow, and a rate limit is waited out`() throws {
        var bench = try MachineBench(
            playbook([call("s", "t.read", retry: RetryPolicy(attempts: 4, initial: .seconds(2), jitter: .none))])
        ) { attempt in
            .failed(RetryTests.failure(attempt.number == 2 ? .rateLimited(retryAfter: .seconds(100)) : .transient))
        }
        var waits: [Duration] = []
        bench.go()
        while let due = bench.machine.nextDue {
            waits.append(due - bench.now)
            bench.now = due
            bench.go()
        }
        #expect(waits == [.seconds(2), .seconds(100), .seconds(8)])
    }

    @Test func `jitter comes from the seed, so that a replay waits alike`() throws {
        func waits() throws -> [JournalEntry] {
            var bench = try MachineBench(playbook([call("s", "t.read", retry: RetryPolicy(attempts: 6))])) { _ in
                .failed(RetryTests.failure(.transient))
            }
            bench.finish()
            return bench.journal.filter { $0.kind == "retried" }
        }
        let first = try waits()
        #expect(first.count == 5)
        #expect(try waits() == first)
    }

    @Test func `no attempt begins after the step's deadline`() throws {
        var bench = try MachineBench(
            playbook([
                call(
                    "s", "t.read", retry: RetryPolicy(attempts: 9, initial: .seconds(4), jitter: .none),
                    deadline: .seconds(10))
            ])
        ) { _ in .failed(RetryTests.failure(.transient)) }
        bench.finish()
        #expect(bench.called == ["s/1", "s/2"])
        #expect(bench.machine.failure?.code == "deadline_exceeded")
    }

    @Test func `all attempts of a step have one start and one input`() throws {
        var starts: [Timestamp] = []
        var bench = try MachineBench(
            playbook([call("s", "t.put", "now", retry: RetryPolicy(attempts: 3, jitter: .none))])
        ) { _ in .succeeded([:]) }
        bench.script = { attempt in
            starts.append(attempt.startedAt)
            return attempt.number < 3 ? .failed(RetryTests.failure(.transient)) : .succeeded(attempt.input)
        }
        bench.finish()
        #expect(starts == Array(repeating: MachineBench.start, count: 3))
        #expect(bench.result("s")?["value"] == .timestamp(MachineBench.start))
    }

    /// Journal until a write is intended, then a new machine: what a crash during the call leaves.
    func crashed(_ workflow: Workflow) throws -> MachineBench {
        var bench = try MachineBench(workflow)
        bench.machine.start(bench.runStart)
        let commands = bench.machine.advance(now: bench.now)
        guard case .call(let attempt)? = commands.first else { throw Failure(code: "test", message: "no call") }
        bench.machine.intend(attempt, input: attempt.input, idempotencyKey: "key", now: bench.now)
        bench.journal = bench.machine.takeEntries()
        var recovered = try MachineBench(workflow)
        recovered.journal = bench.journal
        try recovered.machine.replay(bench.journal)
        recovered.machine.recover(now: bench.now)
        return recovered
    }

    @Test func `after a crash an idempotent write is called again with its key`() throws {
        var bench = try crashed(playbook([call("s", "t.put", "1")]))
        var keys: [String?] = []
        bench.script = { attempt in
            keys.append(attempt.idempotencyKey)
            return .succeeded([:])
        }
        bench.finish()
        #expect(bench.called == ["s/2"])
        #expect(keys == ["key"])
        #expect(bench.verified == [])
        #expect(bench.machine.state == .succeeded)
    }

    @Test(arguments: [
        (VerifiedAs.done(["value": 7]), [String](), RunState.succeeded), (.notDone, ["s/2"], .succeeded),
        (.unknown, [], .needsAttention),
    ])
    func `after a crash another write is asked about`(
        _ answer: VerifiedAs, _ called: [String], _ state: RunState
    ) throws {
        var bench = try crashed(playbook([call("s", "t.write", "1")]))
        bench.verification = answer
        bench.finish()
        #expect(bench.verified == ["s"])
        #expect(bench.called == called)
        #expect(bench.machine.state == state)
    }

    @Test func `on_uncertain retry calls again and marks a possible duplicate, skip fails the step`() throws {
        var again = try crashed(playbook([call("s", "t.tell", "1")]))
        again.finish()
        #expect(again.called == ["s/2"])
        #expect(
            again.journal.contains {
                if case .intended(_, 2, _, _, _, mayBeDuplicate: true) = $0 { true } else { false }
            })
        var skipped = try crashed(playbook([call("s", "t.drop", "1")]))
        skipped.finish()
        #expect(skipped.called == [])
        #expect(skipped.machine.failure?.code == "uncertain")
    }

    @Test(arguments: JournalEntry.Resolution.allCases)
    func `a person settles a write that nobody knows about`(_ resolution: JournalEntry.Resolution) throws {
        var bench = try crashed(playbook([call("s", "t.write", "1"), call("next", "t.pure", "1")]))
        bench.finish()
        #expect(bench.machine.state == .needsAttention)
        #expect(bench.machine.attentions.map(\.label) == ["s"])
        try bench.machine.resolve("s", as: resolution, by: "lead", output: ["value": 9])
        bench.finish()
        switch resolution {
        case .done:
            #expect(bench.result("s")?["value"] == 9)
            #expect(bench.called == ["next/1"])
        case .retry: #expect(bench.called == ["s/2", "next/1"])
        case .skip: #expect(bench.machine.failure?.code == "uncertain")
        }
        #expect(throws: Failure.self) { try bench.machine.resolve("s", as: .done, by: "lead") }
    }

    @Test(arguments: [
        ("t.tell", [FailureClass.uncertain], true), ("t.tell", [.transient], false),
        ("t.tell", [.uncertain, .transient], true), ("t.put", [.timeout], true), ("t.put", [.uncertain], true),
        ("t.put", [.transient, .transient], false), ("t.read", [.timeout], false),
    ])
    func `a deadline that ends a write whose attempt may have happened leaves it uncertain`(
        _ action: String, _ failures: [FailureClass], _ isUncertain: Bool
    ) throws {
        let retry = RetryPolicy(attempts: 9, initial: .seconds(4), jitter: .none)
        var bench = try MachineBench(playbook([call("s", action, retry: retry, deadline: .seconds(60))])) {
            .failed(RetryTests.failure(failures[$0.number - 1]))
        }
        bench.go()
        for _ in failures.dropFirst() {
            bench.now = try #require(bench.machine.nextDue)
            bench.go()
        }
        // Nothing executed for a while.
        bench.now = bench.now + .seconds(600)
        bench.finish()
        #expect(bench.called.count == failures.count)
        #expect(bench.machine.failure?.code == "deadline_exceeded")
        #expect(bench.machine.failure?.kind == (isUncertain ? .uncertain : .timeout))
    }

    @Test func `a deadline that has passed while nothing executed leaves an interrupted write uncertain`() throws {
        var bench = try crashed(playbook([call("s", "t.put", "1", deadline: .seconds(60))]))
        bench.now = bench.now + .seconds(600)
        bench.finish()
        #expect(bench.called == [])
        #expect(bench.machine.failure?.kind == .uncertain)
    }

    @Test func `a write that may have timed out is uncertain`() throws {
        var bench = try MachineBench(playbook([call("s", "t.write", retry: RetryPolicy())])) { _ in
            .failed(RetryTests.failure(.timeout))
        }
        bench.finish()
        #expect(bench.verified == ["s"])
        #expect(bench.machine.state == .needsAttention)
        bench.machine.cancel(by: "lead", reason: nil, now: bench.now)
        bench.finish()
        #expect(bench.machine.state == .cancelled)
    }

    @Test func `an idempotent write that times out while its run is cancelled counts as uncertain`() throws {
        var bench = try MachineBench(playbook([call("s", "t.put", retry: RetryPolicy(attempts: 3))]))
        bench.machine.start(bench.runStart)
        guard case .call(let attempt)? = bench.machine.advance(now: bench.now).first else {
            throw Failure(code: "test", message: "no call")
        }
        bench.machine.intend(attempt, input: attempt.input, idempotencyKey: "key", now: bench.now)
        bench.machine.cancel(by: "lead", reason: nil, now: bench.now)
        bench.machine.attemptEnded(attempt.key, .failed(RetryTests.failure(.timeout)), now: bench.now)
        bench.finish()
        #expect(bench.machine.state == .cancelled)
        #expect(bench.verified == ["s"])
        #expect(bench.journal.map(\.kind).contains("uncertain"))
        #expect(!bench.journal.map(\.kind).contains("failed"))
    }

    @Test func `an idempotent write that times out is repeated, and when it never answers a person is asked`() throws {
        var bench = try MachineBench(playbook([call("s", "t.put")])) { _ in .failed(RetryTests.failure(.timeout)) }
        bench.finish()
        #expect(bench.called == ["s/1", "s/2", "s/3"])
        #expect(bench.verified == ["s"])
        #expect(bench.machine.state == .needsAttention)
    }
}
