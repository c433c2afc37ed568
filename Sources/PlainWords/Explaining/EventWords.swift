import WorkflowModel

/// What events say.
enum EventWords {
    private static let phrases: [String: String] = [
        "ticket.created": "a ticket is created", "ticket.updated": "a ticket is changed",
        "ticket.assigned": "a ticket is assigned", "ticket.commented": "somebody comments on a ticket",
        "ticket.resolved": "a ticket is resolved", "ticket.reopened": "a ticket is reopened",
        "ticket.closed": "a ticket is closed", "ticket.merged": "a ticket is merged into another",
        "sla.started": "an SLA clock starts", "sla.paused": "an SLA clock is paused",
        "sla.resumed": "an SLA clock goes on", "sla.at_risk": "an SLA is at risk",
        "sla.breached": "an SLA is breached", "sla.met": "an SLA is met",
        "incident.declared": "an incident is declared", "incident.updated": "an incident is changed",
        "incident.resolved": "an incident is resolved",
        "maintenance.proposed": "a maintenance window is proposed",
        "maintenance.scheduled": "a maintenance window is scheduled",
        "maintenance.starting": "a maintenance window is about to start",
        "maintenance.started": "a maintenance window starts",
        "maintenance.extended": "a maintenance window is extended",
        "maintenance.overrun": "a maintenance window takes longer than planned",
        "maintenance.ending": "a maintenance window is about to end",
        "maintenance.completed": "a maintenance window has ended",
        "maintenance.cancelled": "a maintenance window is cancelled",
        "postmortem.opened": "a post-mortem is opened", "postmortem.reviewed": "a post-mortem is reviewed",
        "action.created": "an action item is created", "action.due_soon": "an action item is due soon",
        "action.overdue": "an action item is overdue", "action.completed": "an action item is completed",
        "action.verified": "an action item is verified",
        "notification.acknowledged": "somebody acknowledges a message",
        "ask.opened": "a question is put to people", "ask.reminded": "people are reminded of a question",
        "ask.answered": "somebody answers a question", "ask.expired": "a question was not answered in time",
        "routing.unrouted": "nobody can be found for a ticket", "oncall.gap": "nobody is on call for a time",
        "schedule.fired": "a schedule is due", "run.failed": "a run of a playbook fails",
        "run.needs_attention": "a run needs a person",
        "playbook.breaker_opened": "a playbook was stopped because it failed or began too often",
        "playbook.loop_stopped": "a playbook was stopped because it began again and again for one thing",
        "alert.firing": "an alert fires", "alert.resolved": "an alert is over",
    ]

    /// That an event of `type` comes.
    static func phrase(_ type: String) -> String { phrases[type] ?? "the event `\(type)` comes" }

    /// That an event of one of `types` comes.
    static func phrase(_ types: [String]) -> String { English.list(types.map { phrase($0) }, "or") }

    /// What a run of the playbook is about: `the ticket`; `the same thing` when its triggers do not agree.
    static func subject(of workflow: Workflow) -> String {
        var found: Set<String> = []
        for case .event(let trigger) in workflow.triggers {
            for type in trigger.types {
                let family = type.prefix { $0 != "." }
                found.insert(family == "sla" || family == "routing" ? "ticket" : String(family))
            }
        }
        guard found.count == 1, let family = found.first, let thing = NameWords.things[family] else {
            return "the same thing"
        }
        return thing
    }
}
