public import Shapes
import WorkflowModel

/// The keys of a playbook, place by place: the one table behind its reader, the schemas for editors and the reference.
///
/// Keys of later versions stand in ``KeyTable``, for they are recognised and refused.
public enum PlaybookShapes {
    /// All places of a playbook.
    public static let library = ShapeLibrary(
        playbook,
        [trigger, conditions, manual, input, schedule, stop, onlyIf, throttle, concurrency, breaker] + StepShapes.all)

    /// A list of steps.
    static let steps = ShapeForm.list(.shape("step"), atLeast: 1)
    /// One event type, or a list of them.
    static let events = ShapeForm.oneOrMore(.name(.event, isOpen: true))
    /// Durations of gates.
    private static let gateSpan = "at most 366d"

    static let playbook = Shape(
        "playbook", title: "a playbook",
        summary: "A playbook: what happens when something happens.",
        keys: [
            ShapeKey(
                "playbook", .pattern("^[a-z0-9][a-z0-9-]{0,99}$", rule: "lower-case letters, digits and `-`"),
                "The id: lower-case letters, digits and `-`; unique in the workspace.", isRequired: true),
            ShapeKey("title", .text, "What people call it; shown as it stands."),
            ShapeKey(
                "owner", .text,
                "Who answers for it: a person, a team or an address. `check` warns when it is missing."),
            ShapeKey("description", .text, "What it is for; shown as it stands."),
            ShapeKey(
                "mode",
                .word(
                    ShapeWord.all(
                        of: Workflow.Mode.self,
                        [
                            "active": "it runs", "shadow": "what matches is dry-run and kept, nothing is sent",
                            "disabled": "it is not matched",
                        ])),
                "Whether it acts.", standard: "`shadow`, and `check` says so"),
            ShapeKey(
                "trigger", .either([.shape("trigger"), .list(.shape("trigger"), atLeast: 1)]),
                "What starts it: one trigger, or a list of them.", isRequired: true),
            ShapeKey(
                "stop_when", .oneOrMore(.either([.name(.event, isOpen: true), .shape("stop")])),
                "Events about the run's subject that end a run before its last step.", allowsNothing: true),
            ShapeKey(
                "timeout", .duration,
                "The longest time from a run's start to its end, waits included. A run beyond it is ended and has failed.",
                standard: "`limits.run_time` of the workspace, which is the most"),
            ShapeKey(
                "vars", .values(isVariables: true),
                "Variables with their first values, evaluated from top to bottom when the run begins. Steps read `vars.NAME`.",
                allowsNothing: true),
            ShapeKey("steps", steps, "What it does, in order.", isRequired: true),
            ShapeKey(
                "on_failure", steps,
                "Steps for when a failure leaves the playbook. They see `failure`, and each is tried, also when one before it fails.",
                standard: "those of `defaults.on_failure` in `signalbox.yaml`, if there are any"),
            ShapeKey(
                "outputs", .values(isVariables: false), "Names and values that the run gives back when it ends well.",
                allowsNothing: true),
        ] + gates,
        rules: [
            .atMostOne(["ignore_repeats_for", "collect_for", "only_if"]),
            .needs("group_by", oneOf: ["ignore_repeats_for", "collect_for", "only_if"]),
        ])

    /// What stands between an event that matches and a run.
    static let gates = [
        ShapeKey(
            "ignore_repeats_for", .duration,
            "Acts, then ignores repeats for this long (\(gateSpan)). The window opens with an event that is acted on."),
        ShapeKey(
            "collect_for", .duration,
            "Acts once, this long (\(gateSpan)) after the first event, on all that came: `events` has them in order. At most 1,000 events or 4 MiB are kept."
        ),
        ShapeKey(
            "only_if", .shape("only_if"),
            "Acts when enough repeats have come in a span of time, and then counts from zero."),
        ShapeKey(
            "group_by", .expression(isCondition: false), "What repeats have in common: an expression over the event.",
            standard: "the event's subject"),
        ShapeKey("throttle", .shape("throttle"), "How many runs may begin in a span of time."),
        ShapeKey("concurrency", .shape("concurrency"), "How many runs may be at work at the same time."),
        ShapeKey(
            "breaker", .either([.word([ShapeWord("off", "it never stops by itself")]), .shape("breaker")]),
            "Stops the playbook when it fails or begins too often, until somebody looks; `off` switches that off.",
            standard: "`breaker` under `limits` of `signalbox.yaml`"),
    ]

