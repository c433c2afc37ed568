public import Calendars
public import WorkflowModel

/// One fire of a playbook's schedule.
public struct ScheduleFire: Sendable {
    /// The playbook.
    public var playbook: String
    /// The schedule's place among the playbook's triggers.
    public var trigger: Int
    /// The schedule.
    public var schedule: Schedule
    /// When the fire is due.
    public var due: Timestamp
    private let written: ScheduleTrigger

    init(_ playbook: String, trigger: Int, _ written: ScheduleTrigger, _ schedule: Schedule, due: Timestamp) {
        self.playbook = playbook
        self.trigger = trigger
        self.written = written
        self.schedule = schedule
        self.due = due
    }

    /// The first fire of any of a playbook's schedules after `instant`; nil when none comes.
    ///
    /// - Parameters:
    ///   - zone: the workspace's zone, an IANA name.
    ///   - calendars: its business calendars.
    /// - Throws: ``CalendarError`` when a schedule cannot be followed.
    public static func next(
        of workflow: Workflow, after instant: Timestamp, zone: String, calendars: Schedule.CalendarLookup? = nil
    ) throws -> ScheduleFire? {
        var first: ScheduleFire?
        for (position, trigger) in workflow.schedules {
            let schedule = try Schedule(trigger, zone: zone, calendars: calendars)
            guard let due = try schedule.next(after: instant), first.map({ due < $0.due }) ?? true else { continue }
            first = ScheduleFire(workflow.id, trigger: position, trigger, schedule, due: due)
        }
        return first
    }

    /// Which schedule of `workflow` an event of the type `schedule.fired` tells of: its place among the triggers; nil for none.
    public static func trigger(of event: Event, in workflow: Workflow) -> Int? {
        guard event.type == Event.scheduleFired, let told = event.data["schedule"],
            let first = workflow.schedules.first,
            told["playbook"]?.string == workflow.id
        else { return nil }
        let named = workflow.schedules.first { _, trigger in
            switch trigger.times {
            case .cron(let text): told["cron"]?.string == text
            case .rrule(let text, _): told["rrule"]?.string == text
            }
        }
        return (named ?? first).position
    }

    /// The event with which a person lets a schedule fire now; an event of its own each time.
    ///
    /// - Parameters:
    ///   - zone: the workspace's zone, an IANA name.
    ///   - calendars: its business calendars.
    /// - Throws: ``CalendarError`` when the schedule cannot be read.
    public static func byHand(
        of workflow: Workflow, trigger position: Int, at now: Timestamp, zone: String,
        calendars: Schedule.CalendarLookup? = nil
    ) throws -> Event? {
        guard let trigger = workflow.schedules.first(where: { $0.position == position })?.trigger else { return nil }
        let schedule = try Schedule(trigger, zone: zone, calendars: calendars)
        var event = ScheduleFire(workflow.id, trigger: position, trigger, schedule, due: now).event(at: now)
        event.id = "schedule/\(workflow.id)/by-hand/\(now.rfc3339)"
        return event
    }

    /// The event of the fire when it happens at `now`, after `missed` fires that were passed over. Its id is the same for the same
    /// moment of the same schedule, so that it is accepted once.
    public func event(at now: Timestamp, missed: Int = 0) -> Event {
        var told: ValueMap = [
            "id": .string(playbook), "playbook": .string(playbook), "cron": .null, "rrule": .null,
            "zone": .string(schedule.zone.name), "due_at": .string(due.rfc3339),
            "late_by": .string(DurationText.seconds(max(.zero, now - due))), "missed": .int(Int64(missed)),
            "calendar": written.calendar.map(Value.string) ?? .null,
        ]
        switch written.times {
        case .cron(let text): told["cron"] = .string(text)
        case .rrule(let text, _): told["rrule"] = .string(text)
        }
        return Event(
            id: "schedule/\(playbook)/\(schedule.fingerprint)/\(due.rfc3339)", source: "/\(Dispatcher.ownName)",
            type: Event.scheduleFired, time: now, data: ["schedule": .map(told)])
    }
}
