import InMemoryRunStore
import PluginKit
import RunMachine
import RunStore
import WorkflowEngine
import WorkflowModel

/// The promises, looked at when all is over.
struct EndCheck {
    let scenario: Scenario

    private var world: World { scenario.world }

    func check() {
        do {
            try events()
            checkEndedRuns()
            try leftovers()
            try plugin()
            try asked()
            try people()
            try gates()
            guard !scenario.pruned else { return }
            let runs = try allRuns()
            CallCheck(scenario: scenario, runs: runs).check()
            StartCheck(scenario: scenario, runs: runs).check()
        } catch {
            world.broken("the store cannot be read: \(error)")
        }
    }

    // MARK: Runs

    /// Looks at all ended runs that were not looked at before.
    func checkEndedRuns() {
        do {
            let runs = try allRuns().filter { $0.state.isFinal && !scenario.checkedRuns.contains($0.id) }
            let kept = try self.kept()
            for run in runs {
                scenario.checkedRuns.insert(run.id)
                guard let bundle = scenario.bundles[run.bundle] else {
                    world.broken("\(run.id) has the bundle \(run.bundle)")
                    continue
                }
                let compiled = try CompiledWorkflow(bundle.playbook.workflow) { SimulatedPolicies.policy(of: $0) }
                let (journal, effects, events) = try scenario.store.withReader { reader in
                    (
                        try reader.journal(of: run.id, after: 0), try reader.effects(of: run.id, limit: 10_000),
                        try run.subject.map { try reader.events(ofSubject: $0, before: nil, limit: 10_000) } ?? []
                    )
                }
                let world = world
                RunCheck(
                    run: run, journal: journal, effects: effects, compiled: compiled, outside: scenario.outside,
                    kept: kept, events: events.reversed(), stopped: stopped, isClockRight: !scenario.hasJumped,
                    broken: { world.broken($0) }
                ).check()
                if scenario.cancelled.contains(run.id), !journal.contains(where: { $0.kind == "stopping" }),
                    !journal.contains(where: { $0.kind == "stopped" })
                {
                    world.broken("\(run.id) was cancelled, and its journal does not say so")
                }
            }
        } catch {
            world.broken("ended runs cannot be looked at: \(error)")
        }
    }

    private func allRuns() throws -> [RunRecord] {
        try scenario.store.withReader { reader in
            var runs: [RunRecord] = []
            while true {
                let page = try reader.runs(RunQuery(before: runs.last?.id, limit: 1000))
                runs += page
                if page.count < 1000 { return runs.reversed() }
            }
        }
    }

    private func kept() throws -> [String: Int64] {
        try scenario.store.withReader { reader in
            var kept: [String: Int64] = [:]
            for document in try reader.documents.documents(in: "test.kept", .init(limit: 10_000)) {
                kept[document.id] = document.body["times"]?.int ?? 0
            }
            return kept
        }
    }

    // MARK: Events

    private func events() throws {
        let events = try scenario.store.withReader { try $0.events(before: nil, limit: 10_000) }
        var stored: [String: Int] = [:]
        for record in events { stored[record.event.source + " " + record.event.id, default: 0] += 1 }
        for (id, count) in stored.sorted(by: { $0.key < $1.key }) where count > 1 {
            world.broken("the event \(id) is stored \(count) times")
        }
        if !scenario.pruned {
            for id in scenario.acknowledged.sorted() where stored["/desk \(id)"] == nil {
                world.broken("the event \(id) was acknowledged and is not there")
            }
        }
        for record in events { try matches(of: record) }
    }

