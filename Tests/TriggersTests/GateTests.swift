import Testing
import Triggers
import WorkflowModel

/// The decisions of each gate, state in, state and verdict out.
@Suite("Gates")
struct GateTests {
    static let start = Timestamp(seconds: 1_795_334_400)

    static func at(_ seconds: Int64) -> Timestamp { start + .seconds(seconds) }

    func reason(_ verdict: GateVerdict) -> StopReason? {
        if case .stops(let reason, _) = verdict { reason } else { nil }
    }

    @Test(
        "repeats are ignored from the event acted on until the window has passed",
        arguments: [(nil, 0, true), (0, 0, false), (0, 1, false), (0, 599, false), (0, 600, true), (0, 601, true)]
            as [(Int64?, Int64, Bool)])
    func ignores(_ opened: Int64?, _ now: Int64, _ passes: Bool) {
        let (verdict, corrected) = RepeatGate.ignore(
            openedAt: opened.map(Self.at), window: .seconds(600), now: Self.at(now), name: "T-1")
        #expect((reason(verdict) == nil) == passes)
        #expect(corrected == nil)
    }

    @Test func `a clock that was set back neither opens the window nor closes it for long`() {
        let (verdict, corrected) = RepeatGate.ignore(
            openedAt: Self.at(86_400), window: .seconds(600), now: Self.at(0), name: "T-1")
        #expect(reason(verdict) == .repeated)
        #expect(corrected == Self.at(0))
        let later = RepeatGate.ignore(openedAt: corrected, window: .seconds(600), now: Self.at(600), name: "T-1")
        #expect(later.verdict == .passes)
        let throttled = ThrottleGate.decide(
            [Self.at(86_400)], ThrottleRule(limit: 1, per: .seconds(60)), now: Self.at(0), name: "T-1")
        #expect(reason(throttled.verdict) == .throttled)
        #expect(throttled.times.times == [Self.at(0)])
    }

    @Test func `only_if acts at the fifth within the span, and then counts from zero`() {
        var times: [Timestamp] = []
        var acted: [Int64] = []
        for second in [0, 100, 3600, 3601, 3602, 3603, 3604, 3605, 3606, 3607, 3608] as [Int64] {
            let (verdict, sliding) = RepeatGate.onlyIf(
                times, count: 5, within: .seconds(3600), now: Self.at(second), name: "T-1")
            times = sliding.times
            #expect(times.count <= 5)
            guard verdict == .passes else { continue }
            acted.append(second)
            times = []
        }
        // 0 has slid out when 3600 comes; 100, 3600, 3601, 3602, 3603 are five.
        #expect(acted == [3603, 3608])
    }

    @Test func `an only_if that was stopped later acts at the next event`() {
        var times: [Timestamp] = []
        for second in 0..<3 as Range<Int64> {
            times =
                RepeatGate.onlyIf(times, count: 3, within: .seconds(60), now: Self.at(second), name: "x").times.times
        }
        let (verdict, _) = RepeatGate.onlyIf(times, count: 3, within: .seconds(60), now: Self.at(3), name: "x")
        #expect(verdict == .passes)
    }

    @Test func `a throttle lets at most its limit through in any span`() {
        let rule = ThrottleRule(limit: 3, per: .seconds(10))
        var times: [Timestamp] = []
        var begun: [Int64] = []
        for second in 0..<40 as Range<Int64> {
            let (verdict, sliding) = ThrottleGate.decide(times, rule, now: Self.at(second), name: "T-1")
            guard verdict == .passes else { continue }
            times = sliding.times
            begun.append(second)
        }
        #expect(begun == [0, 1, 2, 10, 11, 12, 20, 21, 22, 30, 31, 32])
    }

    @Test func `a throttle says when the next may begin`() {
        let (verdict, _) = ThrottleGate.decide(
            [Self.at(0), Self.at(5)], ThrottleRule(limit: 2, per: .seconds(60)), now: Self.at(20), name: "mail")
        guard case .stops(_, let sentence) = verdict else {
            Issue.record("not stopped")
            return
        }
        #expect(sentence == "2 of at most 2 within 1m have begun for mail; the next may begin in 40s")
    }

