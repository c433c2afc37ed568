import PluginKit
import RunMachine
import RunStore
import WorkflowEngine
import WorkflowModel

/// What must be true of a run that has ended.
struct RunCheck {
    let run: RunRecord
    let journal: [JournalRecord]
    let effects: [EffectRecord]
    let compiled: CompiledWorkflow
    let outside: Outside
    /// How often the state of each step was kept.
    let kept: [String: Int64]
    /// The events about what the run is about, oldest first.
    let events: [EventRecord]
    /// For how long at most everything was stopped by people.
    let stopped: Duration
    /// Whether the clock was always right.
    let isClockRight: Bool
    let broken: (String) -> Void

    func check() {
        order()
        replay()
        timers()
        calls()
        ledger()
        always()
        undo()
        hearing()
    }

    private func wrong(_ text: String) { broken("\(run.id) (\(run.playbook)): \(text)") }

    private var steps: [(key: String, entries: [JournalRecord])] {
        var order: [String] = []
        var entries: [String: [JournalRecord]] = [:]
        for entry in journal {
            guard let step = entry.step else { continue }
            if entries[step] == nil { order.append(step) }
            entries[step, default: []].append(entry)
        }
        return order.map { ($0, entries[$0] ?? []) }
    }

    private func order() {
        if journal.map(\.sequence) != Array(0..<journal.count).map({ $0 + 1 }) { wrong("the journal has gaps") }
        if journal.first?.kind != "started" { wrong("the journal does not begin with its start") }
        if journal.count(where: { $0.kind == "ended" }) != 1 || journal.last?.kind != "ended" {
            wrong("the journal does not end once")
        }
        if run.entries != journal.count { wrong("the row counts \(run.entries) of \(journal.count) entries") }
        if run.lease != nil || run.endedAt == nil { wrong("the ended run has a lease or no end") }
    }

    // MARK: Replay

    private func replay() {
        do {
            let entries = try journal.map {
                try JournalEntry(
                    kind: $0.kind, step: $0.step, version: $0.version, body: $0.body, sequence: $0.sequence)
            }
            var whole = RunMachine(compiled)
            try whole.replay(entries)
            if whole.state != run.state { wrong("replayed it is \(whole.state), stored \(run.state)") }
            if whole.failure != run.failure { wrong("replayed it has another failure") }
            if whole.outputs.map(Value.map) != run.outputs { wrong("replayed it has other outputs") }
            for count in stride(from: 1, to: entries.count, by: max(1, entries.count / 8)) {
                var part = RunMachine(compiled)
                try part.replay(entries[..<count])
                var rest = part
                try rest.replay(entries[count...])
                if rest.state != whole.state || rest.stepResults != whole.stepResults {
                    wrong("replayed from entry \(count) it is \(rest.state)")
                }
                // A new executor must be able to go on from here.
                part.recover(now: journal[count - 1].at)
                _ = part.advance(now: journal[count - 1].at)
            }
        } catch {
            wrong("cannot be replayed: \(error)")
        }
    }

    // MARK: Timers

    private func timers() {
        for (step, entries) in steps {
            var due: Timestamp?
            for entry in entries {
                switch entry.kind {
                case "waiting", "retried", "listening": due = entry.body["due"]?.timestamp
                case "fired":
                    guard let instant = due else {
                        wrong("\(step) fires twice")
                        continue
                    }
                    if entry.at < instant { wrong("\(step) fires \(instant - entry.at) early") }
                    // It is decided before it is written down, by the time that a look at the store takes.
                    let late = entry.body["late_by"]?.duration ?? .seconds(-1)
                    if isClockRight,
                        late < .zero || late > entry.at - instant || late < entry.at - instant - .seconds(60)
                    {
                        wrong("\(step) says that it is late by \(late), not \(entry.at - instant)")
                    }
                    due = nil
                case "arrived": due = nil
                default: break
                }
            }
        }
    }

    // MARK: Calls

