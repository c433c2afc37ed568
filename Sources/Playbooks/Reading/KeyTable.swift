/// The keys of the language, by place. Those of later versions are recognised, so that they are never called unknown.
enum KeyTable {
    static let playbook =
        [
            "playbook", "title", "owner", "description", "mode", "trigger", "stop_when", "vars", "steps", "on_failure",
            "outputs",
        ] + gates
    /// What stands between an event that matches and a run.
    static let gates = [
        "ignore_repeats_for", "collect_for", "only_if", "group_by", "throttle", "concurrency", "breaker",
    ]
    static let onlyIf = ["count", "within"]
    static let throttle = ["key", "limit", "per", "over"]
    static let concurrency = ["key", "if_busy", "limit"]
    static let breaker = ["failed_share", "at_least", "within", "runs", "per", "cool_down"]
    static let laterPlaybook: Set<String> = ["timeout"]

    static let trigger = ["event", "when", "fires", "include_own", "manual", "schedule"]
    static let schedule = ["cron", "rrule", "start", "zone", "catch_up", "overlap"]
    static let input = ["type", "required", "default", "enum", "description"]

    /// What any step may have.
    static let anyStep = ["id", "name", "if"]
    /// The keys that say what a step does, each with those that may stand beside it.
    static let stepKinds: [(key: String, beside: [String])] = [
        (
            "uses",
            ["with", "retry", "timeout", "deadline", "continue_on_error", "on_uncertain", "mock", "undo"]
        ),
        ("then", ["else"]),
        ("parallel", ["fail_fast"]),
        ("for_each", ["as", "steps", "max_parallel"]),
        ("switch", ["cases", "default"]),
        ("try", ["rescue", "always"]),
        ("repeat", []),
        ("wait", ["calendar"]),
        ("wait_until", []),
        ("wait_for", []),
        ("ask", []),
        ("approve", []),
        ("call", ["with", "continue_on_error", "undo"]),
        ("set", []),
        ("stop", []),
        ("fail", []),
    ]
    /// Keys that stand beside one kind of step only, with that kind.
    static let parts: [(key: String, owner: String)] = [
        ("cases", "switch"), ("default", "switch"), ("rescue", "try"), ("always", "try"),
    ]
    static let allOfSteps = anyStep + stepKinds.flatMap { [$0.key] + $0.beside }

    /// A case of `switch`.
    static let choice = ["is", "then"]
    /// Inside `repeat`.
    static let rounds = ["every", "calendar", "until", "at_most", "steps"]
    /// Inside `wait_for`.
    static let listen = ["event", "any", "when", "of", "since", "subject", "timeout", "calendar"]
    /// One of `any` inside `wait_for`.
    static let listenOption = ["event", "when", "of"]
    /// An entry of `stop_when`.
    static let stop = ["event", "when"]
    /// Inside `ask`, and inside `approve`.
    static let ask = ["who", "question", "fields", "remind_every", "timeout", "on_timeout", "quorum"]
    static let approve = ["by", "prompt", "timeout", "on_timeout", "on_reject", "quorum", "remind_every"]
    /// Inside `undo`.
    static let undo = ["uses", "with"]

    static let retry = ["attempts", "backoff", "initial", "max", "jitter"]
    static let conditions = ["all", "any", "not"]
}