    private func matches(of record: EventRecord) throws {
        let (matches, runs) = try scenario.store.withReader { reader in
            (
                try reader.matches(ofEvent: record.sequence),
                try reader.runs(RunQuery(event: record.sequence, kinds: [.live], limit: 1000)).filter {
                    $0.parent == nil
                }
            )
        }
        let event = record.event
        let ids = Set(scenario.bundles.values.map(\.made.id))
        for id in ids.sorted() {
            var of = matches.filter { $0.playbook == id }
            // The newest event of a collection tells of both: that it was collected, and what became of all.
            if of.count == 2 { of.removeAll { $0.reason == "collected" } }
            if of.count > 1 { world.broken("\(event.id) has \(of.count) matches of \(id)") }
            guard let made = scenario.bundles.values.first(where: { $0.made.id == id })?.made else { continue }
            let should = made.isStarted(by: event) && event.origin != .own && event.depth <= Event.maximumDepth
            let fired = of.first { $0.outcome == .fired }
            if should, made.gate != .none, of.first?.outcome == .suppressed { continue }
            if should, of.first?.reason == "paused" {
                if !mayBePaused(id, record.acceptedAt) {
                    world.broken("\(event.id) found \(id) paused, and it was not")
                }
                continue
            }
            if should, of.first?.outcome == .suppressed, event.type == Event.scheduleFired,
                made.schedule?.overlap == "skip"
            {
                continue
            }
            if fired != nil, made.gate != .collect, isPaused(id, record.acceptedAt) {
                world.broken("\(event.id) has started \(id), which was paused")
            }
            if should, fired == nil {
                world.broken("\(event.id) (\(event.type)) should have started \(id): \(of)")
            }
            if !should, fired != nil { world.broken("\(event.id) has started \(id)") }
            let started = runs.filter { $0.playbook == id }
            if started.count > 1 { world.broken("\(event.id) has started \(id) \(started.count) times") }
            if made.gate != .collect, let run = started.first,
                let version = try scenario.store.withReader({ try $0.generation(record.generation) })?
                    .members.first(where: { $0.playbook == id })?.bundle,
                version != run.bundle
            {
                world.broken("\(event.id) was matched by \(version), and its run has \(run.bundle)")
            }
            if let run = fired?.run, !scenario.pruned, started.map(\.id) != [run] {
                world.broken("\(event.id) should have the run \(run) of \(id), has \(started.map(\.id))")
            }
        }
    }

    /// Whether the playbook can have been paused then; by a clock that was right.
    private func mayBePaused(_ id: String, _ instant: Timestamp) -> Bool {
        let pauses = scenario.pauses.filter { $0.covers(id) }
        guard !scenario.hasJumped else { return !pauses.isEmpty }
        return pauses.contains { $0.askedAt <= instant && instant <= $0.isOverAt ?? .latest }
    }

    /// Whether it was paused then for certain.
    private func isPaused(_ id: String, _ instant: Timestamp) -> Bool {
        guard !scenario.hasJumped else { return false }
        return scenario.pauses.contains { pause in
            guard pause.covers(id), let since = pause.holdsSince else { return false }
            return instant > since && instant < pause.resumeAskedAt ?? .latest
        }
    }

    private var stopped: Duration {
        scenario.pauses.filter(\.stopsRuns).reduce(.zero) { $0 + (($1.isOverAt ?? world.steady) - $1.askedAt) }
    }

    // MARK: What is left

    private func leftovers() throws {
        try scenario.store.withReader { reader in
            if let next = try reader.nextTimer() { world.broken("a timer is left, due at \(next.rfc3339)") }
            for type in ["ticket.closed", "ticket.assigned", "ticket.commented"] {
                for ticket in 0..<4 {
                    for left in try reader.subscriptions(toType: type, ofSubject: "ticket:T-\(ticket)") {
                        world.broken("\(left.run) still waits for \(type) at \(left.step)")
                    }
                }
            }
            for request in try reader.openRequests(limit: 100) { world.broken("request \(request.id) has no answer") }
            for run in try reader.runs(RunQuery(limit: 1000)) where !run.state.isFinal {
                world.broken("\(run.id) (\(run.playbook)) has not ended: \(run.state)")
            }
        }
    }

    private func plugin() throws {
        try scenario.store.withReader { reader in
            for document in try reader.documents.documents(in: "test.heard", .init(limit: 10_000)) {
                if document.body["times"] != 1 { world.broken("the plugin took \(document.id) in more than once") }
                let rang = try reader.events(withID: "test.rang/\(document.id)")
                if !scenario.pruned, rang.count != 1 {
                    world.broken("the timer of \(document.id) has \(rang.count) events")
                }
                if let due = document.body["due"]?.timestamp, let event = rang.first, event.acceptedAt < due {
                    world.broken("the timer of \(document.id) rang early")
                }
            }
            for document in try reader.documents.documents(in: "test.noted", .init(limit: 10_000))
            where document.body["times"] != 1 {
                world.broken("the plugin noted the write \(document.id) more than once")
            }
        }
    }

    private func asked() throws {
        guard !scenario.pruned else { return }
        let runs = try allRuns()
        for (who, isMade) in scenario.asked.sorted(by: { $0.key < $1.key }) {
            let count = runs.count { $0.requestedBy == who && $0.parent == nil }
            if count > 1 { world.broken("\(who) asked for one run and has \(count)") }
            if isMade, count == 0 { world.broken("\(who) was told of a run that is not there") }
        }
    }

