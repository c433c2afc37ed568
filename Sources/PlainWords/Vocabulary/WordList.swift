/// The words and what they mean.
enum WordList {
    static let all: [VocabularyWord] = files + happenings + running + gates + people

    private static let files: [VocabularyWord] = [
        .init(
            "workspace", also: ["folder", "repository"],
            "A folder with signalbox.yaml, playbooks, templates and tables: what a team keeps in git. What happened lies "
                + "beside it in .signalbox, which is not for git.", see: ["playbook", "table", "template"]),
        .init(
            "playbook", also: ["workflow", "runbook", "automation"],
            "A YAML file that says what happens when something happens: a trigger, and steps in order.",
            see: ["trigger", "step", "mode"]),
        .init(
            "table", also: ["lookup table", "csv"],
            "People, teams, on-call turns, services, lists, calendars, or rows of your own, as YAML or CSV. Steps read them; "
                + "what they say is data, not code.", see: ["workspace"]),
        .init(
            "template", also: ["mustache", "message"],
            "A longer message in templates/NAME.mustache. It sees the names that the playbook sees; a message with holes is "
                + "never sent.", see: ["playbook"]),
        .init(
            "plugin", also: ["integration", "connector"],
            "A group of actions behind one manifest, such as notify. signalbox plugins lists them.", see: ["action"]),
        .init(
            "action", also: ["verb", "uses"],
            "One thing that a plugin can do: notify.send. A step calls it with uses. (An action item of a post-mortem is "
                + "something that a person has promised to do.)", see: ["effect", "step", "plugin"]),
        .init(
            "bundle", also: ["version"],
            "A playbook with everything that its meaning depends on: its templates, the playbooks it calls, settings. A run "
                + "goes on by the bundle with which it began, whatever happens to the files.", see: ["run"]),
        .init(
            "mode", also: ["active", "disabled"],
            "Whether a playbook acts. active: it runs. shadow: what it would do is recorded, and nothing is sent. disabled: "
                + "it is not looked at.", see: ["shadow"]),
        .init(
            "condition", also: ["when", "if", "expression", "cel"],
            "A question about an event or a result that is true or false: ticket.priority in [\"P1\", \"P2\"]. One that "
                + "cannot be answered is recorded as failed, never taken for false.", see: ["trigger", "edge"]),
        .init(
            "secret", also: ["password", "token", "credential"],
            "A word for somebody else's system. Files only say where to find it; it is looked up inside the call that needs "
                + "it, and no log, journal or dry run holds it.", see: ["workspace"]),
    ]

    private static let happenings: [VocabularyWord] = [
        .init(
            "event", also: ["cloudevent", "happening"],
            "Something that happened: ticket.created. It has a type, a source, an id, a time and data, and is accepted once.",
            see: ["subject", "trigger"]),
        .init(
            "subject", also: ["about"],
            "What an event is about: ticket:4711. Runs, waits and gates are about a subject, too.", see: ["event"]),
        .init(
            "trigger", also: ["start", "on"],
            "What starts a playbook: events under a condition, the clock, or a person.",
            see: ["event", "condition", "gate"]),
        .init(
            "schedule", also: ["cron", "clock", "rrule"],
            "A trigger by the clock. Each of its moments fires once, over restarts and crashes.", see: ["trigger"]),
        .init(
            "edge", also: ["fires", "becomes true"],
            "The moment at which a condition becomes true for a subject. Playbooks on events that repeat (ticket.updated) "
                + "fire at the edge, not for every event while the condition stays true.", see: ["condition", "gate"]),
        .init(
            "echo", also: ["include_own", "own change"],
            "A report from another system of a change that we made ourselves. It starts nothing, unless a trigger says "
                + "include_own.", see: ["event"]),
        .init(
            "webhook", also: ["hook", "delivery"],
            "An address at which another system reports what happened there; a delivery is checked and becomes events.",
            see: ["event"]),
        .init(
            "ticket", also: ["request", "case"],
            "What a customer or colleague asks of the desk. What ITIL desks call an incident is a ticket here.",
            see: ["incident"]),
        .init(
            "incident", also: ["major incident", "outage"],
            "A major incident: a disturbance that one person leads, with roles, news and a post-mortem.",
            see: ["ticket", "post-mortem"]),
        .init(
            "post-mortem", also: ["postmortem", "review"],
            "What is written down after an incident, with action items until each is done and verified.",
            see: ["incident"]),
        .init(
            "SLA clock", also: ["sla", "target", "service level"],
            "How long a promise to a customer has been open: it counts in business time, pauses, warns and is breached at an "
                + "exact moment.", see: ["calendar"]),
        .init(
            "calendar", also: ["business hours", "business time", "holiday"],
            "The hours at which a team is there, with holidays and special days. Waits and SLA clocks count them.",
            see: ["SLA clock"]),
    ]

