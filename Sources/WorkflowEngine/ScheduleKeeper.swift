import Calendars
import PluginKit
import RunStore
import WorkflowModel

/// Keeps the timers of schedules, and makes of each fire an event that starts its playbook.
///
/// What is remembered of a schedule is known by what the schedule is, not by its place in the file, so that it survives another version of
/// the playbook. The timer only wakes; which moment is due next is in the memory, and both change with the event in one transaction.
struct ScheduleKeeper: Sendable {
    static let gate = "schedule"
    /// The most schedules of a workspace.
    static let mostSchedules = 10_000

    let services: EngineServices
    let set: ActiveSet

    /// What is remembered of a schedule.
    struct Memory {
        /// The schedule's place among the triggers, where its timer is.
        var trigger: Int
        /// When it fires next; nil when it fires no more.
        var due: Timestamp?
        /// The moment of its last fire.
        var last: Timestamp?
        /// Fires that were passed over since then.
        var missed = 0
        /// Whether missed fires are being made up for.
        var isMakingUp = false

        init(trigger: Int, due: Timestamp?) {
            self.trigger = trigger
            self.due = due
        }

        init(_ body: Value) {
            trigger = Int(body["trigger"]?.int ?? 0)
            due = body["due"]?.timestamp
            last = body["last"]?.timestamp
            missed = Int(body["missed"]?.int ?? 0)
            isMakingUp = body["making_up"]?.bool ?? false
        }

        func body(_ schedule: Schedule) -> Value {
            [
                "schedule": .string(schedule.text), "trigger": .int(Int64(trigger)),
                "due": due.map(Value.timestamp) ?? .null, "last": last.map(Value.timestamp) ?? .null,
                "missed": .int(Int64(missed)), "making_up": .bool(isMakingUp),
            ]
        }
    }

    private var zone: String { services.workspace().directory.zone }

    private func schedule(_ trigger: ScheduleTrigger) throws -> Schedule {
        try Schedule(trigger, zone: zone, calendars: services.businessCalendars)
    }

    // MARK: The active set

    /// Sets the timers of the active set: a new schedule counts from `now`, one that is there no more is forgotten, the others stay as
    /// they are. Returns what a person should know.
    func keep(in transaction: any StoreTransaction, now: Timestamp) throws -> [String] {
        var notes: [String] = []
        var known: [String: Memory] = [:]
        let kept = try transaction.gates(
            playbook: nil, gate: ScheduleKeeper.gate, limit: ScheduleKeeper.mostSchedules)
        for record in kept {
            let memory = Memory(record.body)
            known["\(record.playbook)/\(record.key)"] = memory
            try transaction.removeTimer(.schedule(playbook: record.playbook, trigger: memory.trigger))
        }
        var current: Set<String> = []
        for workflow in set.playbooks.map(\.workflow) where workflow.mode != .disabled {
            for (position, trigger) in workflow.schedules {
                do {
                    let schedule = try schedule(trigger)
                    let name = "\(workflow.id)/\(schedule.fingerprint)"
                    guard current.insert(name).inserted else { continue }
                    var memory = try known[name] ?? Memory(trigger: position, due: schedule.next(after: now))
                    memory.trigger = position
                    // What is ahead may have moved with the calendar's holidays; what is past is still to be made up for.
                    if schedule.keepsToCalendar, memory.due.map({ $0 > now }) ?? true {
                        memory.due = try schedule.next(after: now)
                    }
                    try store(memory, of: schedule, playbook: workflow.id, in: transaction)
                } catch let error as CalendarError {
                    notes.append("a schedule of \(workflow.id) does not fire: \(error)")
                }
            }
        }
        for record in kept where !current.contains("\(record.playbook)/\(record.key)") {
            try transaction.removeGate(playbook: record.playbook, gate: ScheduleKeeper.gate, key: record.key)
        }
        return notes
    }

    private func store(
        _ memory: Memory, of schedule: Schedule, playbook: String, in transaction: any StoreTransaction
    ) throws {
        try transaction.setGate(
            GateRecord(
                playbook: playbook, gate: ScheduleKeeper.gate, key: schedule.fingerprint, body: memory.body(schedule)))
        let purpose = TimerRecord.Purpose.schedule(playbook: playbook, trigger: memory.trigger)
        if let due = memory.due {
            try transaction.setTimer(TimerRecord(due: due, purpose: purpose))
        } else {
            try transaction.removeTimer(purpose)
        }
    }

    // MARK: Fires

    /// Acts on a schedule's timer at `now`: the event with all that follows from it, what is remembered, and the next timer. Returns what a
    /// person should know.
    func fire(
        _ playbook: String, trigger position: Int, by dispatcher: Dispatcher, into dispatch: inout Dispatch,
        in transaction: any StoreTransaction, now: Timestamp
    ) throws -> String? {
        let purpose = TimerRecord.Purpose.schedule(playbook: playbook, trigger: position)
        guard let workflow = set.playbook(playbook)?.workflow, workflow.mode != .disabled,
            let trigger = workflow.schedules.first(where: { $0.position == position })?.trigger
        else {
            try transaction.removeTimer(purpose)
            return nil
        }
        do {
            let schedule = try schedule(trigger)
            let record = try transaction.gate(
                playbook: playbook, gate: ScheduleKeeper.gate, key: schedule.fingerprint)
            guard let record, case var memory = Memory(record.body), let due = memory.due else {
                try transaction.removeTimer(purpose)
                return nil
            }
            memory.trigger = position
            guard due <= now else {
                // Set again because an event was refused, or fired by another trigger that is the same.
                try store(memory, of: schedule, playbook: playbook, in: transaction)
                return nil
            }
            guard schedule.admits(due) else {
                // The calendar has closed that time since it was set.
                memory.due = try schedule.next(after: due)
                try store(memory, of: schedule, playbook: playbook, in: transaction)
                return nil
            }
            let fires = try MissedFires(
                schedule, trigger.catchUp, due: due, now: now, isMakingUp: memory.isMakingUp)
            memory.missed += fires.missed
            memory.due = fires.next
            memory.isMakingUp = trigger.catchUp == .all && fires.next.map { $0 <= now } ?? false
            var note: String?
            if fires.missed > 0 || fires.fire.map({ now - $0 > MissedFires.patience }) ?? true {
                note = ScheduleKeeper.note(playbook, schedule, fires, now)
            }
            if let instant = fires.fire {
                let fire = ScheduleFire(playbook, trigger: position, trigger, schedule, due: instant)
                try dispatcher.accept(
                    fire.event(at: now, missed: memory.missed), starting: (playbook, position), into: &dispatch,
                    in: transaction, now: now)
                memory.last = instant
                memory.missed = 0
            }
            try store(memory, of: schedule, playbook: playbook, in: transaction)
            return note
        } catch let error as CalendarError {
            try transaction.removeTimer(purpose)
            return "a schedule of \(playbook) fires no more: \(error)"
        }
    }

    private static func note(_ playbook: String, _ schedule: Schedule, _ fires: MissedFires, _ now: Timestamp) -> String
    {
        let missed =
            fires.missed == 0
            ? nil
            : (fires.missed >= MissedFires.mostCounted ? "\(fires.missed) or more" : "\(fires.missed)")
                + " missed \(fires.missed == 1 ? "fire is" : "fires are") passed over"
        let fired = fires.fire.map { "fires \(DurationText.forPeople(now - $0)) late" }
        return "the schedule \(schedule.text) of \(playbook): "
            + [fired, missed].compactMap { $0 }.joined(separator: ", ")
    }
}
