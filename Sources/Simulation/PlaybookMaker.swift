import WorkflowModel

/// A playbook that was made up, and which events start it.
struct MadePlaybook {
    var id: String
    var text: String
    /// The event type that starts it.
    var type: String
    /// The priorities of tickets that start it.
    var priorities: Set<String>
    /// What stands between an event that fits and a run, as YAML lines.
    var gates = ""
    var gate = Gate.none
    /// The moments at which it is started as well.
    var schedule: MadeSchedule?

    enum Gate { case none, throttle, repeats, slot, collect, onlyIf }

    func isStarted(by event: Event) -> Bool {
        if event.type == Event.scheduleFired { return event.data["schedule"]?["playbook"]?.string == id }
        return event.type == type && priorities.contains(event.data["ticket"]?["priority"]?.string ?? "")
    }
}

/// A schedule that ends some time.
struct MadeSchedule {
    var minutes: Int
    var count: Int
    /// Minutes after the beginning of the world.
    var start: Int
    var catchUp: String
    var overlap: String

    var text: String {
        "{ rrule: FREQ=MINUTELY;INTERVAL=\(minutes);COUNT=\(count), start: 2026-11-22T08:\(start < 10 ? "0" : "")\(start), "
            + "zone: UTC, catch_up: \(catchUp), overlap: \(overlap) }"
    }

    var moments: [Timestamp] { (0..<count).map { World.begin + .seconds(60 * (start + $0 * minutes)) } }
}

/// Makes playbooks up: every kind of step, nested, in any order.
struct PlaybookMaker {
    var numbers: SeededNumbers
    private var steps = 0
    private var left = 0
    private var isOnFailure = false
    /// The playbooks that the one that is being made can call.
    private var callable: [String] = []
    /// Ids of steps that come before, from the outside in.
    private var known: [[String]] = []

    static let priorities = ["P1", "P2", "P3", "P4"]
    static let types = ["ticket.created", "ticket.commented", "ticket.assigned", "test.happened", "test.rang"]

    init(seed: UInt64) { numbers = SeededNumbers(seed, "playbooks") }

    /// A playbook; `like` an earlier version it has other steps only. One that is `called` is started by nothing else.
    mutating func playbook(_ id: String, like old: MadePlaybook?, callable: [String], isCalled: Bool) -> MadePlaybook {
        self.callable = callable
        var made = old ?? (isCalled ? MadePlaybook(id: id, text: "", type: "", priorities: []) : head(id))
        let (type, priorities) = (made.type, made.priorities)
        steps = 0
        left = isCalled ? numbers.number(1...3) : numbers.number(2...9)
        isOnFailure = false
        known = []
        let list = priorities.sorted().map { "\"\($0)\"" }.joined(separator: ", ")
        let schedule = made.schedule.map { "\n  - { schedule: \($0.text) }" } ?? ""
        let trigger = "\n  - { event: \(type), when: 'ticket.priority in [\(list)]', fires: every_event }\(schedule)"
        var text = """
            playbook: \(id)
            owner: lead@example.com
            mode: active
            trigger: \(isCalled ? "{ manual: {} }" : trigger)
            vars: { count: 0 }
            \(made.gates)

            """
        if numbers.chance(250) { text += "stop_when: [ticket.closed]\n" }
        text += "steps:\n" + self.list(depth: 0).map { "  - \($0)\n" }.joined()
        if numbers.chance(300) {
            left = 2
            isOnFailure = true
            text += "on_failure:\n" + self.list(depth: 3).map { "  - \($0)\n" }.joined()
        }
        if numbers.chance(300) { text += "outputs: { count: =vars.count }\n" }
        made.text = text
        return made
    }

