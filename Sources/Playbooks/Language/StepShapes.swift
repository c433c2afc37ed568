import Shapes
import WorkflowModel

/// The keys of steps, and of what stands in them.
enum StepShapes {
    static let all = [step, undo, retry, choice, rounds, listen, listenOption, ask, approve]

    /// What any step may have.
    static let common = [
        ShapeKey(
            "id", .pattern("^[a-z][a-z0-9_]{0,63}$", rule: "lower-case letters, digits and `_`"),
            "The name by which later steps use its result: `steps.ID`. Lower-case letters, digits and `_`; unique in the file."
        ),
        ShapeKey("name", .text, "A line for people."),
        ShapeKey(
            "if", .expression(isCondition: true),
            "The step is skipped when this does not hold; with `then` it chooses."),
    ]

    private static let steps = PlaybookShapes.steps

    static let step = Shape(
        "step", title: "a step", summary: "One thing that is done. Exactly one key says what.",
        keys: common + calls + choices + loops + waits + people + blocks + ends,
        rules: [
            .oneKind([
                .init(
                    "uses",
                    beside: [
                        "with", "retry", "timeout", "deadline", "continue_on_error", "on_uncertain", "mock", "undo",
                    ]),
                .init("then", beside: ["else"], needs: ["if"]), .init("parallel", beside: ["fail_fast"]),
                .init("for_each", beside: ["as", "steps", "max_parallel"], needs: ["steps"]),
                .init("switch", beside: ["cases", "default"], needs: ["cases"]),
                .init("try", beside: ["rescue", "always"], needsOne: ["rescue", "always"]), .init("repeat"),
                .init("wait", beside: ["calendar"]), .init("wait_until"), .init("wait_for"), .init("ask"),
                .init("approve"), .init("call", beside: ["with", "continue_on_error", "undo"]), .init("set"),
                .init("stop"), .init("fail"),
            ]),
            .inputs("with", of: "uses", kind: .action), .inputs("with", of: "call", kind: .playbook),
        ])

    private static let calls = [
        ShapeKey(
            "uses", .name(.action, isOpen: false),
            "Calls an action: `PLUGIN.ACTION`. `signalbox plugins` lists them."),
        ShapeKey(
            "with", .values(isVariables: false),
            "The inputs of the action, or of the playbook that is called. Values may be `=EXPR` or texts with `${{ EXPR }}`.",
            allowsNothing: true),
        ShapeKey(
            "retry", .either([.count(1...RetryReader.attemptLimit), .shape("retry")]),
            "How often it is tried: a number of attempts (the first counts), or a map.",
            standard: "what the action says itself"),
        ShapeKey("timeout", .duration, "The limit of one attempt.", standard: "what the action says, else 30 seconds"),
        ShapeKey("deadline", .duration, "The limit of the step with all its attempts."),
        ShapeKey("continue_on_error", .flag, "The run goes on when the step fails.", standard: "`false`"),
        ShapeKey(
            "on_uncertain",
            .word(
                ShapeWord.all(
                    of: ActionCall.OnUncertain.self,
                    [
                        "ask": "a person says what became of it", "retry": "it is done again",
                        "skip": "it is left at that",
                    ])
            ),
            "What to do when nobody knows whether a write happened.", standard: "what the action says"),
        ShapeKey("mock", .value, "The output to assume in a dry run."),
        ShapeKey(
            "undo", .shape("undo"), "The call that takes the step back when the run fails later or is cancelled."),
    ]

    private static let choices = [
        ShapeKey("then", steps, "Steps for when `if` holds."),
        ShapeKey("else", steps, "Steps for when `if` does not hold."),
        ShapeKey("switch", .expression(isCondition: false), "Chooses by a value: the first case that has it is taken."),
        ShapeKey("cases", .list(.shape("case"), atLeast: 1), "The cases of `switch`."),
        ShapeKey("default", steps, "Steps for when no case has the value."),
    ]