    private func calls() {
        for (step, entries) in steps {
            let kinds = entries.map(\.kind)
            if let end = entries.last, end.kind == "failed", let failure = end.body["failure"],
                failure["kind"] == "uncertain", failure["code"] != "deadline_exceeded"
            {
                wrong("\(step) failed, and nobody knows whether it happened")
            }
            let ends = entries.count { isEnd($0) }
            if ends > 1 { wrong("\(step) ended \(ends) times: \(kinds)") }
            if let end = entries.firstIndex(where: isEnd), end != entries.count - 1 {
                wrong("\(step) goes on after its end: \(kinds)")
            }
            if let times = kept["\(run.id)/\(step)"] {
                if times != 1 { wrong("\(step) was kept \(times) times") }
                if !kinds.contains("completed") { wrong("\(step) was kept and is \(kinds)") }
            } else if call(step)?.action == "test.keep", kinds.contains("completed") {
                wrong("\(step) is completed and was not kept")
            }
            again(step, entries)
        }
    }

    private func isEnd(_ entry: JournalRecord) -> Bool {
        entry.kind == "completed" || entry.kind == "failed"
            || (entry.kind == "resolved" && entry.body["as"]?.string != "retry")
    }

    /// Between two intents of a write there is a reason.
    private func again(_ step: String, _ entries: [JournalRecord]) {
        guard let call = call(step), entries.contains(where: { $0.kind == "intended" }) else { return }
        let isIdempotent = call.action == "test.put"
        let repeats = (call.onUncertain ?? (call.action == "test.tell" ? .retry : .ask)) == .retry
        var isFirst = true
        var reason = ""
        var keys: Set<String> = []
        for entry in entries {
            switch entry.kind {
            case "intended":
                keys.insert(entry.body["key"]?.string ?? "")
                if !isFirst, reason.isEmpty { wrong("\(step) is intended again for no reason") }
                if !isFirst, reason == "uncertain", !isIdempotent, entry.body["may_be_duplicate"]?.bool != true {
                    wrong("\(step) is repeated and the journal does not say that it may be a duplicate")
                }
                isFirst = false
                reason = ""
            case "retried":
                switch entry.body["failure"]?["kind"]?.string {
                case "transient", "rate_limited": reason = "failed"
                case "timeout" where isIdempotent: reason = "failed"
                case "uncertain" where isIdempotent || repeats: reason = "uncertain"
                default: wrong("\(step) is retried after \(entry.body["failure"]?["kind"]?.string ?? "?")")
                }
            case "resolved":
                switch entry.body["by"]?.string {
                case "idempotency key" where isIdempotent: reason = "key"
                case "verify" where call.action == "test.order":
                    reason = "verified"
                    if entry.body["as"]?.string == "retry", outside.denied[keys.first ?? "", default: 0] == 0 {
                        wrong("\(step) is repeated as not done, and nobody said so")
                    }
                case let by? where by.contains("@"): reason = "person"
                case "on_uncertain", "the end of the run": break
                default: wrong("\(step) is resolved by \(entry.body["by"]?.string ?? "?")")
                }
            default: break
            }
        }
        if keys.count > 1 { wrong("\(step) has \(keys.count) keys") }
    }

    // MARK: Ledger

    private func ledger() {
        var seen: Set<String> = []
        let intended = Set(journal.filter { $0.kind == "intended" }.compactMap { $0.body["key"]?.string })
        if intended != Set(effects.map(\.key)) { wrong("journal and ledger have other writes") }
        for effect in effects {
            if !seen.insert(effect.step).inserted { wrong("\(effect.step) is in the ledger twice") }
            let entries = journal.filter { $0.step == effect.step }
            let byPerson = entries.contains { $0.kind == "resolved" && $0.body["by"]?.string?.contains("@") ?? false }
            let times = outside.effects[effect.key, default: 0]
            if times > 1, !effect.mayBeDuplicate, !byPerson {
                wrong("\(effect.step) (\(effect.action)) happened \(times) times, and the ledger does not say so")
            }
            switch effect.state {
            case .intended: wrong("\(effect.step) is still intended")
            case .done:
                if times == 0, !byPerson { wrong("\(effect.step) is done and did not happen") }
            case .failed:
                if times > 0, !byPerson {
                    wrong("\(effect.step) (\(effect.action)) failed for certain, and happened")
                }
            case .uncertain, .skipped: break
            }
        }
    }

