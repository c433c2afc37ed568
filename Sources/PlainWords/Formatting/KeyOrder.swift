/// The order of keys, that of the reference in docs/playbooks.md. Where order means something, as in `vars` and `set`, or the keys
/// are the author's, as in `with`, it stays as it is written.
enum KeyOrder {
    /// What a mapping or list in a playbook is.
    enum Place: Sendable, Hashable {
        case playbook, trigger, schedule, condition, steps, step, cases, rounds, listen, listenOption, ask, retry, undo
        case onlyIf, throttle, concurrency, breaker, inputs, input, stop
        /// The author's own keys, or none of ours.
        case other
    }

    /// The keys of a place in their order; empty where the order stays.
    static func keys(_ place: Place) -> [String] {
        switch place {
        case .playbook:
            [
                "playbook", "title", "description", "owner", "mode", "trigger", "stop_when", "ignore_repeats_for",
                "collect_for", "only_if", "group_by", "throttle", "concurrency", "breaker", "timeout", "vars", "steps",
                "on_failure", "outputs",
            ]
        case .trigger: ["event", "when", "fires", "include_own", "schedule", "manual"]
        case .schedule: ["cron", "rrule", "start", "zone", "calendar", "within", "catch_up", "overlap"]
        case .step:
            [
                "id", "name", "if", "uses", "with", "call", "retry", "timeout", "deadline", "continue_on_error",
                "on_uncertain", "mock", "undo", "then", "else", "switch", "cases", "default", "parallel", "fail_fast",
                "for_each", "as", "max_parallel", "steps", "repeat", "wait", "wait_until", "calendar", "wait_for",
                "ask",
                "approve", "try", "rescue", "always", "set", "stop", "fail", "is",
            ]
        case .cases: ["is", "then"]
        case .rounds: ["every", "calendar", "until", "at_most", "steps"]
        case .listen: ["event", "any", "when", "of", "since", "subject", "timeout", "calendar"]
        case .listenOption, .stop: ["event", "when", "of"]
        case .ask:
            [
                "who", "by", "question", "prompt", "fields", "quorum", "remind_every", "timeout", "calendar",
                "on_timeout", "on_reject",
            ]
        case .retry: ["attempts", "backoff", "initial", "max", "jitter"]
        case .undo: ["uses", "with"]
        case .onlyIf: ["count", "within"]
        case .throttle: ["key", "limit", "per", "over"]
        case .concurrency: ["key", "if_busy", "limit"]
        case .breaker: ["failed_share", "at_least", "within", "runs", "per", "cool_down"]
        case .input: ["type", "required", "default", "enum", "description"]
        case .condition, .steps, .inputs, .other: []
        }
    }

    /// What stands below `key` of a mapping at `place`.
    static func below(_ key: String, of place: Place) -> Place {
        switch (place, key) {
        case (.playbook, "trigger"): .trigger
        case (.playbook, "steps"), (.playbook, "on_failure"): .steps
        case (.playbook, "stop_when"): .stop
        case (.playbook, "only_if"): .onlyIf
        case (.playbook, "throttle"): .throttle
        case (.playbook, "concurrency"): .concurrency
        case (.playbook, "breaker"): .breaker
        case (.trigger, "schedule"): .schedule
        case (.trigger, "manual"): .inputs
        case (.inputs, "inputs"): .inputs
        case (.inputs, _): .input
        case (.step, "then"), (.step, "else"), (.step, "parallel"), (.step, "steps"), (.step, "default"),
            (.step, "try"),
            (.step, "rescue"), (.step, "always"), (.rounds, "steps"), (.cases, "then"), (.ask, "on_timeout"),
            (.ask, "on_reject"):
            .steps
        case (.step, "cases"): .cases
        case (.step, "repeat"): .rounds
        case (.step, "wait_for"): .listen
        case (.listen, "any"): .listenOption
        case (.step, "ask"), (.step, "approve"): .ask
        case (.ask, "fields"): .inputs
        case (.step, "retry"): .retry
        case (.step, "undo"): .undo
        default: .other
        }
    }

    /// What an element of a list at `place` is.
    static func element(of place: Place) -> Place { place == .steps ? .step : place }
}
