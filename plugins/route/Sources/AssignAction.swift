import PluginKit
import WorkflowModel

/// `route.assign`: pools, then overflow, then the owner, then the queue for what nobody took, with an event.
struct AssignAction: StateAction {
    func run(_ input: ActionInput, on store: any PluginStore, in context: ActionContext) throws -> Value {
        let request = try AssignRequest(input, in: context)
        let workload = try Workload(
            store, statuses: request.loadStatuses,
            incidentLoad: context.settings["incident_load"]?.int.map { Int(clamping: $0) } ?? 1, now: context.now,
            except: request.ticket)
        let unknownSkills = request.skills.unknown(in: context.workspace.directory)
        // A person outside of runs has no step whose turn could be remembered; all such deeds share one.
        let pointerID = context.playbook.map { "\($0) \(context.step?.path.text ?? "")" } ?? "by hand"
        let pointer = try store.document(pointerID, in: RoutePlugin.pointers)?["last"]?.string
        var ladder: [Value] = []
        var table: [Value] = []
        var gaps: [String] = []
        for (rung, names) in request.pools.enumerated() {
            let pool = try CandidatePool(names, in: context)
            gaps += pool.gaps.filter { !gaps.contains($0) }
            if let gap = pool.gaps.first, pool.candidates.isEmpty, request.failsOnGap {
                throw Failure.permanent("oncall_gap", "nobody is on call in \(gap) at \(context.now.rfc3339)")
            }
            let selection = try Selection(
                pool, request, workload, pointer: pointer, ignoring: unknownSkills, in: context)
            ladder.append(selection.counts)
            table += selection.verdicts.map(\.row)
            guard let picked = selection.picked else { continue }
            if request.strategy == .cyclic, rung == 0 {
                try store.put(pointerID, ["last": .string(picked.candidate.person.id)], in: RoutePlugin.pointers)
            }
            return try finish(
                picked, rung == 0 ? "none" : "overflow", Trace(ladder, table, unknownSkills, gaps), request, store,
                context)
        }
        if let owner = try owner(request, workload, context) {
            ladder.append(["pool": .string(owner.candidate.pool), "candidates": 1])
            table.append(owner.row)
            if owner.stage == .picked {
                return try finish(owner, "owner", Trace(ladder, table, unknownSkills, gaps), request, store, context)
            }
        }
        return try unrouted(Trace(ladder, table, unknownSkills, gaps), request, store, context)
    }

    /// What was tried on the way.
    private struct Trace {
        var ladder: [Value]
        var table: [Value]
        var unknownSkills: [String]
        var gaps: [String]

        init(_ ladder: [Value], _ table: [Value], _ unknownSkills: [String], _ gaps: [String]) {
            self.ladder = ladder
            self.table = table
            self.unknownSkills = unknownSkills
            self.gaps = gaps
        }
    }

    /// The one who answers for the team: gets it whatever the load and the hour, unless away or excluded.
    private func owner(_ request: AssignRequest, _ workload: Workload, _ context: ActionContext) throws -> Verdict? {
        let directory = context.workspace.directory
        let team =
            request.team
            ?? request.pools.first?.lazy.compactMap { text -> String? in
                if case .group(let name) = Recipient(text) { return name }
                return directory.team(text)?.id
            }.first
        let lead = team.flatMap { directory.team($0) }.flatMap { $0.lead == nil ? nil : "lead of \($0.id)" }
        guard let name = request.owner ?? lead else { return nil }
        guard let candidate = try CandidatePool([name], in: context).candidates.first else { return nil }
        var verdict = Verdict(candidate: candidate)
        verdict.load = try workload.load(of: candidate.person.id)
        verdict.capacity = candidate.person.capacity ?? request.defaultCapacity
        verdict.lastAt = try workload.lastAssignment(of: candidate.person.id)
        verdict.stage = .picked
        verdict.reason = "no pool had anybody, so it goes to its owner"
        if request.excluded.contains(candidate.person.id) {
            (verdict.stage, verdict.reason) = (.eligible, "is excluded by the step")
        } else if !candidate.person.isAvailable {
            (verdict.stage, verdict.reason) = (.eligible, "is not available")
        }
        return verdict
    }

    private func finish(
        _ picked: Verdict, _ fallback: String, _ trace: Trace, _ request: AssignRequest, _ store: any PluginStore,
        _ context: ActionContext
    ) throws -> Value {
        let person = picked.candidate.person
        let team = picked.candidate.team ?? request.team
        try emitGaps(trace.gaps, store, context)
        try store.put(
            request.ticket ?? context.caller.key,
            [
                "ticket": request.ticket.map(Value.string) ?? .null, "assignee": .string(person.id),
                "team": team.map(Value.string) ?? .null, "at": .timestamp(context.now),
                "playbook": context.playbook.map(Value.string) ?? .null,
                "run": context.run.map { .string($0.text) } ?? .null,
                "step": context.step.map { .string($0.description) } ?? .null,
                "strategy": .string(request.strategy.rawValue),
                "fallback": .string(fallback),
            ], in: RoutePlugin.assignments)
        let served = try store.document(person.id, in: RoutePlugin.people)
        try store.put(
            person.id,
            ["last_at": .timestamp(context.now), "count": .int((served?["count"]?.int ?? 0) + 1)],
            in: RoutePlugin.people)
        return output(picked, team: team, queue: request.queue, fallback, picked.reason, trace, request)
    }

    private func unrouted(
        _ trace: Trace, _ request: AssignRequest, _ store: any PluginStore, _ context: ActionContext
    ) throws -> Value {
        let looked = trace.table.count
        let reason =
            looked == 0
            ? "nobody is in \(request.pools.map { $0.joined(separator: ", ") }.joined(separator: ", then "))"
            : "none of the \(looked) people looked at can take it"
        try emitGaps(trace.gaps, store, context)
        try store.emit(
            EventDraft(
                type: "routing.unrouted", subject: request.ticket.map { "ticket:\($0)" },
                data: [
                    "routing": [
                        "ticket": request.ticket.map(Value.string) ?? .null, "queue": .string(request.unroutedQueue),
                        "reason": .string(reason), "eliminated": .list(trace.table),
                    ]
                ],
                key: "unrouted/\(context.caller.key)"))
        return output(nil, team: request.team, queue: request.unroutedQueue, "unrouted", reason, trace, request)
    }

    private func emitGaps(_ gaps: [String], _ store: any PluginStore, _ context: ActionContext) throws {
        for schedule in gaps {
            try store.emit(
                EventDraft(
                    type: "oncall.gap",
                    data: ["oncall": ["schedule": .string(schedule), "from": .timestamp(context.now)]],
                    key: "gap/\(schedule)/\(context.caller.key)"))
        }
    }

    private func output(
        _ picked: Verdict?, team: String?, queue: String?, _ fallback: String, _ reason: String, _ trace: Trace,
        _ request: AssignRequest
    ) -> Value {
        let person = picked?.candidate.person
        func text(_ text: String?) -> Value { text.map(Value.string) ?? .null }
        return [
            "assignee": text(person?.id), "assignee_name": text(person?.name), "email": text(person?.email),
            "team": text(team), "queue": text(queue), "strategy": .string(request.strategy.rawValue),
            "fallback": .string(fallback), "reason": .string(reason),
            "on_call": picked?.candidate.onCall.map {
                ["schedule": .string($0.schedule), "by": .string($0.source)]
            } ?? .null,
            "unknown_skills": .list(trace.unknownSkills.map(Value.string)), "ladder": .list(trace.ladder),
            "elimination": .list(trace.table),
        ]
    }
}
