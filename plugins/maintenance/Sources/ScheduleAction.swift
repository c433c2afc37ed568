import PluginKit
import WorkflowModel

/// `maintenance.schedule`: a new window, or another time, scope or approver for one that has not begun.
struct ScheduleAction: StateAction {
    func run(_ input: ActionInput, on store: any PluginStore, in context: ActionContext) throws -> Value {
        let directory = context.workspace.directory
        let times = try WindowTimes(input)
        let scope = try ServiceScope(try input.texts("services"), in: directory)
        // A window of another system may not have been told of before: it is taken in under its own id.
        let earlier = try input.optionalText("id").flatMap { try store.document($0, in: WindowShelf.collection) }
            .flatMap(Window.init)
        var window = try window(input, times, scope, changing: earlier, in: context)
        try judge(window, against: earlier, now: context.now)

        let check = try ConflictCheck(
            scope, kind: window.kind, owner: window.owner, ownID: earlier?.id, from: window.start,
            zone: directory.zone, in: store)
        let conflicts = check.conflicts(from: window.start, until: window.end)
        let blocking = conflicts.filter { $0.severity == .block }
        window.conflicts = conflicts.map(\.value)
        let policy = try input.optionalText("on_conflict") ?? "fail"
        let nextFree =
            blocking.isEmpty
            ? Value.null : check.nextFreeValue(from: window.start, lasting: window.end - window.start)
        if !blocking.isEmpty, policy == "fail" { throw Self.conflict(blocking, nextFree) }

        let late = try isLate(window, in: context)
        let mayStand = blocking.isEmpty || policy == "ignore"
        let isApproved = window.approvedBy != nil || (window.kind == .standard && !late)
        window.state = mayStand && isApproved ? .scheduled : .proposed

        if let earlier, Self.same(earlier, window) { return output(earlier, conflicts, nextFree, late, changed: false) }
        if let earlier {
            window.revision = earlier.revision + 1
        } else {
            window.id = try input.optionalText("id") ?? newID(in: store)
        }
        try WindowShelf.put(window, in: store)
        if window.state == .scheduled {
            try WindowTimers.set(for: window, now: context.now, in: store)
        } else {
            try WindowTimers.cancel(for: window, in: store)
        }
        try store.emit(WindowEvents.draft(window.state.rawValue, window))
        return output(window, conflicts, nextFree, late, changed: true)
    }

    private func window(
        _ input: ActionInput, _ times: WindowTimes, _ scope: ServiceScope, changing earlier: Window?,
        in context: ActionContext
    ) throws(Failure) -> Window {
        let directory = context.workspace.directory
        let zone = try input.optionalText("zone") ?? earlier?.zone ?? directory.zone
        try WindowTimes.requireZone(zone)
        let owner = try input.optionalText("owner")
        // The owner in another system need not be one of our people.
        if let owner, directory.person(owner) == nil {
            let near = Similarity.nearest(to: owner, among: directory.people.map(\.id))
            throw .permanent(
                "unknown_person",
                "the owner \(owner) is not in the people table\(near.map { "; did you mean \($0)?" } ?? "")")
        }
        let kind = try input.optionalText("kind").flatMap(Window.Kind.init(rawValue:)) ?? earlier?.kind ?? .normal
        let impact = try input.optionalText("impact") ?? earlier?.impact
        // An approval is for what was approved: another time, scope or impact needs a new one.
        let isAsApproved =
            earlier.map {
                $0.start == times.start && $0.end == times.end && Set($0.services) == Set(scope.names)
                    && $0.impact == impact && $0.kind == kind
            } ?? false
        return Window(
            id: earlier?.id ?? "",
            title: try input.optionalText("title") ?? earlier?.title
                ?? "Maintenance of \(scope.names.joined(separator: ", "))",
            services: scope.names, start: times.start, end: times.end,
            originalEnd: isAsApproved ? earlier?.originalEnd ?? times.end : times.end, zone: zone, state: .proposed,
            kind: kind, impact: impact, owner: owner ?? earlier?.owner,
            requestedBy: try input.optionalText("requested_by") ?? earlier?.requestedBy,
            approvedBy: try input.optionalText("approved_by") ?? (isAsApproved ? earlier?.approvedBy : nil),
            reason: try input.optionalText("reason") ?? earlier?.reason,
            completesItself: input["auto_complete"] == nil
                ? earlier?.completesItself ?? true : try input.flag("auto_complete"))
    }

    private func judge(_ window: Window, against earlier: Window?, now: Timestamp) throws(Failure) {
        if let earlier {
            guard !earlier.state.isOver else {
                throw .permanent(
                    "already_ended", "window \(earlier.id) is \(earlier.state.rawValue); schedule a new one")
            }
            guard earlier.state != .inProgress, !(earlier.state == .scheduled && earlier.start <= now) else {
                throw .permanent(
                    "already_started", "window \(earlier.id) began \(earlier.start.rfc3339); cancel it to end it early")
            }
        }
        guard now < window.end else {
            throw .permanent("invalid_times", "the window ended already, \(window.end.rfc3339)")
        }
        guard now <= window.start || window.kind == .emergency else {
            throw .permanent(
                "invalid_times", "the window begins in the past, \(window.start.rfc3339); only an emergency may")
        }
        if window.kind == .emergency, let approver = window.approvedBy, approver == window.owner {
            throw .permanent(
                "self_approval", "\(approver) owns this emergency window; it needs somebody else's approval")
        }
    }

    private func newID(in store: any PluginStore) throws -> String {
        while true {
            let id = "MW-\(try store.nextNumber("window"))"
            // Another system may have told us of a window of that name.
            if try store.document(id, in: WindowShelf.collection) == nil { return id }
        }
    }

    private func isLate(_ window: Window, in context: ActionContext) throws(Failure) -> Bool {
        guard window.kind == .normal, let lead = context.settings["lead_time"], !lead.isNull else { return false }
        guard let lead = lead.duration else {
            throw .permanent("invalid_input", "plugins: maintenance: lead_time must be a duration such as 24h")
        }
        return window.start - context.now < lead
    }

    private static func same(_ a: Window, _ b: Window) -> Bool {
        var (a, b) = (a, b)
        a.revision = b.revision
        a.conflicts = b.conflicts
        return a == b
    }

    private static func conflict(_ blocking: [Conflict], _ nextFree: Value) -> Failure {
        let list = blocking.prefix(5).map(\.message).joined(separator: "; ")
        let more = blocking.count > 5 ? "; and \(blocking.count - 5) more" : ""
        let free =
            nextFree["starts_at"]?.timestamp.map { "the next free time begins \($0.rfc3339)" }
            ?? "no time is free within 90 days"
        return .permanent("maintenance_conflict", "\(list)\(more); \(free)")
    }

    private func output(
        _ window: Window, _ conflicts: [Conflict], _ nextFree: Value, _ late: Bool, changed: Bool
    ) -> Value {
        [
            "id": .string(window.id), "state": .string(window.state.rawValue), "changed": .bool(changed),
            "late": .bool(late), "window": .map(window.shown), "conflicts": .list(conflicts.map(\.value)),
            "next_free": nextFree,
        ]
    }
}
