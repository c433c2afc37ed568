public import Expressions
public import WorkflowModel

/// What `webhooks:` of a manifest says: how deliveries are verified, and which events each becomes.
public struct WebhookManifest: Sendable {
    /// The ways to prove a delivery; the first counts when the workspace does not choose.
    public var schemes: [WebhookScheme]
    /// The forms in which the body may come.
    public var formats: [WebhookBodyFormat]
    /// The field of a form that holds the payload as JSON; nil when the fields are the payload.
    public var formField: String?
    /// What identifies a delivery, the same when it is sent again.
    public var delivery: DeliveryIdentity?
    /// What identifies who caused the delivery, for echoes.
    public var actor: MappedValue?
    /// Names that the rules use, in order.
    public var names: [(name: String, value: MappedValue)]
    /// The vendor's words and ours, by table.
    public var words: [String: [String: Value]]
    /// The schema of `settings` of a hook.
    public var settings: Schema
    /// What is answered to a sender that only asks whether we are there.
    public var handshake: WebhookHandshake?
    /// What a delivery becomes; every rule that fits gives its events.
    public var rules: [WebhookRule]

    /// The name of the table of people, which every plugin has.
    public static let people = "people"
}

/// A form of a body.
public enum WebhookBodyFormat: String, Sendable, CaseIterable {
    case json, form
}

/// What identifies a delivery: the value, where the payload has it, else the header.
public struct DeliveryIdentity: Sendable {
    /// A header, which is known before anything is verified; nil for none.
    public var header: String?
    /// A value over the verified payload; nil for none.
    public var value: MappedValue?
}

/// The answer to a sender's question whether we are there.
public struct WebhookHandshake: Sendable {
    /// Which delivery is the question.
    public var when: [Program]
    /// The answer's body.
    public var answer: MappedValue
}

/// What a delivery, or each element of a list in it, becomes.
public struct WebhookRule: Sendable {
    /// What comes of it.
    public enum Result: Sendable {
        case event(WebhookEventForm)
        /// Nothing, for this reason; the rules after it are not looked at.
        case ignore(String)
    }

    /// The list whose elements are each looked at, and the name of an element; nil for the delivery as a whole.
    public var each: (list: Program, name: String)?
    /// What must hold; a field that is not there makes a condition false.
    public var when: [Program]
    /// What comes of it.
    public var result: Result
}

/// The form of one event.
public struct WebhookEventForm: Sendable {
    /// The event's type.
    public var type: MappedValue
    /// Its id; nil to make one of the delivery.
    public var id: MappedValue?
    /// Its subject; nil when the type names it.
    public var subject: MappedValue?
    /// When it happened; nil for when it came.
    public var time: MappedValue?
    /// Its data.
    public var data: MappedValue
}

/// A value of a mapping: as it stands, or computed.
public indirect enum MappedValue: Sendable {
    case constant(Value)
    /// `=EXPR`
    case expression(Program)
    /// `text ${{ EXPR }} text`
    case text(TextTemplate)
    case list([MappedValue])
    case map([(key: String, value: MappedValue)])
}
