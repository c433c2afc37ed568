public import WorkflowModel

/// Computes the clocks of a ticket from its history: values in, values out. The same history gives the same clocks at any time, on any
/// machine.
public struct ClockComputation: Sendable {
    let policies: @Sendable (String?) -> PolicySet?

    /// - Parameter policies: the policies of a version; of nil those to use for happenings that name none.
    public init(policies: @escaping @Sendable (String?) -> PolicySet?) { self.policies = policies }

    /// The clocks of the ticket with this history, as they are at `now`.
    public func clocks(of history: [Happening], at now: Timestamp) -> ClockBook {
        let moments = Timeline(history).moments
        var book = ClockBook(clocks: [], unmeasured: [])
        for kind in Policy.Kind.allCases {
            let versions = Set(moments.map(\.happening.version))
            // A workspace without agreements among teams needs no word about them.
            guard versions.contains(where: { policies($0)?.policies.contains { $0.kind == kind } ?? false }) else {
                continue
            }
            let fold = ClockFold(kind: kind, moments: moments, policies: policies)
            let reading = ClockReading(moments: moments, now: now)
            for draft in fold.drafts {
                if draft.isMeasured {
                    book.clocks.append(reading.clock(draft))
                } else if let reason = unmeasured(draft), !book.unmeasured.contains(reason) {
                    book.unmeasured.append(reason)
                }
            }
        }
        book.clocks = book.clocks.enumerated().sorted { ($0.element.start, $0.offset) < ($1.element.start, $1.offset) }
            .map(\.element)
        return book
    }

    /// Why a clock has no target: only when its policy has the metric, or there is no policy at all.
    private func unmeasured(_ draft: ClockDraft) -> Unmeasured? {
        guard let last = draft.parts.last else { return nil }
        guard let policy = last.policy else {
            // One word for the whole ticket is enough.
            guard draft.metric == .resolutionFirst else { return nil }
            return Unmeasured(metric: draft.metric, reason: "no_policy", policy: nil, priority: last.stretch.priority)
        }
        guard last.rule != nil else { return nil }
        return Unmeasured(
            metric: draft.metric, reason: "no_target", policy: policy.id, priority: last.stretch.priority)
    }
}