    private static let running: [VocabularyWord] = [
        .init(
            "run", also: ["execution", "instance"],
            "One execution of a playbook for one event, one moment of a schedule, or one person who started it.",
            see: ["step", "journal", "outcome"]),
        .init(
            "step", also: ["task", "node"],
            "One thing that a playbook does: call an action, choose, wait, ask, repeat.", see: ["action", "attempt"]),
        .init(
            "attempt", also: ["try", "retry"],
            "One try of a step. A step that fails for a passing reason is tried again, as its retry says.",
            see: ["step"]),
        .init(
            "outcome", also: ["result", "status"],
            "What a step, a run or an event ended in, with its reason: succeeded, failed, skipped, cancelled.",
            see: ["run"]),
        .init(
            "effect", also: ["pure", "read", "state", "write"],
            "What an action touches. pure: computes. read: looks outside. state: changes only what Signalbox keeps. write: "
                + "changes the world outside.", see: ["action", "effect ledger"]),
        .init(
            "effect ledger", also: ["ledger", "effects"],
            "The list of every change of the outside world that was ever intended, with what was sent and how it ended. "
                + "signalbox effects shows it.", see: ["effect", "uncertain"]),
        .init(
            "journal", also: ["history", "log"],
            "The record of a run to which lines are only ever added. A run is resumed, explained and replayed from it.",
            see: ["run"]),
        .init(
            "uncertain", also: ["in doubt", "on_uncertain"],
            "A write of which nobody can know whether it happened, because the answer never came. The action's rule decides: "
                + "do it again, leave it, or ask a person.", see: ["effect", "needs attention"]),
        .init(
            "needs attention", also: ["needs_attention", "resolve"],
            "A run that waits until a person says what became of an uncertain write: signalbox runs resolve.",
            see: ["uncertain"]),
        .init(
            "dry run", also: ["rehearsal", "simulation", "test run"],
            "The playbook played in pretended time, with every message shown and nothing sent.", see: ["shadow"]),
        .init(
            "shadow", also: ["shadow mode", "watch"],
            "A mode in which a playbook is dry-run on live events and what it would have done is kept.",
            see: ["mode", "dry run"]),
        .init(
            "undo", also: ["compensation", "rollback"],
            "The call that takes a step back when its run fails later or is cancelled.", see: ["step"]),
        .init(
            "rescue", also: ["catch", "always", "on_failure", "error handling"],
            "Steps for when other steps fail: rescue catches a failure and the run goes on; always runs in any case; "
                + "on_failure runs when a failure leaves the playbook.", see: ["undo"]),
        .init(
            "executor", also: ["serve", "server", "worker"],
            "The one process that runs playbooks of a workspace. signalbox serve is the one that stays.", see: ["run"]),
        .init(
            "chain", also: ["cause", "loop"],
            "Runs that cause each other by the events that their steps bring about. It is cut at ten.", see: ["event"]),
    ]

    private static let gates: [VocabularyWord] = [
        .init(
            "gate", also: ["suppression", "filter"],
            "What stands between an event that matches and a run: edge, repeats, pause and breaker, throttle, concurrency. "
                + "The first that stops an event is recorded with its reason.",
            see: ["throttle", "concurrency", "breaker", "repeat"]),
        .init(
            "repeat", also: ["ignore_repeats_for", "collect_for", "only_if", "deduplication", "group_by"],
            "An event like one before it. Repeats can be ignored for a while, collected into one run, or counted. (repeat as "
                + "a step does its steps again and again.)", see: ["gate"]),
        .init(
            "throttle", also: ["rate limit"],
            "How many runs may begin within a span of time; further events are recorded and not acted on.",
            see: ["gate"]),
        .init(
            "concurrency", also: ["if_busy", "parallel runs"],
            "How many runs for one thing may be at work at once, and whether others wait, are skipped, or replace them.",
            see: ["gate"]),
        .init(
            "breaker", also: ["circuit breaker"],
            "What stops a playbook that fails or begins too often. It opens, rests, and lets one run through to see.",
            see: ["gate", "pause"]),
        .init(
            "pause", also: ["resume", "stop"],
            "A person stops a playbook, or all of them, from beginning anything: signalbox pause. resume lets it go on.",
            see: ["gate"]),
    ]

    private static let people: [VocabularyWord] = [
        .init(
            "owner", also: ["responsible"],
            "Who answers for a playbook: a person, a team or an address.", see: ["playbook"]),
        .init(
            "recipient", also: ["to", "who"],
            "Whom a message is for: assignee, lead of TEAM, on-call of SCHEDULE, group:NAME, list:NAME, #channel, a person's "
                + "id, or an address.", see: ["on call"]),
        .init(
            "on call", also: ["on-call", "rotation", "duty"],
            "Whoever is on duty by the table on_call: turns, layers and overrides.", see: ["recipient"]),
        .init(
            "ask", also: ["question", "form", "answer"],
            "A step that puts a form to people and waits for answers.", see: ["approve"]),
        .init(
            "approve", also: ["approval", "reject", "quorum"],
            "A step that asks people for a yes or no and waits, with reminders, a time-out and what follows a no.",
            see: ["ask"]),
        .init(
            "acknowledge", also: ["ack"],
            "Somebody says that they have seen a message and act on it. Reminders for it stop.", see: ["recipient"]),
        .init(
            "role", also: ["viewer", "coordinator", "lead", "admin"],
            "What a person may do with Signalbox: viewer, coordinator, lead, admin, each with all that the ones before may.",
            see: ["audit log"]),
        .init(
            "audit log", also: ["audit"],
            "Every decision of a person, chained so that nothing can be changed or taken out unseen.", see: ["role"]),
    ]
}