    private mutating func head(_ id: String) -> MadePlaybook {
        let type = numbers.pick(PlaybookMaker.types)
        var priorities = Set(PlaybookMaker.priorities.filter { _ in numbers.chance(500) })
        if priorities.isEmpty { priorities = ["P1"] }
        // What follows from steps must not go on for ever at full width.
        if type == "test.happened" { priorities = ["P1"] }
        var made = MadePlaybook(id: id, text: "", type: type, priorities: priorities)
        switch numbers.below(12) {
        case 10:
            made.gate = .collect
            made.gates = "collect_for: \(numbers.number(1...20))m\ngroup_by: ticket.id\nbreaker: off"
        case 11:
            made.gate = .onlyIf
            made.gates = "only_if: { count: 3, within: 30m }\ngroup_by: ticket.id\nbreaker: off"
        case 0:
            made.gate = .throttle
            made.gates = "throttle: { key: ticket.id, limit: 2, per: 30m, over: suppress }\nbreaker: off"
        case 1:
            made.gate = .repeats
            made.gates = "ignore_repeats_for: 5m\ngroup_by: ticket.id\nbreaker: off"
        case 2, 3:
            made.gate = .slot
            let busy = numbers.pick(["wait", "skip", "replace"])
            made.gates = "concurrency: { key: ticket.id, if_busy: \(busy) }\nbreaker: off"
        default:
            made.gates = "breaker: off"
            guard numbers.chance(250) else { break }
            made.schedule = MadeSchedule(
                minutes: numbers.number(3...50), count: numbers.number(2...8), start: numbers.number(2...40),
                catchUp: numbers.pick(["skip", "latest", "all"]),
                overlap: numbers.pick(["wait", "skip", "replace", "run_too"]))
        }
        return made
    }

    /// One or more steps, each as YAML on one line.
    private mutating func list(depth: Int) -> [String] {
        known.append([])
        defer { known.removeLast() }
        var list: [String] = []
        repeat {
            left -= 1
            list.append(step(depth: depth))
        } while left > 0 && numbers.chance(depth == 0 ? 900 : 450) && list.count < 6
        return list
    }

    private mutating func block(_ depth: Int) -> String { "[" + list(depth: depth + 1).joined(separator: ", ") + "]" }

    private mutating func id() -> String {
        steps += 1
        return "s\(steps)"
    }

    private mutating func step(depth: Int) -> String {
        let kind = numbers.below(depth >= 3 ? 11 : 20)
        if !callable.isEmpty, numbers.chance(80) { return subRun() }
        switch kind {
        case 0...6: return call(isWrite: kind > 2)
        case 7: return "{ \(condition())wait: \(time()) }"
        case 8: return wait()
        case 9:
            return numbers.chance(500) ? "{ wait_until: 'now + duration(\"\(numbers.number(0...4000))s\")' }" : wait()
        case 10: return numbers.chance(400) ? question(depth) : small()
        case 11: return "{ if: '\(test())', then: \(block(depth)), else: \(block(depth)) }"
        case 12, 13:
            known.append([])
            let branches = (0..<numbers.number(2...3)).map { _ in step(depth: depth + 1) }.joined(separator: ", ")
            known.removeLast()
            return "{ parallel: [\(branches)]\(numbers.chance(300) ? ", fail_fast: true" : "") }"
        case 14:
            let items = (1...numbers.number(1...4)).map(String.init).joined(separator: ", ")
            let name = id().replacing("s", with: "item")
            let width = numbers.chance(500) ? ", max_parallel: \(numbers.number(2...3))" : ""
            return "{ for_each: '[\(items)]', as: \(name)\(width), steps: \(block(depth)) }"
        case 15:
            let until = numbers.chance(500) ? ", until: 'ticket.priority == \"P4\"'" : ""
            return "{ repeat: { every: \(time())\(until), at_most: \(numbers.number(1...3)), steps: \(block(depth)) } }"
        case 16, 17, 18:
            let rescue = numbers.chance(600) ? ", rescue: \(block(depth))" : ""
            let always = rescue.isEmpty || numbers.chance(600) ? ", always: \(block(depth))" : ""
            return "{ try: \(block(depth))\(rescue)\(always) }"
        default:
            return "{ switch: ticket.priority, cases: [{ is: P1, then: \(block(depth)) }, "
                + "{ is: [P2, P3], then: \(block(depth)) }], default: \(block(depth)) }"
        }
    }

    private mutating func subRun() -> String {
        let id = id()
        var text = "{ id: \(id), \(condition())call: \(numbers.pick(callable))"
        if numbers.chance(300) { text += ", continue_on_error: true" }
        return text + " }"
    }

