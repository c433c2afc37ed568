public import Logging
public import WorkflowModel

/// What every action may know: the time, for whom it is performed, and the workspace.
public struct ActionContext: Sendable {
    /// The step's start, from the journal: the same in every replay. Outside of runs, when it is performed.
    public var now: Timestamp
    /// For whom the action is performed: a step of a run, or a person outside of any run.
    public var caller: ActionCaller
    /// What the run is about, `ticket:4711`.
    public var subject: String?
    /// The event that started the run; nil for a run by hand without one.
    public var event: Event?
    /// The names that the playbook sees at this step; templates see them too.
    public var names: ValueMap
    /// The workspace's tables as they are now.
    public var workspace: WorkspaceTables
    /// The plugin's own settings from `signalbox.yaml`; secrets in it are references.
    public var settings: Value
    /// The texts of the templates that belong to the run's bundle, by name.
    public var templates: [String: String]
    /// What the action logs to.
    public var log: Logger

    /// The context of a step.
    public init(
        now: Timestamp, run: RunID, playbook: String, step: StepKey, subject: String? = nil, event: Event? = nil,
        names: ValueMap = ValueMap(), workspace: WorkspaceTables, settings: Value = .null,
        templates: [String: String] = [:], log: Logger
    ) {
        self.init(
            now: now, caller: .step(run: run, playbook: playbook, step: step), subject: subject, event: event,
            names: names, workspace: workspace, settings: settings, templates: templates, log: log)
    }

    /// A context of these parts.
    public init(
        now: Timestamp, caller: ActionCaller, subject: String? = nil, event: Event? = nil,
        names: ValueMap = ValueMap(), workspace: WorkspaceTables, settings: Value = .null,
        templates: [String: String] = [:], log: Logger
    ) {
        self.now = now
        self.caller = caller
        self.subject = subject
        self.event = event
        self.names = names
        self.workspace = workspace
        self.settings = settings
        self.templates = templates
        self.log = log
    }
}

/// What a `read` action, or the rehearsal of a write, gets: the means to look, none to change.
public struct ReadContext: Sendable {
    /// The time, the run and step it serves, and the workspace.
    public var action: ActionContext
    /// The way to other systems, for `read` actions that look outside; nil where that is refused (histories, `--offline`).
    public var http: (any HTTPClient)?
    /// Looks at what plugins keep.
    public var documents: any DocumentSource
    /// Looks up secrets; refused in rehearsals.
    public var secrets: any SecretLookup
    /// How long the attempt may take, from its start.
    public var timeout: Duration

    /// A context of these parts.
    public init(
        action: ActionContext, http: (any HTTPClient)?, documents: any DocumentSource, secrets: any SecretLookup,
        timeout: Duration
    ) {
        self.action = action
        self.http = http
        self.documents = documents
        self.secrets = secrets
        self.timeout = timeout
    }
}

extension ActionContext {
    /// The run that the step belongs to; nil outside of runs.
    public var run: RunID? { if case .step(let run, _, _) = caller { run } else { nil } }
    /// The id of the run's playbook; nil outside of runs.
    public var playbook: String? { if case .step(_, let playbook, _) = caller { playbook } else { nil } }
    /// The instance of the step; nil outside of runs.
    public var step: StepKey? { if case .step(_, _, let step) = caller { step } else { nil } }
    /// The person who has it performed outside of any run; nil for a step.
    public var person: String? { if case .person(let id, _) = caller { id } else { nil } }
}

/// What a `write` action gets.
public struct WriteContext: Sendable {
    /// The time, the run and step it serves, and the workspace.
    public var action: ActionContext
    /// The same for every attempt of this step, and different for every other step: give it to the other system.
    public var idempotencyKey: String
    /// The attempt, from 1.
    public var attempt: Int
    /// The way to other systems over HTTP.
    public var http: any HTTPClient
    /// The way to mail servers.
    public var mail: any MailClient
    /// Where messages go that leave the machine through nothing but a folder.
    public var outbox: any Outbox
    /// Looks at what plugins keep; changes go with the ``ActionResult``.
    public var documents: any DocumentSource
    /// Looks up secrets; what is looked up is taken out of outputs and failures.
    public var secrets: any SecretLookup
    /// How long the attempt may take, from its start.
    public var timeout: Duration

