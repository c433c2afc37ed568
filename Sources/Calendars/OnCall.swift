public import WorkflowModel

/// Who is on call, and by which part of the schedule.
public struct OnCallTurn: Sendable, Hashable {
    /// What put the person on call.
    public enum Source: Sendable, Hashable {
        /// An override, by its place in the schedule from 0.
        case override(Int)
        /// A layer, by its place in the schedule from 0.
        case layer(Int)

        /// `override 1`, `layer 2`: counted from 1, for people.
        public var text: String {
            switch self {
            case .override(let index): "override \(index + 1)"
            case .layer(let index): "layer \(index + 1)"
            }
        }
    }

    /// The person's id.
    public var person: String
    /// What put the person on call.
    public var source: Source
}

extension OnCallSchedule {
    /// Who is on call at `instant`; nil when nobody is: a gap.
    ///
    /// Overrides beat layers, and of several overrides the last written wins; of the layers, the last that has somebody wins.
    /// A turn of whole days changes at the same local time all year; a turn of hours counts elapsed time.
    ///
    /// - Parameter zone: The zone for a schedule that names none, an IANA name.
    public func turn(at instant: Timestamp, zone: String) -> OnCallTurn? {
        for (index, override) in overrides.enumerated().reversed()
        where override.from <= instant && instant < override.until {
            return OnCallTurn(person: override.person, source: .override(index))
        }
        for (index, layer) in layers.enumerated().reversed() {
            if let person = layer.person(at: instant, zone: self.zone ?? zone) {
                return OnCallTurn(person: person, source: .layer(index))
            }
        }
        return nil
    }

    /// The id of the person on call at `instant`; nil when nobody is.
    public func person(at instant: Timestamp, zone: String) -> String? { turn(at: instant, zone: zone)?.person }
}

extension OnCallSchedule.Layer {
    /// The person whose turn it is at `instant`, when the layer has begun and its hours are open.
    func person(at instant: Timestamp, zone: String) -> String? {
        guard !people.isEmpty, start <= instant, turn > .zero else { return nil }
        if let hours, hours.isOpen(at: instant, zone: zone) != true { return nil }
        let length = turn.components.seconds
        guard length > 0 else { return nil }
        var elapsed = instant.seconds - start.seconds
        if length % 86_400 == 0, let now = LocalTime.seconds(at: instant, zone: zone),
            let first = LocalTime.seconds(at: start, zone: zone)
        {
            elapsed = max(0, now - first)
        }
        return people[Int(elapsed / length % Int64(people.count))]
    }
}
