import PluginKit
import WorkflowModel

/// What is kept of a clock beside what can be computed: what was told of it, and what is to be told next.
struct ClockRecord: Sendable {
    /// What became of a threshold.
    enum Outcome: String, Sendable {
        /// An event tells of it.
        case told
        /// A higher one was reached with it.
        case skipped
        /// The policy wants nobody told of what only a change has made so.
        case quiet
    }

    let ticket: String
    /// As it was computed last; nil before the first time.
    var state: Clock.State?
    /// Threshold and arming to what became of it.
    var fired: ValueMap = [:]
    /// Thresholds that lay ahead when it was computed last, each with its instant: if one is late, it is because nobody ran.
    var ahead: ValueMap = [:]
    /// The threshold for which the timer is set.
    var timer: String?
    private(set) var body: ValueMap

    init(ticket: String, body: ValueMap?) {
        self.ticket = ticket
        self.body = body ?? [:]
        state = body?["state"]?.string.flatMap(Clock.State.init(rawValue:))
        fired = body?["fired"]?.map ?? [:]
        ahead = body?["ahead"]?.map ?? [:]
        timer = body?["timer"]?.string
    }

    /// The id of a clock's document, and its name for people: `4711/first_reply/1`.
    static func id(_ ticket: String, _ clock: Clock) -> String { "\(ticket)/\(clock.key)" }

    /// Takes the computed clock over.
    mutating func take(_ clock: Clock, _ fields: ValueMap, at now: Timestamp) {
        state = clock.state
        var map = ClockView.map(ClockRecord.id(ticket, clock), clock)
        map["ticket"] = .string(ticket)
        map["kind"] = .string(clock.kind.rawValue)
        map["is_open"] = .bool(clock.isOpen)
        map["as_of"] = .timestamp(now)
        map["start"] = .timestamp(clock.start)
        if let version = clock.version { map["version"] = .string(version) }
        if let stop = clock.stop { map["stop"] = .timestamp(stop) }
        if let resumes = clock.resumes { map["resumes"] = .timestamp(resumes) }
        if let calendar = clock.calendar { map["calendar"] = .string(calendar) }
        if let zone = clock.zone { map["zone"] = .string(zone) }
        if let breach = clock.breaches.first { map["breached_at"] = .timestamp(breach.at) }
        for field in ["team", "assignee", "service"] {
            if let value = fields[field], value.string != nil { map[field] = value }
        }
        if let tier = fields["customer"]?["tier"]?.string { map["tier"] = .string(tier) }
        body = map
    }

    /// Keeps it under `id`, unless nothing about it is new.
    func put(_ id: String, in store: any PluginStore) throws {
        var body = body
        if !fired.isEmpty { body["fired"] = .map(fired) }
        if !ahead.isEmpty { body["ahead"] = .map(ahead) }
        if let timer { body["timer"] = .string(timer) }
        try store.put(id, body, in: SLAPlugin.clocks)
    }
}