    private mutating func small() -> String {
        switch numbers.below(6) {
        case 0: "{ fail: \"as the playbook says\" }"
        case 1: "{ if: '\(test())', stop: \"enough\" }"
        default: "{ set: { count: =vars.count + 1 } }"
        }
    }

    private mutating func call(isWrite: Bool) -> String {
        let action = isWrite ? numbers.pick(SimulatedPlugin.writes) : numbers.pick(["compute", "look", "keep"])
        let id = id()
        var text = "{ id: \(id), \(condition())uses: test.\(action), with: { value: =vars.count }"
        if numbers.chance(400) {
            text += ", retry: { attempts: \(numbers.number(2...4)), initial: \(numbers.number(1...40))s"
            text += numbers.chance(500) ? ", backoff: constant, jitter: none }" : " }"
        }
        if numbers.chance(300) { text += ", timeout: \(numbers.number(1...120))s" }
        if numbers.chance(100) { text += ", deadline: \(numbers.number(30...900))s" }
        if numbers.chance(200) { text += ", continue_on_error: true" }
        if isWrite {
            if numbers.chance(150) { text += ", on_uncertain: \(numbers.pick(["ask", "retry", "skip"]))" }
            if !isOnFailure, numbers.chance(300) {
                text += ", undo: { uses: test.\(numbers.pick(SimulatedPlugin.writes)), with: { value: =vars.count } }"
            }
        }
        known[known.count - 1].append(id)
        return text + " }"
    }

    private mutating func wait() -> String {
        let id = id()
        let events = ["ticket.closed", "ticket.assigned", "ticket.commented"].filter { _ in numbers.chance(500) }
        let options = (events.isEmpty ? ["ticket.closed"] : events).map { type in
            "{ event: \(type)\(numbers.chance(300) ? ", when: 'ticket.priority != \"P3\"'" : "") }"
        }
        // Outside of branches every earlier step is known.
        var since = ""
        let before = known.flatMap { $0 }
        if known.count == 1, numbers.chance(400), let step = before.last { since = ", since: \(step)" }
        let subject = numbers.chance(150) ? numbers.pick([", subject: any", ", subject: '\"ticket:T-1\"'"]) : ""
        return
            "{ id: \(id), wait_for: { any: [\(options.joined(separator: ", "))]\(since)\(subject), timeout: \(time()) } }"
    }

    static let people = ["ada@example.com", "bob@example.com", "cem@example.com"]

    private mutating func question(_ depth: Int) -> String {
        let id = id()
        let people = "[\(PlaybookMaker.people.joined(separator: ", "))]"
        let quorum = numbers.chance(400) ? ", quorum: 2" : ""
        let remind = numbers.chance(300) ? ", remind_every: \(numbers.number(1...30))m" : ""
        let rest = "\(quorum)\(remind), timeout: \(numbers.number(2...200))m"
        guard numbers.chance(700) else {
            let end = numbers.chance(500) ? ", on_timeout: continue" : ""
            return
                "{ id: \(id), ask: { who: \(people), question: \"How many?\", fields: { count: integer }\(rest)\(end) } }"
        }
        var end = numbers.chance(600) ? ", on_timeout: \(numbers.pick(["fail", "approve", "reject", "continue"]))" : ""
        if numbers.chance(400) { end += ", on_reject: \(numbers.chance(500) ? "continue" : block(max(depth, 2)))" }
        return "{ id: \(id), approve: { by: \(people), prompt: \"Go?\"\(rest)\(end) } }"
    }

    private mutating func condition() -> String { numbers.chance(150) ? "if: '\(test())', " : "" }

    private mutating func test() -> String {
        numbers.pick([
            "ticket.priority == \"P1\"", "vars.count > 0", "ticket.priority in [\"P1\", \"P2\", \"P3\"]", "true",
            "ticket.number % 2 == 0",
        ])
    }

    private mutating func time() -> String {
        switch numbers.below(4) {
        case 0: "\(numbers.number(1...59))s"
        case 1: "\(numbers.number(1...59))m"
        case 2: "\(numbers.number(1...10))m"
        default: "\(numbers.number(1...5))h"
        }
    }
}