    // MARK: always and undo

    private func call(_ key: String) -> ActionCall? {
        guard let path = StepKey(key)?.path else { return nil }
        for step in compiled.workflow.allSteps {
            if step.path == path, case .call(let call) = step.kind { return call }
            if step.path.undo == path, case .call(let call) = step.kind, let undo = call.undo {
                return ActionCall(action: undo.action, with: undo.with)
            }
        }
        return nil
    }

    private var isHurried: Bool { journal.contains { $0.kind == "hurried" } }

    private var isStoppedByEvent: Bool {
        journal.contains { $0.kind == "stopping" && $0.body["cause"]?.string == "event" }
    }

    private func always() {
        guard !isHurried else { return }
        let seen = Set(journal.compactMap(\.step))
        for step in compiled.workflow.allSteps {
            guard case .attempt(let attempt) = step.kind, let first = attempt.always?.first else { continue }
            for entry in journal where entry.kind == "decided" && entry.body["as"]?.string == "try" {
                guard let key = entry.step.flatMap({ StepKey($0) }), key.path == step.path else { continue }
                if !seen.contains(StepKey(first.path, key.indices).description) {
                    wrong("always of \(key) did not run")
                }
            }
        }
    }

    /// What a run waited for is not missed.
    private func hearing() {
        // A clock that was set back says nothing about what came first.
        guard isClockRight else { return }
        let news = events.filter {
            $0.sequence > run.event ?? 0 && $0.event.origin != .own
                && $0.acceptedAt >= run.createdAt
        }
        for (step, entries) in steps {
            var listening: JournalRecord?
            for entry in entries {
                if entry.kind == "listening" { listening = entry }
                // The executor may have been down, and the store not well, for less than an hour in all.
                if entry.kind == "arrived", let id = entry.body["event"]?["id"]?.string, let begun = listening?.at,
                    let event = news.first(where: { $0.event.id == id }),
                    entry.at > max(event.acceptedAt, begun) + .seconds(7200) + stopped
                {
                    wrong("\(step) hears of \(id) late")
                }
                guard entry.kind == "fired", let body = listening?.body, let since = body["since"]?.timestamp,
                    let due = body["due"]?.timestamp, body["subject"] == nil || body["subject"] == .null
                else { continue }
                // An event that has ended a wait does not end the next one that begins at the same moment.
                let heard = journal.prefix { $0.sequence < listening?.sequence ?? 0 }.filter { $0.kind == "arrived" }
                    .compactMap { $0.body["event"]?["id"]?.string }
                let types = body["types"]?.list?.compactMap(\.string) ?? []
                let missed = news.first { record in
                    types.contains(record.event.type) && !heard.contains(record.event.id) && record.acceptedAt >= since
                        && record.acceptedAt < due
                        && record.event.data["ticket"]?["priority"] != "P3"
                }
                if let missed { wrong("\(step) waited in vain, and \(missed.event.id) had come") }
            }
        }
        guard !compiled.workflow.stopWhen.isEmpty, let ended = run.endedAt else { return }
        // The executor may have been down for a while.
        guard let closed = news.first(where: { $0.event.type == "ticket.closed" }),
            ended > closed.acceptedAt + .seconds(7200) + stopped,
            !journal.contains(where: { ["stopping", "stopped", "handling", "undoing"].contains($0.kind) })
        else { return }
        wrong("\(closed.event.id) should have ended it")
    }

    private func undo() {
        guard !isHurried, !isStoppedByEvent, run.state != .succeeded,
            journal.contains(where: { $0.kind == "stopped" }) == false
        else {
            return
        }
        for (position, entry) in journal.enumerated() {
            guard entry.kind == "completed" || (entry.kind == "resolved" && entry.body["as"]?.string == "done"),
                let step = entry.step, !step.hasPrefix("on_failure"), call(step)?.undo != nil,
                !journal[..<position].contains(where: { $0.kind == "undoing" || $0.kind == "handling" }),
                let key = StepKey(step)
            else { continue }
            let undo = StepKey(key.path.undo, key.indices).description
            if !journal.contains(where: { $0.step == undo }) { wrong("\(step) was not taken back") }
        }
    }
}
