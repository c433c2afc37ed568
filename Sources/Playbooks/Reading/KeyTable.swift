/// The keys of the language, by place. Those of later versions are recognised, so that they are never called unknown.
enum KeyTable {
    static let playbook = [
        "playbook", "title", "owner", "description", "mode", "trigger", "vars", "steps", "on_failure", "outputs",
    ]
    static let laterPlaybook: Set<String> = [
        "stop_when", "concurrency", "throttle", "ignore_repeats_for", "collect_for", "only_if", "group_by", "timeout",
    ]

    static let trigger = ["event", "when", "fires", "include_own", "manual"]
    static let laterTrigger: Set<String> = [
        "schedule", "ignore_repeats_for", "collect_for", "only_if", "group_by", "throttle", "concurrency",
    ]
    static let input = ["type", "required", "default", "enum", "description"]

    /// What any step may have.
    static let anyStep = ["id", "name", "if"]
    /// The keys that say what a step does, each with those that may stand beside it.
    static let stepKinds: [(key: String, beside: [String])] = [
        (
            "uses",
            ["with", "retry", "timeout", "deadline", "continue_on_error", "on_uncertain", "mock"]
        ),
        ("then", ["else"]),
        ("parallel", ["fail_fast"]),
        ("for_each", ["as", "steps"]),
        ("set", []),
        ("stop", []),
        ("fail", []),
    ]
    static let allOfSteps = anyStep + stepKinds.flatMap { [$0.key] + $0.beside }

    /// Kinds of steps of later versions.
    static let laterSteps: Set<String> = [
        "switch", "repeat", "wait", "wait_until", "wait_for", "ask", "approve", "try", "call",
    ]
    /// Keys of later versions that stand beside the kind of a step, or inside such a kind.
    static let laterBesideSteps: Set<String> = [
        "undo", "max_parallel", "calendar", "rescue", "always", "cases", "default", "since", "subject",
    ]

    static let retry = ["attempts", "backoff", "initial", "max", "jitter"]
    static let conditions = ["all", "any", "not"]
}
