import WorkflowModel

extension ClockFold {
    // MARK: Attach

    /// Begins the clocks that the happening begins.
    mutating func attach(_ moment: Moment, isFirst: Bool) {
        let policy = policy(moment, moment.happening.version)
        let start = isFirst ? self.start(moment, policy) : moment.at
        if isFirst { create(moment, policy, start) }
        if moment.isCustomerMessage, unanswered == nil { unanswered = moment.at }
        guard !moment.isDone || isFirst else { return }
        if let asked = unanswered, !isFirst { ask(moment, asked) }
        if !isFirst, moment.isReply(policy), !moment.isDone {
            begin(.periodicUpdate, moment.at, moment)
            begin(.pausableUpdate, moment.at, moment)
        }
        if let now = moment.fields["team"]?.string, now != team || isFirst, !moment.isDone || isFirst {
            begin(.ownership, start, moment)
        }
    }

    private func start(_ moment: Moment, _ policy: Policy?) -> Timestamp {
        let detail = moment.happening.detail
        var start = moment.at
        if let inherited = detail["inherited_start"]?.timestamp, policy?.inheritsOnSplit == true {
            start = min(start, inherited)
        }
        return start
    }

    private mutating func create(_ moment: Moment, _ policy: Policy?, _ start: Timestamp) {
        let isByCustomer = moment.happening.kind != .created || moment.happening.detail["by"] == nil
        if isByCustomer, moment.happening.detail["automatic"] == nil { unanswered = start }
        if isByCustomer || policy?.rule(.firstReply)?.startsAtCreation == true { begin(.firstReply, start, moment) }
        for metric in [Metric.requesterWait, .agentWork, .resolutionFirst, .resolutionTotal] {
            begin(metric, start, moment)
        }
        updatesFromCreation(moment, start)
    }

    /// Update clocks that count from creation, but not while the first reply is still owed: that is what the customer waits for.
    private mutating func updatesFromCreation(_ moment: Moment, _ start: Timestamp) {
        guard open[.firstReply]?.isMeasured != true else { return }
        let policy = policy(moment, moment.happening.version)
        for metric in [Metric.periodicUpdate, .pausableUpdate] where policy?.rule(metric)?.startsAtCreation == true {
            begin(metric, start, moment)
        }
    }

    /// A message of the customer waits for an answer since `asked`.
    private mutating func ask(_ moment: Moment, _ asked: Timestamp) {
        if hasReply {
            begin(.nextReply, asked, moment)
        } else if cycles[.firstReply] == nil {
            // The ticket was made by an agent: the first message is what is to be answered.
            begin(.firstReply, asked, moment)
        }
    }

    /// Begins a clock, when none of its metric runs.
    private mutating func begin(_ metric: Metric, _ start: Timestamp, _ moment: Moment) {
        guard open[metric] == nil else { return }
        let cycle = (cycles[metric] ?? 0) + 1
        cycles[metric] = cycle
        var draft = ClockDraft(
            metric: metric, kind: kind, cycle: cycle, start: start, version: moment.happening.version)
        var first = part(of: draft, moment)
        first.stretch.from = start
        draft.parts = [first]
        open[metric] = draft
    }

    // MARK: Re-opening and merging

    /// The ticket is open again.
    mutating func reopen(_ moment: Moment, _ index: Int) {
        let policy = policy(moment, moment.happening.version)
        let grace = policy?.reopenGrace ?? .zero
        if let again = moments[(index + 1)...].first(where: \.isDone), again.at - moment.at <= grace, grace > .zero {
            return
        }
        if !hasReply { resume(.firstReply, moment, grace: .zero) }
        for metric in [Metric.requesterWait, .agentWork, .resolutionTotal] {
            switch policy?.reopen ?? .continue {
            case .ignore: continue
            case .continue: resume(metric, moment, grace: grace)
            case .newCycle:
                begin(metric, moment.at, moment)
                wait(metric, moment.at, grace)
            }
        }
        updatesFromCreation(moment, moment.at)
        if moment.fields["team"]?.string != nil { begin(.ownership, moment.at, moment) }
    }

    private mutating func resume(_ metric: Metric, _ moment: Moment, grace: Duration) {
        guard open[metric] == nil,
            let place = closed.lastIndex(where: { $0.metric == metric && $0.stop?.cause == "solved" })
        else { return }
        var draft = closed.remove(at: place)
        if let stop = draft.stop { draft.gaps.append(PauseSpan(source: "solved", from: stop.at, to: moment.at)) }
        draft.stop = nil
        renew(&draft, moment, cause: nil)
        open[metric] = draft
        wait(metric, moment.at, grace)
    }

    private mutating func wait(_ metric: Metric, _ from: Timestamp, _ grace: Duration) {
        guard grace > .zero else { return }
        open[metric]?.gaps.append(PauseSpan(source: "reopen_grace", from: from, to: from + grace))
    }

    /// Begins with the clocks of a ticket that was merged into this one, of which nothing else has been heard.
    mutating func inherit(_ moment: Moment) {
        hasReply = moment.happening.detail["has_reply"]?.bool ?? false
        unanswered = moment.happening.detail["unanswered"]?.timestamp
        team = moment.fields["team"]?.string
        wasDone = moment.isDone
        for given in moment.happening.detail["clocks"]?.list ?? []
        where (given["kind"]?.string ?? "sla") == kind.rawValue {
            guard let metric = given["metric"]?.string.flatMap(Metric.init(rawValue:)) else { continue }
            begin(metric, moment.at, moment)
            guard var draft = open[metric] else { continue }
            adopt(&draft, moment)
            open[metric] = draft
        }
    }

    /// Takes over the clock of a ticket that was merged into this one, when it began earlier.
    func adopt(_ draft: inout ClockDraft, _ moment: Moment) {
        let given = moment.happening.detail["clocks"]?.list ?? []
        let other = given.first {
            $0["metric"]?.string == draft.metric.rawValue && ($0["kind"]?.string ?? "sla") == kind.rawValue
        }
        guard let other, let start = other["start"]?.timestamp, start < draft.start, !draft.isPinned else { return }
        for index in draft.parts.indices where draft.parts[index].stretch.countsFrom == draft.start {
            draft.parts[index].stretch.countsFrom = start
        }
        draft.parts[0].stretch.from = start
        draft.start = start
        draft.ownPausesFrom = moment.at
        draft.adopted = (other["pauses"]?.list ?? []).compactMap { pause in
            guard let from = pause["from"]?.timestamp else { return nil }
            return PauseSpan(
                source: pause["source"]?.string ?? "merged", from: from,
                to: min(pause["to"]?.timestamp ?? moment.at, moment.at))
        }
    }
}