    static let onlyIf = Shape(
        "only_if", title: "`only_if`", summary: "How many repeats must come, and in which time.",
        keys: [
            ShapeKey("count", .count(Limits.repeats), "How many.", isRequired: true),
            ShapeKey("within", .duration, "In which span of time, which slides; \(gateSpan).", isRequired: true),
        ])

    static let throttle = Shape(
        "throttle", title: "`throttle`",
        summary: "At most `limit` runs begin for a `key` in any span of `per`; others are recorded and not acted on.",
        keys: [
            ShapeKey(
                "key", .expression(isCondition: false),
                "What is counted by: an expression over the event, and over `inputs` when there is a manual trigger.",
                standard: "the subject"),
            ShapeKey("limit", .count(Limits.throttle), "How many runs.", isRequired: true),
            ShapeKey("per", .duration, "The span of time, \(gateSpan).", isRequired: true),
            ShapeKey(
                "over",
                .word(ShapeWord.all(of: ThrottleRule.Excess.self, ["suppress": "they are recorded and not acted on"])),
                "What becomes of events beyond the limit.", standard: "`suppress`"),
        ])

    static let concurrency = Shape(
        "concurrency", title: "`concurrency`", summary: "At most `limit` runs of a `key` are at work.",
        keys: [
            ShapeKey(
                "key", .expression(isCondition: false),
                "What is counted by: an expression over the event, and over `inputs` when there is a manual trigger.",
                standard: "the subject"),
            ShapeKey("if_busy", .word(busy), "What becomes of others.", isRequired: true),
            ShapeKey("limit", .count(Limits.concurrency), "How many runs.", standard: "1"),
        ])

    private static let busy = ShapeWord.all(
        of: ConcurrencyRule.IfBusy.self,
        [
            "wait": "the run is made and waits; the oldest begins when one has ended. At most 900 wait for a key",
            "skip": "it is recorded, with the run that is at work",
            "replace":
                "those at work are cancelled, those that wait are dropped, and the run begins when they have ended",
            "run_too": "it begins all the same",
        ])

    static let breaker = Shape(
        "breaker", title: "`breaker`", summary: "When a playbook is stopped because something is wrong with it.",
        keys: [
            ShapeKey(
                "failed_share", .share, "Opens when more than this share of the runs that ended have failed …",
                standard: "0.5"),
            ShapeKey("at_least", .count(Limits.endedRuns), "… and so many have ended …", standard: "20"),
            ShapeKey("within", .duration, "… within this span, \(gateSpan).", standard: "10m"),
            ShapeKey(
                "runs", .count(Limits.begunRuns), "Opens when so many runs have begun within `per`.",
                standard: "not looked at"),
            ShapeKey("per", .duration, "The span of `runs`, \(gateSpan).", standard: "5m"),
            ShapeKey(
                "cool_down", .duration, "How long it rests, \(gateSpan); then one run is let through to see.",
                standard: "10m"),
        ], rules: [.needs("per", oneOf: ["runs"])])

    // MARK: Triggers

    static let trigger = Shape(
        "trigger", title: "a trigger", summary: "What starts a run: an event, the clock, or a person.",
        keys: [
            ShapeKey("event", events, "An event type such as `ticket.created`, or a list of types."),
            ShapeKey(
                "when", .shape("condition"),
                "What must hold: an expression, or a list of which every line must hold, nested by `all`, `any` and `not`."
            ),
            ShapeKey(
                "fires",
                .word(
                    ShapeWord.all(
                        of: EventTrigger.Firing.self,
                        [
                            "becomes_true":
                                "for events that tell a subject's state again and again (`*.updated`), when the condition becomes true for the subject",
                            "every_event": "for every event for which the condition holds",
                        ])),
                "How often the condition counts.", standard: "`becomes_true`"),
            ShapeKey("include_own", .flag, "Also for echoes of our own changes, which fire nothing otherwise."),
            ShapeKey(
                "manual", .shape("manual"), "Started by a person, with typed inputs. At most one a playbook.",
                allowsNothing: true),
            ShapeKey("schedule", .shape("schedule"), "Started by the clock."),
        ],
        rules: [
            .oneKind([
                .init("event", beside: ["when", "fires", "include_own"]), .init("manual"), .init("schedule"),
            ])
        ])

    static let conditions = Shape(
        "conditions", title: "a condition", summary: "Several conditions together.",
        keys: [
            ShapeKey("all", .list(.shape("condition"), atLeast: 1), "All of them must hold."),
            ShapeKey("any", .list(.shape("condition"), atLeast: 1), "At least one of them must hold."),
            ShapeKey("not", .shape("condition"), "It must not hold."),
        ], rules: [.single])

