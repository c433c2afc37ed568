import PluginKit
import WorkflowModel

/// `sla.pin`: somebody sets the due date of an open clock by hand; from then on neither pauses nor priorities move it.
struct PinAction: StateAction {
    let shelf: PolicyShelf

    func run(_ input: ActionInput, on store: any PluginStore, in context: ActionContext) throws -> Value {
        guard let due = try input.optionalTimestamp("due_at") else { throw Failure.invalidInput("due_at is missing") }
        guard due > context.now else {
            throw Failure.permanent("invalid_times", "the due date \(due) is not in the future")
        }
        let hand = try HandChange(input, shelf, store, context)
        return try hand.change(.pinned, ["due": .timestamp(due)])
    }
}

/// `sla.cancel`: somebody stops the measurement of an open clock.
struct CancelAction: StateAction {
    let shelf: PolicyShelf

    func run(_ input: ActionInput, on store: any PluginStore, in context: ActionContext) throws -> Value {
        let reason = try input.text("reason")
        return try HandChange(input, shelf, store, context).change(.cancelled, ["reason": .string(reason)])
    }
}

/// A change that a person makes to an open clock.
struct HandChange {
    let ticket: TicketRecord
    let metric: Metric
    let kind: Policy.Kind
    let by: String
    let shelf: PolicyShelf
    let store: any PluginStore
    let context: ActionContext

    init(_ input: ActionInput, _ shelf: PolicyShelf, _ store: any PluginStore, _ context: ActionContext) throws {
        let id = try input.ticketOrRun(in: context)
        guard let ticket = try TicketRecord(id, in: store) else {
            throw Failure.permanent("unknown_ticket", "no event has told of ticket \(id), so it has no clock")
        }
        let name = try input.text("metric")
        guard let metric = Metric(rawValue: name) else {
            throw Failure.invalidInput(
                "there is no metric \(name): \(Metric.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        self.ticket = ticket
        self.metric = metric
        kind = try input.optionalText("kind").flatMap(Policy.Kind.init(rawValue:)) ?? .sla
        by = try input.optionalText("by") ?? context.person ?? context.playbook ?? "somebody"
        self.shelf = shelf
        self.store = store
        self.context = context
    }

    func change(_ what: Happening.Kind, _ detail: ValueMap) throws -> Value {
        let before = try clock(of: ticket.history)
        guard let before, before.isOpen else {
            throw Failure.permanent("no_open_clock", "ticket \(ticket.id) has no open clock \(metric.rawValue)")
        }
        var ticket = ticket
        var told: ValueMap = ["metric": .string(metric.rawValue), "kind": .string(kind.rawValue), "by": .string(by)]
        told = told.merging(detail)
        ticket.add(
            Happening(
                at: max(context.now, ticket.history.last?.at ?? context.now), sequence: ticket.nextSequence, kind: what,
                detail: told, version: try shelf.keep(context.workspace.policies, in: store)))
        let computation = try shelf.computation(for: ticket.history, context.workspace.policies, in: store)
        let keeper = ClockKeeper(
            store: store, now: context.now, computation: computation, teller: ClockTeller(store, now: context.now))
        let book = try keeper.keep(ticket)
        let after = book.clocks.last { $0.metric == metric && $0.kind == kind } ?? before
        return [
            "clock": .string(ClockRecord.id(ticket.id, after)), "by": .string(by),
            "before": .map(ClockView.map(ClockRecord.id(ticket.id, before), before)),
            "after": .map(ClockView.map(ClockRecord.id(ticket.id, after), after)),
        ]
    }

    private func clock(of history: [Happening]) throws -> Clock? {
        try shelf.computation(for: history, context.workspace.policies, in: store).clocks(of: history, at: context.now)
            .clocks.last { $0.metric == metric && $0.kind == kind }
    }
}
