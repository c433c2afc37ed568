import Expressions
import Testing
import Triggers
import WorkflowModel

private let place = SourcePlace(file: "test.yaml", line: 1, column: 1)

private func condition(_ text: String) -> Condition { .expression(ExpressionText(text, at: place)) }

private func playbook(
    _ id: String, _ types: [String], _ when: Condition?, firing: EventTrigger.Firing = .becomingTrue,
    includesOwn: Bool = false
) throws -> MatchablePlaybook {
    try MatchablePlaybook(
        workflow: Workflow(
            id: id, mode: .active,
            triggers: [
                .event(
                    EventTrigger(types: types, condition: when, firing: firing, includesOwn: includesOwn, place: place))
            ],
            steps: []), bundle: "b")
}

private func event(_ type: String, _ ticket: ValueMap, own: Bool = false) -> Event {
    var ticket = ticket
    ticket["id"] = ticket["id"] ?? "1"
    return Event(
        id: "e", source: "s", type: type, time: Timestamp(seconds: 1000), data: ["ticket": .map(ticket)],
        origin: own ? .own : .outside)
}

private func match(
    _ playbooks: [MatchablePlaybook], _ event: Event, held: [HeldEdge] = [], isOutOfOrder: Bool = false
) -> MatchResult {
    Matcher(playbooks).match(
        event, names: event.data, now: Timestamp(seconds: 1000), held: held, isOutOfOrder: isOutOfOrder)
}

extension MatchResult {
    fileprivate var fired: [Int] { decisions.filter { $0.outcome == .fires }.map(\.playbook) }

    fileprivate func reason(_ playbook: Int) -> String? {
        for decision in decisions where decision.playbook == playbook {
            switch decision.outcome {
            case .fires: return "fires"
            case .suppressed(let reason, _): return reason
            case .failed(let code, _): return "failed:\(code)"
            }
        }
        return nil
    }
}

@Suite("Matching")
struct MatcherTests {
    @Test(
        "the index answers exactly as evaluating every condition would",
        arguments: [
            #"ticket.priority == "P1""#, #""P1" == ticket.priority"#, #"ticket.priority in ["P1", "P2"]"#,
            #"ticket.priority == "P1" && ticket.service == "mail""#,
            #"ticket.priority == "P1" || ticket.priority == "P3""#,
            #"ticket.priority == "P1" || ticket.service == "mail""#, #"!(ticket.priority == "P1")"#,
            #"ticket.level == 1"#,
            #"ticket.level in [1, 2] && ticket.vip == true"#, #"ticket["priority"] == "P2""#,
            #"ticket.priority != "P1""#,
            #"ticket.priority == "P1" && ticket.priority == "P2""#, #"ticket.missing == "x""#,
            #"ticket.missing == "x" && ticket.priority == "P1""#,
            #"ticket.priority == "P1" && ticket.title.contains("down")"#,
            #"has(ticket.vip) && ticket.vip"#, #"ticket.priority in ticket.allowed"#, #"ticket.priority == null"#,
            "true", "false",
            #"ticket.level == 1.0"#, #"ticket.level == 1u"#, #"ticket.owner.team == "a""#,
            #"ticket.priority == "P1" && ticket.service == "mail" && ticket.level == 1 && ticket.vip == true"#,
        ])
    func agreement(text: String) throws {
        let tickets: [ValueMap] = [
            ["priority": "P1", "service": "mail", "level": 1, "vip": true, "title": "down", "allowed": ["P1"]],
            ["priority": "P2", "service": "web", "level": 2, "vip": false, "title": "", "allowed": []],
            ["priority": "P3", "level": 1.0, "owner": ["team": "a"]],
            ["priority": nil, "service": ["a"], "level": "1", "owner": nil],
            [:], ["priority": "P1", "missing": "x", "level": .uint(1)],
            ["priority": "P1", "service": "mail", "vip": true],
        ]
        let compiled = try CompiledCondition(condition(text))
        let one = try playbook("p", ["x"], condition(text))
        for ticket in tickets {
            let event = event("x", ticket)
            let result = match([one], event)
            let expected: String?
            switch compiled.evaluate(EventScope(event: event, names: event.data, now: event.time)) {
            case .holds: expected = "fires"
            case .doesNotHold: expected = nil
            case .failed(let error, _): expected = "failed:\(error.code.rawValue)"
            }
            #expect(result.reason(0) == expected, "\(text) on \(JSONWriter.text(.map(ticket)))")
        }
    }

