import Digests
public import Shapes
import WorkflowModel

/// The keys of `plugin.yaml`, place by place: the one table behind its reader, the schema for editors and the reference.
public enum ManifestShapes {
    /// All places of a manifest.
    public static let library = ShapeLibrary(
        plugin, [action, retry, example, collection, webhooks, delivery, handshake, rule, proof, signatureTime])

    private static let name = "^[a-z][a-z0-9_]{0,63}$"
    private static let eventType = ShapeForm.pattern(
        #"^([a-z][a-z0-9_]*\.)+([a-z][a-z0-9_]*|\*)$|^\*$"#, rule: "an event type, or with `.*` a family")

    static let plugin = Shape(
        "manifest", title: "a plugin's manifest", summary: "What a plugin says of itself.",
        keys: [
            ShapeKey(
                "plugin", .pattern(name, rule: "small letters, digits and `_`"),
                "The plugin's name, the first part of its actions' names.", isRequired: true),
            ShapeKey("version", .message, "The version, for people and the record of a bundle.", isRequired: true),
            ShapeKey("summary", .message, "One line for people.", isRequired: true),
            ShapeKey(
                "configuration", jsonSchema, "The JSON Schema of its settings under `plugins` of `signalbox.yaml`."),
            ShapeKey("emits", .list(eventType, atLeast: 0), "The types of the events that it emits."),
            ShapeKey(
                "consumes", .list(eventType, atLeast: 0),
                "The types of the events that it takes in; `ticket.*` for a family."),
            ShapeKey(
                "collections", .map(.either([.shape("collection"), .nothing]), pattern: name),
                "The document collections that it keeps."),
            ShapeKey(
                "tables", .list(.message, atLeast: 0),
                "The lookup tables that it looks at although no playbook names them, so that they do not count as unused."
            ),
            ShapeKey("actions", .map(.shape("action"), pattern: name), "The actions, by their short names."),
            ShapeKey("webhooks", .shape("webhooks"), "How it takes in deliveries of another system."),
        ])

    private static let jsonSchema = ShapeForm.anything

    static let action = Shape(
        "action", title: "an action", summary: "Something that a playbook can do.",
        keys: [
            ShapeKey("summary", .message, "One line for people.", isRequired: true),
            ShapeKey(
                "effect",
                .word(
                    ShapeWord.all(
                        of: Effect.self,
                        [
                            "pure": "computes, touches nothing", "read": "looks, changes nothing",
                            "state": "changes only what Signalbox itself keeps", "write": "changes the outside world",
                        ])), "What a call does to the world; decides how the engine treats it.", isRequired: true),
            ShapeKey(
                "idempotent", .flag, "Whether a write with the same key may be repeated without harm.",
                standard: "`false`"),
            ShapeKey(
                "on_uncertain", .word(ShapeWord.all(of: ActionCall.OnUncertain.self)),
                "What to do with a write of which nobody knows whether it happened.", standard: "`ask`"),
            ShapeKey("retry", .shape("retry"), "Retries when the playbook does not say."),
            ShapeKey("timeout", .duration, "The time limit of one attempt."),
            ShapeKey("input", jsonSchema, "The JSON Schema of what `with` may hold.", standard: "no inputs"),
            ShapeKey("output", jsonSchema, "The JSON Schema of what the step gives.", standard: "anything"),
            ShapeKey("examples", .list(.shape("example"), atLeast: 0), "Uses of the action, each with its output."),
            ShapeKey("errors", .map(.message, pattern: nil), "The failure codes that it gives, with their meaning."),
            ShapeKey(
                "emits", .list(eventType, atLeast: 0),
                "The types of the events, of the plugin's own `emits`, that a call leads to."),
            ShapeKey(
                "echoes", .list(eventType, atLeast: 0),
                "The types of the events in which another system may report the call's change back."),
            ShapeKey(
                "once_by", .list(.message, atLeast: 0),
                "The inputs by which a call that comes again is recognised and changes nothing."),
            ShapeKey(
                "target", .message,
                "The input that names what the call is about; what the run is about when it is not given."),
            ShapeKey(
                "sets", .list(.message, atLeast: 0), "The inputs that each set a field of what the call is about."),
        ])

    static let retry = Shape(
        "retry", title: "retry", summary: "How often and after which waits it is tried again.",
        keys: [
            ShapeKey("attempts", .count(1...100), "How often it is tried; the first counts.", standard: "3"),
            ShapeKey("backoff", .word(ShapeWord.all(of: RetryPolicy.Backoff.self)), "How waits grow."),
            ShapeKey("initial", .duration, "The first wait.", standard: "2s"),
            ShapeKey("max", .duration, "The longest wait.", standard: "1m"),
            ShapeKey("jitter", .word(ShapeWord.all(of: RetryPolicy.Jitter.self)), "How waits are spread."),
        ])

    static let example = Shape(
        "example", title: "an example", summary: "One use of an action.",
        keys: [
            ShapeKey("title", .message, "What it shows, in a few words.", isRequired: true),
            ShapeKey("with", .anything, "The inputs as a playbook would write them."),
            ShapeKey("output", .anything, "What they give.", isRequired: true),
        ])

    static let collection = Shape(
        "collection", title: "a collection", summary: "Documents that the plugin keeps.",
        keys: [
            ShapeKey("indexes", .list(.scalar, atLeast: 0), "The fields that queries may use, dotted for nested ones."),
            ShapeKey("search", .list(.scalar, atLeast: 0), "The text fields that full-text search covers."),
        ])

    static let webhooks = Shape(
        "webhooks", title: "webhooks", summary: "How deliveries of another system are verified and become events.",
        keys: [
            ShapeKey(
                "verify", .map(.shape("proof"), pattern: name),
                "The ways in which a delivery proves where it comes from; the first holds unless a hook names another.",
                isRequired: true),
            ShapeKey(
                "content", .list(.word(ShapeWord.all(of: WebhookBodyFormat.self)), atLeast: 1),
                "What bodies are.", standard: "json"),
            ShapeKey("form_field", .message, "The field of a form that holds the JSON."),
            ShapeKey(
                "delivery", .shape("delivery"), "What names a delivery, so that one that comes twice counts once."),
            ShapeKey(
                "actor", .value, "The id of the account that did it, so that echoes of our own changes are known."),
            ShapeKey("settings", jsonSchema, "The JSON Schema of a hook's `settings`."),
            ShapeKey(
                "words", .map(.either([.map(.scalar, pattern: nil), .nothing]), pattern: name),
                "Tables of words: the vendor's to ours."),
            ShapeKey("names", .map(.value, pattern: name), "Names for the expressions below them."),
            ShapeKey("handshake", .shape("handshake"), "How the vendor's first question is answered."),
            ShapeKey(
                "events", .list(.shape("rule"), atLeast: 1), "The rules by which deliveries become events.",
                isRequired: true),
        ])

    static let delivery = Shape(
        "delivery", title: "delivery", summary: "What names a delivery.",
        keys: [
            ShapeKey("header", .message, "The header that holds it."), ShapeKey("value", .value, "Its value."),
        ])

    static let handshake = Shape(
        "handshake", title: "handshake", summary: "How the vendor's first question is answered.",
        keys: [
            ShapeKey("when", conditions, "When a delivery is one.", isRequired: true),
            ShapeKey("answer", .value, "The body of the answer.", isRequired: true),
        ])

    private static let conditions = ShapeForm.oneOrMore(.expression(isCondition: true))

    static let rule = Shape(
        "rule", title: "a rule of events",
        summary: "What a delivery becomes; the first rule whose `when` holds counts.",
        keys: [
            ShapeKey("when", conditions, "What must hold."),
            ShapeKey("for_each", .expression(isCondition: false), "One event for each element of a list."),
            ShapeKey(
                "as", .pattern(name, rule: "small letters, digits and `_`"), "The element's name.", standard: "`item`"),
            ShapeKey("ignore", .message, "The reason why such deliveries become no event."),
            ShapeKey("type", .value, "The event's type."), ShapeKey("id", .value, "Its id."),
            ShapeKey("subject", .value, "What it is about."), ShapeKey("time", .value, "When it happened."),
            ShapeKey("data", .value, "Its data."),
        ],
        rules: [
            .needs("as", oneOf: ["for_each"]),
            .oneKind([
                .init("ignore"), .init("type", beside: ["id", "subject", "time", "data"], needs: ["data"]),
            ]),
        ])

    static let proof = Shape(
        "proof", title: "a way to prove a delivery", summary: "How a delivery proves where it comes from.",
        keys: [
            ShapeKey(
                "kind",
                .word(
                    ShapeWord.all(
                        of: SchemeReader.Kind.self,
                        [
                            "hmac": "a signature over the body", "header": "the secret in a header",
                            "query": "the secret in the address", "basic": "a name and the secret (HTTP Basic)",
                        ])), "The kind of proof.", isRequired: true),
            ShapeKey("algorithm", .word(ShapeWord.all(of: HMAC.Algorithm.self)), "Of a signature.", standard: "sha256"),
            ShapeKey(
                "encoding", .word(ShapeWord.all(of: WebhookSignature.Encoding.self)), "Of a signature.", standard: "hex"
            ),
            ShapeKey("header", .message, "The header that holds it."),
            ShapeKey("prefix", .message, "What stands before it there."),
            ShapeKey("separator", .message, "What stands between several signatures."),
            ShapeKey(
                "signed", .message,
                "What is signed: `${body}`, `${timestamp}`, `${method}`, `${url}` and `${header:NAME}` with texts between.",
                standard: "`${body}`"),
            ShapeKey(
                "key", .word(ShapeWord.all(of: WebhookSignature.KeyEncoding.self)), "How the secret is written.",
                standard: "text"),
            ShapeKey("timestamp", .shape("timestamp"), "When it was signed."),
            ShapeKey("parameter", .message, "The parameter of the address that holds the secret."),
        ])

    static let signatureTime = Shape(
        "timestamp", title: "timestamp", summary: "The time that a signature covers.",
        keys: [
            ShapeKey("header", .message, "The header that holds it.", isRequired: true),
            ShapeKey("unit", .word(ShapeWord.all(of: SignatureTime.Unit.self)), "How it counts.", standard: "s"),
            ShapeKey("tolerance", .duration, "How old it may be.", standard: "5m"),
        ])

    /// A hook of `signalbox.yaml`.
    public static let hook = Shape(
        "hook", title: "a hook", summary: "An address at which another system delivers events.",
        keys: [
            ShapeKey(
                "plugin", .name(.plugin, isOpen: false), "The plugin that understands the deliveries.",
                standard: "the plugin that the hook is named for"),
            ShapeKey(
                "secret", .oneOrMore(.pattern(#"^=secrets\.[A-Za-z][A-Za-z0-9_]*$"#, rule: "`=secrets.NAME`")),
                "The secret by which deliveries are verified, or two while one replaces the other.", isRequired: true),
            ShapeKey(
                "verify", .either([.plain(example: "signature"), .shape("proof")]),
                "The way to prove a delivery: one of the plugin's, or one of its own.", allowsNothing: true,
                standard: "the plugin's first"),
            ShapeKey("tolerance", .duration, "How old a signature may be; at most 1d.", allowsNothing: true),
            ShapeKey(
                "replay_window", .duration,
                "How long deliveries are remembered, so that one that comes twice counts once; at most 1d.",
                allowsNothing: true),
            ShapeKey(
                "url", .pattern("^https?://", rule: "`https://…`"), "The hook's address as the sender has it.",
                allowsNothing: true),
            ShapeKey(
                "own", .oneOrMore(.scalar, atLeast: 0),
                "The ids of the connector's own account, whose changes are echoes.", allowsNothing: true),
            ShapeKey("settings", .anything, "What the plugin asks for."),
            ShapeKey(
                "map", .map(.either([.map(.scalar, pattern: nil), .nothing]), pattern: nil),
                "Words of this desk over those of the plugin.", allowsNothing: true),
        ])
}
