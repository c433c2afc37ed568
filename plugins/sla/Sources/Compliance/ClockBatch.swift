public import PluginKit
public import WorkflowModel

/// The clocks of a ticket computed at once from its recorded events, as if nothing had been kept: what was measured while the events
/// came must be the same.
///
/// What other events than the ticket's own have told it (maintenance windows, merges, due dates set by hand) is not in it.
public struct ClockBatch: Sendable {
    /// Another way to measure the same tickets, to see what a difference comes from.
    public enum Reading: String, Sendable, Hashable, CaseIterable {
        /// As the policies say.
        case asWritten = "as_written"
        /// Without calendars: every hour counts.
        case aroundTheClock = "around_the_clock"
        /// Without pauses.
        case withoutPauses = "without_pauses"
        /// Without both.
        case wallTime = "wall_time"
        /// A solved ticket goes on until it is closed.
        case untilClosed = "until_closed"
        /// With the priority that the ticket had first.
        case firstPriority = "first_priority"
    }

    private let reading: EventReading
    private let policies: [Reading: PolicySet]
    /// The version of the policies.
    public let version: String

    /// Measures by the policies of `table`.
    ///
    /// - Throws: ``WorkflowModel/Failure`` `bad_policies`.
    public init(_ table: PolicyTable, directory: Directory) throws {
        reading = EventReading(directory: directory)
        version = table.version
        var policies: [Reading: PolicySet] = [:]
        for reading in Reading.allCases {
            policies[reading] = try PolicySet(
                PolicyTable(version: table.version, content: reading.content(table.content)))
        }
        self.policies = policies
    }

    /// What happened to a ticket by its own events, in the order in which they came.
    public func history(of events: [Event]) -> [Happening] {
        var history: [Happening] = []
        var known = ValueMap()
        for event in events {
            let found = reading.happenings(
                event, now: event.time, known: known, sequence: Int64(history.count), version: version)
            for happening in found { known = Timeline.fields(known, after: happening) }
            history += found
        }
        return history
    }

    /// The clocks of the ticket with this history at `now`.
    public func book(of history: [Happening], at now: Timestamp, read way: Reading = .asWritten) -> ClockBook {
        let set = policies[way]
        return ClockComputation(policies: { _ in set }).clocks(of: way.history(history), at: now)
    }
}

extension ClockBatch.Reading {
    /// The policies as this reading has them.
    fileprivate func content(_ content: Value) -> Value {
        let drops: [String]
        switch self {
        case .asWritten, .untilClosed, .firstPriority: return content
        case .aroundTheClock: drops = ["calendar"]
        case .withoutPauses: drops = ["pause"]
        case .wallTime: drops = ["calendar", "pause"]
        }
        guard var whole = content.map else { return content }
        whole["policies"] = .list(
            (content["policies"]?.list ?? []).map { policy in
                guard var policy = policy.map else { return policy }
                for key in drops { policy[.string(key)] = nil }
                policy["metrics"] = .list(
                    (policy["metrics"]?.list ?? []).map { metric in
                        guard var metric = metric.map else { return metric }
                        for key in drops { metric[.string(key)] = nil }
                        return .map(metric)
                    })
                return .map(policy)
            })
        return .map(whole)
    }

    /// The history as this reading has it.
    fileprivate func history(_ history: [Happening]) -> [Happening] {
        switch self {
        case .asWritten, .aroundTheClock, .withoutPauses, .wallTime: return history
        case .untilClosed:
            guard history.contains(where: { $0.fields["status"]?.string == "closed" }) else { return history }
            return history.map { happening in
                var happening = happening
                if happening.fields["status"]?.string == "solved" { happening.fields["status"] = "open" }
                return happening
            }
        case .firstPriority:
            var first: Value?
            return history.map { happening in
                var happening = happening
                if let priority = happening.fields["priority"] {
                    first = first ?? priority
                    happening.fields["priority"] = first
                }
                return happening
            }
        }
    }
}