    /// A context of these parts.
    public init(
        action: ActionContext, idempotencyKey: String, attempt: Int, http: any HTTPClient, mail: any MailClient,
        outbox: any Outbox, documents: any DocumentSource, secrets: any SecretLookup, timeout: Duration
    ) {
        self.action = action
        self.idempotencyKey = idempotencyKey
        self.attempt = attempt
        self.http = http
        self.mail = mail
        self.outbox = outbox
        self.documents = documents
        self.secrets = secrets
        self.timeout = timeout
    }
}

/// Looks up secrets inside the call of an action.
public protocol SecretLookup: Sendable {
    /// The secret of this name.
    ///
    /// - Throws: ``Failure`` naming the secret and where it was looked for.
    func secret(_ name: String) async throws -> String
}

extension SecretLookup {
    /// The real text of `value`: a plain text as it is, a text with secrets with each looked up.
    ///
    /// - Throws: ``Failure`` when a secret is not set or the value is no text.
    public func reveal(_ value: Value) async throws -> String {
        switch value {
        case .string(let text): return text
        case .secret(let secret):
            var text = ""
            for segment in secret.segments {
                switch segment {
                case .plain(let plain): text += plain
                case .reference(let name): text += try await self.secret(name)
                }
            }
            return text
        default: throw Failure.invalidInput("a text is expected, this is \(value.kindForPeople)")
        }
    }
}

/// A folder of messages, so that nothing leaves the machine: the channel of rehearsed roll-outs and demos.
public protocol Outbox: Sendable {
    /// Keeps `text` under `name`. The same name again replaces it: a repeated delivery is one file.
    ///
    /// - Parameter name: made from the idempotency key; letters, digits, `.`, `-` and `_`.
    /// - Throws: ``Failure`` when it cannot be written.
    func deliver(name: String, text: String) throws
}

/// The workspace's tables, read at the step.
public struct WorkspaceTables: Sendable {
    /// The workspace's name.
    public var name: String
    /// People, teams, on-call, services, lists, and the zone.
    public var directory: Directory
    /// Lookup tables by name.
    public var tables: [String: LookupTable]
    /// The channels of `signalbox.yaml`: name to settings; secrets are references.
    public var channels: ValueMap
    /// The SLA policies; nil when the workspace has none.
    public var policies: PolicyTable?

    /// The tables of a workspace.
    public init(
        name: String, directory: Directory, tables: [String: LookupTable] = [:], channels: ValueMap = ValueMap(),
        policies: PolicyTable? = nil
    ) {
        self.name = name
        self.directory = directory
        self.tables = tables
        self.channels = channels
        self.policies = policies
    }
}

/// The SLA policies of a workspace with the calendars that they name, checked, as one value that can be kept: what was measured by an
/// older version is measured by it to the end.
public struct PolicyTable: Sendable, Hashable {
    /// SHA-256 over the content, in hex: changes when a policy or one of its calendars does.
    public var version: String
    /// The policies and calendars; `docs/sla.md` has the form of the file, and this is the same with every default written out.
    public var content: Value

    /// A version of the policies.
    public init(version: String, content: Value) {
        self.version = version
        self.content = content
    }
}

/// A table of the workspace: rows of named columns.
public struct LookupTable: Sendable, Hashable {
    /// The table's name, as `tables: NAME:` of the workspace has it.
    public var name: String
    /// The names of the columns, in the order of the file.
    public var columns: [String]
    /// Each row is a map from column to value.
    public var rows: [ValueMap]
    /// The hash of the file's content, recorded with what was looked up.
    public var contentHash: String

    /// A table.
    public init(name: String, columns: [String], rows: [ValueMap], contentHash: String) {
        self.name = name
        self.columns = columns
        self.rows = rows
        self.contentHash = contentHash
    }
}
