import InMemoryRunStore
import RunStore
import WorkflowEngine
import WorkflowModel

/// Whether schedules fired at all of their moments, collections acted on all of their events, and counts at every third.
struct StartCheck {
    let scenario: Scenario
    let runs: [RunRecord]

    private var world: World { scenario.world }

    func check() {
        do {
            let events = try scenario.store.withReader { try $0.events(before: nil, limit: 10_000) }
            var made: [String: MadePlaybook] = [:]
            for bundle in scenario.bundles.values { made[bundle.made.id] = bundle.made }
            for (_, playbook) in made.sorted(by: { $0.key < $1.key }) {
                if let schedule = playbook.schedule { fires(schedule, of: playbook.id, events) }
                switch playbook.gate {
                case .collect: try collected(playbook, events)
                case .onlyIf: try counted(playbook, events.reversed())
                case .none, .throttle, .repeats, .slot: break
                }
            }
        } catch {
            world.broken("what began cannot be looked at: \(error)")
        }
    }

    // MARK: Schedules

    private func fires(_ schedule: MadeSchedule, of id: String, _ events: [EventRecord]) {
        let told = events.map(\.event).filter {
            $0.type == Event.scheduleFired && $0.data["schedule"]?["playbook"]?.string == id
        }
        var fired: Set<Timestamp> = []
        var passed = 0
        for event in told {
            guard let due = event.data["schedule"]?["due_at"]?.string.flatMap({ Timestamp(rfc3339: $0) }) else {
                continue
            }
            if !schedule.moments.contains(due) {
                world.broken("\(id) fired for \(due.rfc3339), which is no moment of it")
            }
            if !fired.insert(due).inserted { world.broken("\(id) fired twice for \(due.rfc3339)") }
            passed += Int(event.data["schedule"]?["missed"]?.int ?? 0)
        }
        for record in events where record.event.type == Event.scheduleFired {
            if let due = record.event.data["schedule"]?["due_at"]?.string.flatMap({ Timestamp(rfc3339: $0) }),
                record.acceptedAt < due
            {
                world.broken("\(id) fired early for \(due.rfc3339)")
            }
        }
        guard !scenario.hasJumped, let open = scenario.firstOpen else { return }
        let due = schedule.moments.filter { $0 > open }
        switch schedule.catchUp {
        case "all":
            for moment in due where !fired.contains(moment) { world.broken("\(id) did not fire for \(moment.rfc3339)") }
        case "latest":
            if let last = due.last, !fired.contains(last) { world.broken("\(id) did not fire for \(last.rfc3339)") }
            if fired.count + passed < due.count {
                world.broken("\(id) told of \(fired.count + passed) of \(due.count) moments")
            }
        default:
            // Those that were missed at the end are told of by no later fire.
            if let last = fired.max(), fired.count + passed < due.count(where: { $0 <= last }) {
                world.broken("\(id) told of \(fired.count + passed) moments until \(last.rfc3339)")
            }
        }
    }

    // MARK: collect_for

    private func collected(_ made: MadePlaybook, _ events: [EventRecord]) throws {
        var times: [String: Int] = [:]
        for run in runs where run.playbook == made.id && run.kind == .live && run.parent == nil {
            let start = try scenario.store.withReader { try $0.journal(of: run.id, after: 0) }.first
            for event in start?.body["events"]?.list ?? [] {
                times["\(event["source"]?.string ?? "") \(event["id"]?.string ?? "")", default: 0] += 1
            }
        }
        for record in events where isMeant(made, record) {
            let count = times["\(record.event.source) \(record.event.id)"] ?? 0
            // A collection that ends while the playbook is paused is dropped, and says so.
            if count == 0, scenario.pauses.contains(where: { $0.covers(made.id) }) { continue }
            if count != 1 { world.broken("\(count) runs of \(made.id) act on \(record.event.id), which it collects") }
        }
    }

    private func isMeant(_ made: MadePlaybook, _ record: EventRecord) -> Bool {
        made.isStarted(by: record.event) && record.event.origin != .own && record.event.depth <= Event.maximumDepth
    }

    // MARK: only_if

    private func counted(_ made: MadePlaybook, _ events: [EventRecord]) throws {
        guard !scenario.hasJumped, !scenario.pauses.contains(where: { $0.covers(made.id) }) else { return }
        var times: [String: [Timestamp]] = [:]
        for record in events where isMeant(made, record) {
            let key = record.event.subject ?? ""
            let now = record.acceptedAt
            var kept = times[key, default: []].filter { now - $0 < .seconds(1800) } + [now]
            let acts = kept.count == 3
            if acts { kept = [] }
            times[key] = kept
            let match = try scenario.store.withReader { try $0.matches(ofEvent: record.sequence) }
                .first { $0.playbook == made.id }
            if (match?.outcome == .fired) != acts {
                world.broken("\(made.id) \(acts ? "did not act" : "acted") on \(record.event.id)")
            }
        }
    }
}