    @Test(
        "a full slot does what if_busy says",
        arguments: [
            (.wait, 0, 0, .begins), (.wait, 1, 0, .waits), (.wait, 0, 1, .waits), (.wait, 1, 899, .waits),
            (.wait, 1, 900, .stopped(.lineFull)), (.skip, 1, 0, .stopped(.busy)), (.replace, 1, 3, .replaces),
            (.runToo, 9, 0, .begins),
        ] as [(ConcurrencyRule.IfBusy, Int, Int, ConcurrencyGate.Entry)])
    func concurrency(_ ifBusy: ConcurrencyRule.IfBusy, _ working: Int, _ waiting: Int, _ entry: ConcurrencyGate.Entry) {
        #expect(
            ConcurrencyGate.enter(ConcurrencyRule(ifBusy: ifBusy, limit: 1), working: working, waiting: waiting)
                == entry)
    }

    @Test(
        "places are given to those that wait, as many as are free",
        arguments: [(1, 0, 3, 1), (1, 1, 3, 0), (3, 1, 5, 2), (3, 1, 1, 1), (1, 4, 2, 0), (nil, 4, 2, 2)]
            as [(Int?, Int, Int, Int)])
    func release(_ limit: Int?, _ working: Int, _ waiting: Int, _ count: Int) {
        #expect(ConcurrencyGate.released(limit: limit, working: working, waiting: waiting) == count)
    }

    @Test func `a collection keeps the first thousand, tells of the others, and knows the newest`() {
        var collection: Collection?
        for event in 1...1500 as ClosedRange<Int64> {
            collection = Collection.adding(
                event, trigger: 0, bytes: 10, to: collection, window: .seconds(300), now: Self.at(event))
        }
        #expect(collection?.events.count == 1000)
        #expect(collection?.events.last == 1000)
        #expect(collection?.dropped == 500)
        #expect(collection?.newest == 1500)
        #expect(collection?.due == Self.at(301))
        #expect(Collection(collection?.value) == collection)
    }

    @Test func `a collection keeps no more than so many bytes`() {
        let half = RepeatRule.largestCollection / 2 + 1
        var collection = Collection.adding(
            1, trigger: 0, bytes: half, to: nil, window: .seconds(1), now: Self.start)
        collection = Collection.adding(
            2, trigger: 0, bytes: half, to: collection, window: .seconds(1), now: Self.start)
        #expect(collection.events == [1])
        #expect(collection.dropped == 1)
    }

    @Test func `a breaker opens for failures, lets one run through, and closes when that succeeds`() {
        var rule = BreakerRule()
        rule.atLeast = 4
        var tally = BreakerGate.Tally(rule)
        for number in 0..<3 as Range<Int64> { tally.noteEnd(failed: true, at: Self.at(number)) }
        #expect(tally.trouble(rule, now: Self.at(3)) == nil)
        tally.noteEnd(failed: false, at: Self.at(3))
        let trouble = tally.trouble(rule, now: Self.at(4))
        #expect(trouble == "3 of the 4 runs that ended within 10m have failed")
        guard
            case .opens(let state) = BreakerGate.decide(
                nil, trouble: trouble, coolDown: rule.coolDown, now: Self.at(4))
        else {
            Issue.record("did not open")
            return
        }
        #expect(BreakerGate.State(state.value) == state)
        guard case .stops = BreakerGate.decide(state, trouble: nil, coolDown: rule.coolDown, now: Self.at(603)) else {
            Issue.record("did not stop")
            return
        }
        #expect(BreakerGate.decide(state, trouble: nil, coolDown: rule.coolDown, now: Self.at(604)) == .probes)
        #expect(BreakerGate.after(.succeeded, state, coolDown: rule.coolDown, now: Self.at(700)) == nil)
        let failed = BreakerGate.after(.failed, state, coolDown: rule.coolDown, now: Self.at(700))
        #expect(failed?.until == Self.at(1300))
        #expect(BreakerGate.after(.cancelled, state, coolDown: rule.coolDown, now: Self.at(700))?.until == Self.at(700))
    }

    @Test func `half of the runs failing is not more than half`() {
        var rule = BreakerRule()
        rule.atLeast = 2
        var tally = BreakerGate.Tally(rule)
        tally.noteEnd(failed: true, at: Self.start)
        tally.noteEnd(failed: false, at: Self.start)
        #expect(tally.trouble(rule, now: Self.start) == nil)
    }

    @Test func `a breaker opens for volume, and forgets what is old`() {
        var rule = BreakerRule()
        rule.runs = 100
        var tally = BreakerGate.Tally(rule)
        for number in 0..<100 as Range<Int64> { tally.noteBegin(at: Self.at(number)) }
        #expect(tally.trouble(rule, now: Self.at(100)) != nil)
        #expect(tally.trouble(rule, now: Self.at(400)) == nil)
    }

    @Test func `a counter holds nothing of a clock that was set back`() {
        var counter = BucketCounter(span: .seconds(60))
        counter.add(at: Self.at(86_400))
        counter.add(at: Self.at(0))
        #expect(counter.count(at: Self.at(0)) == 1)
        #expect(counter.count(at: Self.at(59)) == 1)
        #expect(counter.count(at: Self.at(61)) == 0)
    }

    @Test func `keys are texts, and one that cannot be had says where`() throws {
        var gates = PlaybookGates()
        let place = SourcePlace(file: "p.yaml", line: 3, column: 9)
        gates.concurrency = ConcurrencyRule(key: ExpressionText("ticket.service", at: place))
        gates.throttle = ThrottleRule(limit: 1, per: .seconds(1))
        let keys = try GateKeys(gates)
        func scope(_ ticket: Value) -> EventScope {
            EventScope(event: nil, names: ["ticket": ticket], inputs: [:], now: Self.start)
        }
        #expect(try keys.key(at: .concurrency, in: scope(["service": "mail"]), subject: "ticket:1") == "mail")
        #expect(try keys.key(at: .concurrency, in: scope(["service": 7]), subject: "ticket:1") == "7")
        #expect(try keys.key(at: .concurrency, in: scope(["service": .null]), subject: "ticket:1") == "null")
        #expect(try keys.key(at: .throttle, in: scope([:]), subject: "ticket:1") == "ticket:1")
        #expect(try keys.key(at: .throttle, in: scope([:]), subject: nil) == "")
        let failure = #expect(throws: GateKeys.Failure.self) {
            _ = try keys.key(at: .concurrency, in: scope([:]), subject: "ticket:1")
        }
        #expect(failure?.detail.hasPrefix("p.yaml:3:9: the key ticket.service has no value") == true)
        let long = String(repeating: "x", count: 1001)
        #expect(throws: GateKeys.Failure.self) {
            _ = try keys.key(at: .concurrency, in: scope(["service": .string(long)]), subject: nil)
        }
    }
}
