import Calendars
import WorkflowModel

/// What is due of a schedule, and what becomes of it: the rules of `catch_up`.
struct MissedFires {
    /// A fire that is no later than this is not late: an executor needs a moment to begin.
    static let patience = Duration.seconds(60)
    /// The most fires that `all` makes up for.
    static let mostMadeUp = 1000
    /// So far passed fires are counted.
    static let mostCounted = 10_000

    /// The fire to act on now; nil for none.
    var fire: Timestamp?
    /// How many fires are passed over.
    var missed = 0
    /// When the schedule fires next, which with `all` may be past; nil when it fires no more.
    var next: Timestamp?

    /// What is due at `now` of a schedule whose next fire was `due`, not after `now`.
    ///
    /// - Parameter isMakingUp: whether `all` is at it already: then nothing more is passed over.
    /// - Throws: ``CalendarError`` when the schedule cannot be followed.
    init(
        _ schedule: Schedule, _ catchUp: ScheduleTrigger.CatchUp, due: Timestamp, now: Timestamp, isMakingUp: Bool
    ) throws {
        if catchUp == .all, isMakingUp {
            fire = due
            next = try schedule.next(after: due)
            return
        }
        let passed = try MissedFires.passed(schedule, from: due, through: now)
        switch catchUp {
        case .skip where now - (passed.times.last ?? due) > MissedFires.patience:
            missed = passed.count
            next = passed.next
        case .skip, .latest:
            fire = passed.times.last
            missed = passed.count - 1
            next = passed.next
        case .all:
            let kept = passed.times.suffix(MissedFires.mostMadeUp)
            fire = kept.first
            missed = passed.count - kept.count
            next = kept.count > 1 ? kept[kept.startIndex + 1] : passed.next
        }
    }

    private typealias Passed = (times: [Timestamp], count: Int, next: Timestamp?)

    /// The fires from `due`, which is one, through `now`; of very many only the last are looked at.
    private static func passed(_ schedule: Schedule, from due: Timestamp, through now: Timestamp) throws -> Passed {
        var all = try follow(schedule, after: due, through: now, atMost: mostCounted)
        all.times.insert(due, at: 0)
        guard all.isCut else { return (all.times, all.times.count, all.next) }
        // Looked for from now backwards, in ever longer spans.
        var span = patience * mostMadeUp
        while true {
            let start = max(all.times.last ?? due, now + (.zero - span))
            let recent = try follow(schedule, after: start, through: now, atMost: .max)
            if recent.times.count >= mostMadeUp || start == all.times.last {
                let times = recent.times.isEmpty ? all.times : recent.times
                return (times, mostCounted, recent.next)
            }
            span = span * 4
        }
    }

    private static func follow(
        _ schedule: Schedule, after start: Timestamp, through now: Timestamp, atMost limit: Int
    ) throws -> (times: [Timestamp], next: Timestamp?, isCut: Bool) {
        var times: [Timestamp] = []
        var size = 1
        while times.count < limit {
            let more = try schedule.fires(after: times.last ?? start, limit: size).map(\.instant)
            let passed = more.prefix { $0 <= now }
            times += passed
            if passed.count < more.count { return (times, more[passed.count], false) }
            if more.count < size { return (times, nil, false) }
            size = min(size * 8, 4096)
        }
        return (times, nil, true)
    }
}
