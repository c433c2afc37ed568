import Calendars
import WorkflowModel

/// Goes through a ticket's history once and finds which clocks of one kind began, changed and stopped.
///
/// Inside one happening the order is: cancel, stop, reset, pause and resume, attach.
struct ClockFold {
    let kind: Policy.Kind
    let moments: [Moment]
    let policies: (String?) -> PolicySet?

    var open: [Metric: ClockDraft] = [:]
    var closed: [ClockDraft] = []
    var cycles: [Metric: Int] = [:]
    var hasBegun = false
    var isOver = false
    var wasDone = false
    var hasReply = false
    /// The oldest message of the customer without a reply, and whether it is the one that made the ticket.
    var unanswered: Timestamp?
    var team: String?
    private let choices = Choices()

    init(kind: Policy.Kind, moments: [Moment], policies: @escaping (String?) -> PolicySet?) {
        self.kind = kind
        self.moments = moments
        self.policies = policies
        for (index, moment) in moments.enumerated() { take(moment, index) }
    }

    /// All clocks, by the order in which they began.
    var drafts: [ClockDraft] {
        (closed + Metric.allCases.compactMap { open[$0] }).enumerated().sorted { left, right in
            (left.element.start, left.offset) < (right.element.start, right.offset)
        }.map(\.element)
    }

    private mutating func take(_ moment: Moment, _ index: Int) {
        guard !isOver else { return }
        if moment.happening.kind == .folded {
            unfold(moment.happening)
            return
        }
        choices.found = [:]
        let isFirst = !hasBegun
        if isFirst {
            switch moment.happening.kind {
            case .created, .updated, .message, .merged: hasBegun = true
            case .adopted:
                hasBegun = true
                inherit(moment)
                return
            default: return
            }
        }
        cancel(moment)
        if isOver { return }
        stop(moment)
        reset(moment)
        if wasDone, !moment.isDone { reopen(moment, index) }
        attach(moment, isFirst: isFirst)
        // What is made in a status that is an end was solved at once.
        if isFirst, moment.isDone { finish(moment) }
        wasDone = moment.isDone
        team = moment.fields["team"]?.string
    }

    // MARK: Cancel and stop

    private mutating func cancel(_ moment: Moment) {
        switch moment.happening.kind {
        case .merged:
            for metric in Metric.allCases { end(metric, moment.at, .cancelled, "merged") }
            isOver = true
        case .cancelled:
            for metric in named(moment) {
                end(metric, moment.at, .cancelled, moment.happening.detail["reason"]?.string ?? "by hand")
            }
        default: break
        }
    }

    private mutating func stop(_ moment: Moment) {
        for metric in Metric.allCases where metric.isAnswered {
            guard let draft = open[metric], moment.isReply(draft.parts.last?.policy) else { continue }
            end(metric, moment.at, .met, "replied")
        }
        if moment.isReply(policy(moment, moment.happening.version)) {
            hasReply = true
            unanswered = nil
        }
        if moment.isDone, !wasDone { finish(moment) }
        if open[.ownership] != nil, moment.fields["team"]?.string != team {
            end(.ownership, moment.at, .met, "left")
        }
    }

    private mutating func finish(_ moment: Moment) {
        for metric in Metric.allCases {
            end(metric, moment.at, metric.isAnswered ? .cancelled : .met, "solved")
        }
        unanswered = nil
    }

    private mutating func end(_ metric: Metric, _ at: Timestamp, _ state: Clock.State, _ cause: String) {
        guard var draft = open[metric] else { return }
        draft.stop = (max(at, draft.start), state, cause)
        closed.append(draft)
        open[metric] = nil
    }

    private func named(_ moment: Moment) -> [Metric] {
        let detail = moment.happening.detail
        guard (detail["kind"]?.string ?? "sla") == kind.rawValue else { return [] }
        guard let name = detail["metric"]?.string else { return Metric.allCases }
        return Metric(rawValue: name).map { [$0] } ?? []
    }

    // MARK: Reset

    private mutating func reset(_ moment: Moment) {
        for metric in Metric.allCases {
            guard var draft = open[metric] else { continue }
            switch moment.happening.kind {
            case .pinned where named(moment).contains(metric): pin(&draft, moment)
            case .rebased where rebases(metric, moment):
                draft.version = moment.happening.detail["to"]?.string ?? moment.happening.version
                renew(&draft, moment, cause: "reapply")
            case .adopted:
                adopt(&draft, moment)
                renew(&draft, moment, cause: nil)
            default: renew(&draft, moment, cause: nil)
            }
            open[metric] = draft
        }
    }

    private func rebases(_ metric: Metric, _ moment: Moment) -> Bool {
        guard let names = moment.happening.detail["metrics"]?.list else { return true }
        return names.contains(.string(metric.rawValue))
    }

    /// Gives the clock another target, when the ticket is now one for another.
    func renew(_ draft: inout ClockDraft, _ moment: Moment, cause: String?) {
        guard let last = draft.parts.last, !draft.isPinned else { return }
        var part = self.part(of: draft, moment)
        let isSame =
            last.stretch.policy == part.stretch.policy && last.stretch.version == part.stretch.version
            && last.target == part.target && last.stretch.priority == part.stretch.priority
            && last.calendar == part.calendar
        guard !isSame else { return }
        if last.stretch.policy != part.stretch.policy {
            part.stretch.cause = "policy"
        } else if last.stretch.priority != part.stretch.priority {
            part.stretch.cause = "priority"
        } else {
            part.stretch.cause = "zone"
        }
        if let cause { part.stretch.cause = cause }
        let isFresh = part.target != last.target && last.target != nil && cause == nil
        if isFresh, part.policy?.countsFromChange == true {
            part.stretch.countsFrom = moment.at
        } else {
            part.stretch.countsFrom = last.stretch.countsFrom
        }
        draft.parts.append(part)
    }

    func part(of draft: ClockDraft, _ moment: Moment) -> ClockDraft.Part {
        let policy = policy(moment, draft.version)
        let rule = policy?.rule(draft.metric)
        let priority = moment.priority
        var calendar: BusinessCalendar?
        if let policy, let rule {
            calendar = policies(draft.version)?.calendar(
                of: rule, policy, zones: moment.fields["zones"]?.map ?? [:])
        }
        let stretch = Clock.Stretch(
            from: moment.at, policy: policy?.id, version: draft.version, priority: priority, target: nil,
            countsFrom: draft.start, cause: "start")
        return ClockDraft.Part(
            stretch: stretch, policy: policy, rule: rule, calendar: calendar, target: rule?.target(of: priority))
    }

    private func pin(_ draft: inout ClockDraft, _ moment: Moment) {
        guard var part = draft.parts.last, let due = moment.happening.detail["due"]?.timestamp else { return }
        part.stretch.from = moment.at
        part.stretch.cause = "pin"
        part.stretch.pinnedDue = due
        part.stretch.pinnedBy = moment.happening.detail["by"]?.string
        draft.parts.append(part)
    }

    /// The policy for the ticket as it is at `moment`.
    func policy(_ moment: Moment, _ version: String?) -> Policy? {
        let key = version ?? ""
        if let found = choices.found[key] { return found }
        let found = policies(version)?.choose(kind, for: moment.ticket, at: moment.at)
        choices.found[key] = .some(found)
        return found
    }

    /// What was chosen for the present moment, by version.
    private final class Choices {
        var found: [String: Policy?] = [:]
    }
}