    private static let loops = [
        ShapeKey(
            "parallel", steps,
            "Each entry is a branch of one step; all go on at the same time. It fails when one fails."),
        ShapeKey(
            "fail_fast", .flag, "Whether the other branches are cancelled when one fails.",
            standard: "`false`: they are waited for"),
        ShapeKey(
            "for_each", .expression(isCondition: false),
            "Its `steps` for each element of a list, at most 10,000. A map gives elements with `key` and `value`."),
        ShapeKey(
            "as", .pattern("^[A-Za-z][A-Za-z0-9_]{0,63}$", rule: "letters, digits and `_`"), "The name of the element.",
            standard: "`item`"),
        ShapeKey("steps", steps, "The steps of the loop."),
        ShapeKey(
            "max_parallel", .count(1...LoopStep.maximumParallel), "How many elements are at work at the same time.",
            standard: "1"),
        ShapeKey("repeat", .shape("repeat"), "Its steps again and again, with a pause between."),
    ]

    private static let waits = [
        ShapeKey("wait", .duration, "Waits that long."),
        ShapeKey(
            "calendar", .name(.calendar, isOpen: false), "The business calendar whose open time is counted.",
            standard: "all time counts"),
        ShapeKey(
            "wait_until", .expression(isCondition: false),
            "Waits until that moment; not at all when it has passed."),
        ShapeKey("wait_for", .shape("wait_for"), "Waits for an event about the same thing."),
    ]

    private static let people = [
        ShapeKey("ask", .shape("ask"), "People answer a form."),
        ShapeKey("approve", .shape("approve"), "People approve or reject."),
    ]

    private static let blocks = [
        ShapeKey("try", steps, "Steps whose failures are caught."),
        ShapeKey("rescue", steps, "Steps for when one of `try` fails. They see `failure`; then the run goes on."),
        ShapeKey("always", steps, "Steps that run at the end, whatever happened."),
        ShapeKey(
            "call", .name(.playbook, isOpen: false), "Runs another playbook and goes on with what it gives back."),
        ShapeKey("set", .values(isVariables: true), "Assigns `vars.NAME`, from left to right."),
    ]

    private static let ends = [
        ShapeKey(
            "stop", .message,
            "Ends the run well, with a text as the reason; inside `on_failure` the run has failed all the same.",
            allowsNothing: true),
        ShapeKey("fail", .message, "Ends the run in failure, with a text as the reason."),
    ]

    // MARK: Inside steps

    static let undo = Shape(
        "undo", title: "`undo`",
        summary: "The call that takes a step back. It sees what the step saw, and the step's own result.",
        keys: [
            ShapeKey("uses", .name(.action, isOpen: false), "The action: `PLUGIN.ACTION`.", isRequired: true),
            ShapeKey("with", .values(isVariables: false), "Its inputs.", allowsNothing: true),
        ], rules: [.inputs("with", of: "uses", kind: .action)])

    static let retry = Shape(
        "retry", title: "`retry`", summary: "How often and after which waits a step is tried again.",
        keys: [
            ShapeKey(
                "attempts", .count(1...RetryReader.attemptLimit), "How often it is tried; the first counts.",
                standard: "3"),
            ShapeKey(
                "backoff", .word(ShapeWord.all(of: RetryPolicy.Backoff.self)), "How waits grow.",
                standard: "`exponential`"),
            ShapeKey("initial", .duration, "The first wait.", standard: "2s"),
            ShapeKey("max", .duration, "The longest wait, not shorter than `initial`.", standard: "1m"),
            ShapeKey(
                "jitter", .word(ShapeWord.all(of: RetryPolicy.Jitter.self)),
                "How waits are spread, so that not all come at the same moment.", standard: "`full`"),
        ])

    static let choice = Shape(
        "case", title: "a case", summary: "A value of `switch`, and what is done then.",
        keys: [
            ShapeKey(
                "is", .oneOrMore(.scalar), "The value as it stands, or a list of them; it is not evaluated.",
                isRequired: true),
            ShapeKey("then", steps, "What is done.", isRequired: true),
        ])

    static let rounds = Shape(
        "repeat", title: "`repeat`", summary: "Steps that are done again and again.",
        keys: [
            ShapeKey(
                "every", .duration, "The time from the start of one round to the start of the next.", isRequired: true),
            ShapeKey(
                "calendar", .name(.calendar, isOpen: false), "The business calendar whose open time `every` counts.",
                standard: "all time counts"),
            ShapeKey(
                "until", .expression(isCondition: true),
                "Ends it when it holds. Asked after each round, where it sees the results of the round's steps, and while it waits whenever an event about the subject comes."
            ),
            ShapeKey("at_most", .count(1...RoundsStep.maximumRounds), "The most rounds.", isRequired: true),
            ShapeKey("steps", steps, "The steps of a round.", isRequired: true),
        ])