    static let manual = Shape(
        "manual", title: "a manual trigger", summary: "A person starts the playbook.",
        keys: [
            ShapeKey(
                "inputs", inputs, "What the person gives: `NAME: { type, required, … }`, or `NAME: text` for short.",
                allowsNothing: true)
        ])

    /// Names with their types.
    static let inputs = ShapeForm.map(
        .either([.shape("input"), .word(InputTypes.words), .nothing]), pattern: "^[A-Za-z][A-Za-z0-9_]{0,63}$")

    static let input = Shape(
        "input", title: "an input", summary: "A typed value that a person gives.",
        keys: [
            ShapeKey("type", .word(InputTypes.words), "What it is.", standard: "`text`"),
            ShapeKey("required", .flag, "Whether it must be given.", standard: "`false`"),
            ShapeKey("default", .anything, "The value when none is given."),
            ShapeKey("enum", .list(.anything, atLeast: 0), "The values that are allowed."),
            ShapeKey("description", .text, "What it is for, in a few words."),
        ])

    static let schedule = Shape(
        "schedule", title: "a schedule", summary: "When the clock starts the playbook.",
        keys: [
            ShapeKey(
                "cron", .plain(example: "0 8 * * mon-fri"),
                "Five fields (minute, hour, day, month, weekday), as Debian's cron reads them. Put it in quotes."),
            ShapeKey("rrule", .plain(example: "FREQ=MONTHLY;BYDAY=-1FR"), "A recurrence rule of RFC 5545."),
            ShapeKey(
                "start", .plain(example: "2026-01-30T18:00"), "The local time or date from which `rrule` counts."),
            ShapeKey(
                "zone", .plain(example: "Europe/Berlin"), "The time zone, an IANA name.", standard: "the workspace's"),
            ShapeKey(
                "calendar", .name(.calendar, isOpen: false),
                "A business calendar: what falls outside its open hours is no fire, and is not made up for.",
                standard: "it fires always"),
            ShapeKey(
                "within",
                .word(
                    ShapeWord.all(
                        of: ScheduleTrigger.OpenTimes.self,
                        [
                            "open_hours": "only while the calendar is open",
                            "open_days": "on days on which it opens at all, whatever the time of day",
                        ])),
                "Which times of `calendar` it keeps to.", standard: "`open_hours`"),
            ShapeKey(
                "catch_up",
                .word(
                    ShapeWord.all(
                        of: ScheduleTrigger.CatchUp.self,
                        [
                            "latest": "the last of them, once", "all": "each, at most the last 1,000",
                            "skip": "none that is more than a minute late",
                        ])),
                "What becomes of fires at which nothing executed.", standard: "`latest`"),
            ShapeKey(
                "overlap", .word(busy), "What happens while the run of an earlier fire has not ended.",
                standard: "the playbook's `concurrency`, and without that both run"),
        ],
        rules: [
            .oneKind([.init("cron"), .init("rrule", beside: ["start"], needs: ["start"])]),
            .needs("within", oneOf: ["calendar"]),
        ])

    static let stop = Shape(
        "stop", title: "an entry of `stop_when`", summary: "An event that ends a run, and when it does.",
        keys: [
            ShapeKey("event", events, "An event type, or a list of them.", isRequired: true),
            ShapeKey(
                "when", .expression(isCondition: true),
                "What must hold; `event` and the names of its data are those of the event that has arrived."),
        ])

    /// The limits of counts, which readers keep.
    enum Limits {
        static let repeats = 2...1000
        static let throttle = 1...1000
        static let concurrency = 1...100
        static let endedRuns = 1...10_000
        static let begunRuns = 1...1_000_000
    }
}

/// The words for the types of inputs and of the fields of a question.
enum InputTypes {
    /// JSON Schema's own words, and those that people use.
    static let known: [(word: String, type: String, format: String?, meaning: String)] = [
        ("text", "string", nil, ""), ("string", "string", nil, "the same as `text`"),
        ("integer", "integer", nil, "a whole number"), ("number", "number", nil, ""),
        ("boolean", "boolean", nil, "`true` or `false`"), ("list", "array", nil, ""),
        ("array", "array", nil, "the same as `list`"), ("map", "object", nil, "names with values"),
        ("object", "object", nil, "the same as `map`"), ("duration", "string", "duration", "such as `30s`"),
        ("time", "string", "date-time", "such as `2026-03-02T09:00:00Z`"),
        ("person", "string", "person", "the id or address of a person"), ("team", "string", "team", "the id of a team"),
        ("service", "string", "service", "the id of a service"),
        ("recipient", "string", "recipient", "whoever a message can go to"),
    ]

    static let words = known.map { ShapeWord($0.word, $0.meaning) }
}