    @Test("a thousand random conditions give what evaluating each of them gives")
    func randomConditions() throws {
        var random = SplitMix(state: 7)
        let playbooks = try (0..<1000).map { number in
            var clauses = [
                #"ticket.priority == "P\#(random.below(4))""#,
                #"ticket.service in ["s\#(random.below(9))", "s\#(random.below(9))"]"#,
            ]
            if random.below(2) == 0 { clauses.append(#"ticket.level == \#(random.below(3))"#) }
            if random.below(3) == 0 { clauses.removeFirst() }
            return try playbook(
                "p\(number)", ["x"], condition(clauses.joined(separator: random.below(5) == 0 ? " || " : " && ")))
        }
        let matcher = Matcher(playbooks)
        for _ in 0..<50 {
            var ticket: ValueMap = [
                "priority": .string("P\(random.below(4))"), "service": .string("s\(random.below(9))"),
            ]
            if random.below(3) > 0 { ticket["level"] = .int(Int64(random.below(3))) }
            let event = event("x", ticket)
            let scope = EventScope(event: event, names: event.data, now: event.time)
            let result = matcher.match(event, names: event.data, now: event.time, held: [], isOutOfOrder: false)
            for (number, playbook) in playbooks.enumerated() {
                guard case .event(let trigger) = playbook.workflow.triggers[0], let written = trigger.condition else {
                    continue
                }
                switch try CompiledCondition(written).evaluate(scope) {
                case .holds: #expect(result.reason(number) == "fires")
                case .doesNotHold: #expect(result.reason(number) == nil)
                case .failed: #expect(result.reason(number)?.hasPrefix("failed") == true)
                }
            }
        }
    }

    @Test("an event of another type touches nothing, and disabled playbooks are not matched")
    func types() throws {
        var disabled = Workflow(id: "off", mode: .disabled, steps: [])
        disabled.triggers = [.event(EventTrigger(types: ["x"], place: place))]
        let playbooks = [try playbook("p", ["x", "y"], nil), try MatchablePlaybook(workflow: disabled, bundle: "b")]
        #expect(match(playbooks, event("z", [:])).decisions.isEmpty)
        #expect(match(playbooks, event("y", [:])).fired == [0])
    }

    @Test("echoes of our own writes fire nothing unless asked for")
    func echoes() throws {
        let playbooks = [try playbook("p", ["x"], nil), try playbook("q", ["x"], nil, includesOwn: true)]
        #expect(match(playbooks, event("x", [:], own: true)).fired == [1])
    }

    @Test("a failing part does not outweigh one that decides")
    func absorption() throws {
        let failing = condition("ticket.missing == 1")
        let cases: [(Condition, String?)] = [
            (.all([failing, condition("false")]), nil), (.all([condition("true"), failing]), "failed:noSuchField"),
            (.any([failing, condition("true")]), "fires"), (.any([failing, condition("false")]), "failed:noSuchField"),
            (.not(condition("false")), "fires"), (.not(failing), "failed:noSuchField"), (.all([]), "fires"),
            (.any([]), nil),
        ]
        for (written, expected) in cases {
            #expect(match([try playbook("p", ["x"], written)], event("x", [:])).reason(0) == expected)
        }
    }
}

@Suite("Edges")
struct EdgeTests {
    private let urgent = condition(#"ticket.priority == "P1""#)

    private func held(_ playbook: MatchablePlaybook) -> [HeldEdge] {
        [HeldEdge(playbook: playbook.workflow.id, condition: playbook.conditionHash)]
    }

    @Test("a trigger for updates fires when its condition becomes true, not while it stays true")
    func becomesTrue() throws {
        let one = try playbook("p", ["ticket.updated"], urgent)
        let first = match([one], event("ticket.updated", ["priority": "P1"]))
        #expect(first.reason(0) == "fires")
        #expect(first.edgesToSet == [0])
        let second = match([one], event("ticket.updated", ["priority": "P1"]), held: held(one))
        #expect(second.reason(0) == "edge")
        #expect(second.edgesToSet.isEmpty)
        let third = match([one], event("ticket.updated", ["priority": "P2"]), held: held(one))
        #expect(third.decisions.isEmpty)
        #expect(third.edgesToClear == ["p"])
    }

    @Test("what was true at creation does not become true by the next update")
    func oneMemory() throws {
        let one = try playbook("p", ["ticket.created", "ticket.updated"], urgent)
        let created = match([one], event("ticket.created", ["priority": "P1"]))
        #expect(created.reason(0) == "fires")
        #expect(created.edgesToSet == [0])
        #expect(match([one], event("ticket.updated", ["priority": "P1"]), held: held(one)).reason(0) == "edge")
    }

    @Test("a condition that fails is no false: the memory stays")
    func failureKeepsMemory() throws {
        let one = try playbook("p", ["ticket.updated"], condition("ticket.missing.field == 1"))
        let result = match([one], event("ticket.updated", [:]), held: held(one))
        #expect(result.reason(0) == "failed:noSuchField")
        #expect(result.edgesToClear.isEmpty)
    }

    @Test("late events move no edge")
    func outOfOrder() throws {
        let one = try playbook("p", ["ticket.updated"], urgent)
        let late = match([one], event("ticket.updated", ["priority": "P1"]), isOutOfOrder: true)
        #expect(late.reason(0) == "out_of_order")
        #expect(late.edgesToSet.isEmpty)
        let lateFalse = match([one], event("ticket.updated", ["priority": "P2"]), held: held(one), isOutOfOrder: true)
        #expect(lateFalse.edgesToClear.isEmpty)
        let created = try playbook("c", ["ticket.created"], urgent)
        #expect(match([created], event("ticket.created", ["priority": "P1"]), isOutOfOrder: true).reason(0) == "fires")
    }

    @Test("fires: every_event fires each time, and so does a trigger without a condition")
    func levels() throws {
        let every = try playbook("p", ["ticket.updated"], urgent, firing: .everyEvent)
        #expect(match([every], event("ticket.updated", ["priority": "P1"]), held: held(every)).reason(0) == "fires")
        let bare = try playbook("q", ["ticket.updated"], nil)
        #expect(match([bare], event("ticket.updated", [:]), held: held(bare)).reason(0) == "fires")
        #expect(match([bare], event("ticket.updated", [:])).edgesToSet.isEmpty)
    }

    @Test("a memory that was kept under another condition does not count")
    func changedCondition() throws {
        let one = try playbook("p", ["ticket.updated"], urgent)
        let result = match(
            [one], event("ticket.updated", ["priority": "P1"]), held: [HeldEdge(playbook: "p", condition: "other")])
        #expect(result.reason(0) == "fires")
        #expect(result.edgesToClear == ["p"])
        #expect(result.edgesToSet == [0])
    }

    @Test("an event of another type leaves the memory alone")
    func otherType() throws {
        let one = try playbook("p", ["ticket.updated"], urgent)
        #expect(match([one], event("ticket.commented", ["priority": "P2"]), held: held(one)).edgesToClear.isEmpty)
    }
}

@Suite("Why")
struct ConditionReportTests {
    @Test("every line of a condition shows what it came to and the values that it saw")
    func lines() throws {
        let written = Condition.all([
            condition(#"ticket.priority in ["P1", "P2"] && ticket.vip"#),
            .any([condition("ticket.age > 5"), condition("ticket.missing")]),
        ])
        let event = event("x", ["priority": "P3", "vip": true, "age": 3])
        let report = try CompiledCondition(written).report(EventScope(event: event, names: event.data, now: event.time))
        #expect(report.verdict == .doesNotHold)
        #expect(
            report.lines.map(\.text) == [
                #"ticket.priority in ["P1", "P2"]"#, "ticket.vip", "any of", "ticket.age > 5", "ticket.missing",
            ])
        #expect(report.lines.map(\.verdict) == [.doesNotHold, .holds, .failed, .doesNotHold, .failed])
        #expect(report.lines.map(\.depth) == [0, 0, 0, 1, 1])
        #expect(report.lines[0].seen.first?.text == "ticket.priority")
        #expect(report.lines[0].seen.first?.value == "P3")
        #expect(report.lines[4].error != nil)
    }
}

private struct SplitMix {
    var state: UInt64

    mutating func below(_ bound: UInt64) -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return (mixed ^ mixed >> 31) % bound
    }
}