    private static let option = [
        ShapeKey("event", PlaybookShapes.events, "An event type, or a list of them."),
        ShapeKey(
            "when", .expression(isCondition: true),
            "What must hold; `event` and the names of its data are those of the event that has arrived."),
        ShapeKey("of", .name(.step, isOpen: false), "The step with `uses` whose result the event must be about."),
    ]

    static let listen = Shape(
        "wait_for", title: "`wait_for`", summary: "Ends with the first event that fits, or when its time is over.",
        keys: [option[0]]
            + [
                ShapeKey(
                    "any", .list(.shape("wait_for_option"), atLeast: 1), "One of several events, instead of `event`.")
            ]
            + option.dropFirst() + [
                ShapeKey(
                    "since", .name(.step, isOpen: false),
                    "A step with `uses`: events count from its start on.", standard: "from the start of the wait"),
                ShapeKey(
                    "subject", .expression(isCondition: false),
                    "What the event must be about: an expression such as `\"ticket:\" + ticket.merged_into`, or `any`.",
                    standard: "the run's subject"),
                ShapeKey("timeout", .duration, "How long it waits at most.", isRequired: true),
                ShapeKey(
                    "calendar", .name(.calendar, isOpen: false),
                    "The business calendar whose open time `timeout` counts.", standard: "all time counts"),
            ],
        rules: [.oneKind([.init("event", beside: ["when", "of"]), .init("any")])])

    static let listenOption = Shape(
        "wait_for_option", title: "an entry of `any`", summary: "One of several events.",
        keys: option.map { key in
            var key = key
            key.isRequired = key.name == "event"
            return key
        })

    private static let who = ShapeForm.oneOrMore(.plain(example: "group:incident-managers"))
    private static let recipients =
        "One or a list of `assignee`, `lead of TEAM`, `on-call of SCHEDULE`, `group:NAME`, `list:NAME`, a person's id, an address. At most 100 people."
    private static let quorum = ShapeKey(
        "quorum", .count(1...AskStep.maximumQuorum), "How many different people must answer.", standard: "1")
    private static let timeout = ShapeKey("timeout", .duration, "The time to answer.", standard: "24h")
    private static let calendar = ShapeKey(
        "calendar", .name(.calendar, isOpen: false),
        "The business calendar whose open time `timeout` counts; `timeout` must be written then.",
        standard: "all time counts")
    private static let reminder = ShapeKey(
        "remind_every", .duration, "From one reminder to the next, at least 1m, at most 100 times.")

    static let ask = Shape(
        "ask", title: "`ask`", summary: "A form that people answer. The run waits, on disk, until enough have.",
        keys: [
            ShapeKey("who", who, recipients, isRequired: true),
            ShapeKey("question", .message, "What is asked, in one sentence.", isRequired: true),
            ShapeKey(
                "fields", PlaybookShapes.inputs, "What is filled in, like the inputs of a manual trigger; at most 50.",
                allowsNothing: true, standard: "a comment is the answer"),
            reminder, timeout, calendar,
            ShapeKey(
                "on_timeout",
                .either([.word(ShapeWord.all(of: AskReader.OtherEnd.self, AskReader.meanings)), steps]),
                "What happens when nobody has answered in time: a word, or a list of steps.", standard: "`fail`"),
            quorum,
        ], rules: [.needs("calendar", oneOf: ["timeout"])])

    static let approve = Shape(
        "approve", title: "`approve`",
        summary:
            "A yes or no of people. The run waits, on disk, until enough have answered; the first rejection decides.",
        keys: [
            ShapeKey("by", who, recipients, isRequired: true),
            ShapeKey("prompt", .message, "What is asked, in one sentence.", isRequired: true),
            timeout, calendar,
            ShapeKey(
                "on_timeout", .either([.word(ShapeWord.all(of: AskReader.Timeout.self, AskReader.meanings)), steps]),
                "What happens when not enough have answered in time: a word, or a list of steps.", standard: "`fail`"),
            ShapeKey(
                "on_reject", .either([.word(ShapeWord.all(of: AskReader.OtherEnd.self, AskReader.meanings)), steps]),
                "What happens after a rejection: a word, or a list of steps.", standard: "`fail`"),
            quorum, reminder,
        ], rules: [.needs("calendar", oneOf: ["timeout"])])
}