    /// At any moment at most one run of a key is at work.
    func checkSlots() {
        do {
            let open = try scenario.store.withReader {
                try $0.runs(
                    RunQuery(states: [.queued, .running, .waiting, .needsAttention, .stopping], limit: 1000))
            }
            var busy: [String: Int] = [:]
            for run in open where !run.isHeld {
                if let slot = run.slot { busy[slot, default: 0] += 1 }
            }
            for (slot, count) in busy.sorted(by: { $0.key < $1.key }) where count > 1 && !isUnlimited(slot) {
                world.broken("\(count) runs are at work in the slot \(slot)")
            }
        } catch {
            world.broken("the slots cannot be looked at: \(error)")
        }
    }

    private func isUnlimited(_ slot: String) -> Bool {
        scenario.bundles.values.contains {
            $0.made.schedule?.overlap == "run_too" && slot == "\($0.made.id)/schedule:\($0.made.id)"
        }
    }

    /// How often runs began.
    private func gates() throws {
        guard !scenario.hasJumped else { return }
        let runs = try allRuns().filter { $0.kind == .live && $0.parent == nil }
        for made in scenario.bundles.values.map(\.made).sorted(by: { $0.id < $1.id }) where made.gate != .none {
            let subjects = Set(runs.filter { $0.playbook == made.id }.compactMap(\.subject))
            for subject in subjects.sorted() {
                let times = runs.filter { $0.playbook == made.id && $0.subject == subject }.map(\.createdAt).sorted()
                let (limit, span) = made.gate == .throttle ? (2, Duration.seconds(1800)) : (1, .seconds(300))
                guard made.gate == .throttle || made.gate == .repeats, times.count > limit else { continue }
                for (first, next) in zip(times, times.dropFirst(limit)) where next - first < span {
                    world.broken("\(made.id) began more often for \(subject) than its gate lets it")
                }
            }
        }
    }

    /// Questions, answers and the audit of both.
    private func people() throws {
        try scenario.store.withReader { reader in
            for ask in try reader.asks(AskQuery(limit: 1000)) {
                if ask.state == .open { world.broken("\(ask.id) is open, and its run has ended") }
                if Set(ask.answers.map(\.by)).count != ask.answers.count {
                    world.broken("\(ask.id) has an answer twice")
                }
            }
            for (id, person) in scenario.answered {
                guard let ask = try reader.ask(id) else { continue }
                if !ask.answers.contains(where: { $0.by == person }) {
                    world.broken("the answer of \(person) to \(id) was acknowledged and is not there")
                }
            }
            var audit: [AuditRecord] = []
            while true {
                let page = try reader.audit(after: audit.last?.sequence ?? 0, limit: 1000)
                audit += page
                if page.count < 1000 { break }
            }
            if let broken = try AuditChain.verify(reader).broken { world.broken("the audit is broken: \(broken)") }
            for (id, person) in scenario.answered {
                let count = audit.count { $0.target == id && $0.by == person }
                if count != 1 { world.broken("the answer of \(person) to \(id) is audited \(count) times") }
            }
            for run in scenario.cancelled.sorted() {
                if !audit.contains(where: { $0.target == run.text }) {
                    world.broken("the cancelling of \(run) is not in the audit")
                }
            }
        }
    }

    /// Of everything: two plays of a seed must have the same.
    func digest() -> UInt64 {
        do {
            for run in try allRuns() {
                let journal = try scenario.store.withReader { try $0.journal(of: run.id, after: 0) }
                world.trace("\(run)")
                for entry in journal { world.trace("\(entry.at.rfc3339) \(entry.kind) \(JSONWriter.text(entry.body))") }
            }
        } catch {
            world.broken("the store cannot be read: \(error)")
        }
        return world.digest
    }
}

/// What the engine knows of the simulated actions.
enum SimulatedPolicies {
    static func policy(of action: String) -> ActionPolicy? {
        let name = action.split(separator: ".").last.map(String.init) ?? ""
        let effect: Effect
        switch name {
        case "compute": effect = .pure
        case "look": effect = .read
        case "keep": effect = .state
        default: effect = .write
        }
        return ActionPolicy(
            effect: effect, isIdempotent: name == "put",
            onUncertain: name == "tell" ? .retry : name == "drop" ? .skip : .ask, retry: nil, timeout: nil)
    }
}
