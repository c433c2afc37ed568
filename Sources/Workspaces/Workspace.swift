import Calendars
import Digests
public import Playbooks
public import Templates
public import WorkflowModel
public import YAML

/// A workspace as its folder has it: settings, tables, templates and the files of its playbooks.
public struct Workspace: Sendable {
    /// The folder's real path.
    public var folder: String
    /// What stands before the path of each file in diagnostics; empty, or with a `/` at its end.
    public var shownPrefix = ""
    /// What `signalbox.yaml` says.
    public var settings: WorkspaceSettings
    /// People, teams, on-call schedules, services and lists.
    public var directory: Directory
    /// The business calendars.
    public var calendars: [String: WorkspaceCalendar] = [:]
    /// The SLA policies, when the workspace has some.
    public var policies: WorkspacePolicies?
    /// Lookup tables by name; `priority` is among them when the workspace has it.
    public var tables: [String: Table] = [:]
    /// The templates that could be read, in the order of their names.
    public var templates: [MessageTemplate] = []
    /// The templates' texts, by name.
    public var templateTexts: [String: String] = [:]
    /// The templates put together; nil when they do not fit together, which is among the diagnostics.
    public var templateLibrary: TemplateLibrary?
    /// The playbooks' files, sorted by path.
    public var playbookFiles: [SourceFile] = []
    /// The sample event of each type: the path of its file from the workspace's folder.
    public var sampleEvents: [String: String] = [:]
    /// Where calendars and channels stand, by `calendar:NAME` and `channel:NAME`.
    var partPlaces: [String: (file: String, range: SourceRange?)] = [:]
    /// The comments that allow warnings, by the path that diagnostics have; of files that are no playbooks.
    var allowances: [String: Allowances] = [:]
    /// SHA-256 over the paths and bytes of all files read, in hex: changes when anything changes.
    public var sourceHash = ""

    /// SHA-256 over the settings that a run reads (zone, channels, plugins), in hex. Secrets are references in it.
    public var settingsHash: String {
        func map(_ values: [String: Value]) -> Value {
            .map(ValueMap(strings: values.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }))
        }
        return SHA256.hex(
            of: TypedJSON.text([
                "zone": .string(settings.zone), "channels": map(settings.channels), "plugins": map(settings.plugins),
            ]))
    }

    /// Whether the business calendar `name` is open at `instant`; nil when there is no such calendar.
    public func isOpen(calendar name: String, at instant: Timestamp) -> Bool? {
        calendars[name]?.business.isOpen(at: instant)
    }

    /// The moment at which `duration` of the open time of calendar `name` has passed since `start`.
    ///
    /// - Throws: a permanent ``Failure``: `unknown_calendar`, or `no_open_time` when that moment is more than two years away.
    public func moment(after duration: Duration, of name: String, from start: Timestamp) throws(Failure) -> Timestamp {
        guard let calendar = calendars[name] else {
            let near = Similarity.nearest(to: name, among: calendars.keys.sorted())
            throw Failure(
                code: "unknown_calendar",
                message: "the workspace has no calendar \(name)" + (near.map { "; did you mean \($0)?" } ?? ""))
        }
        do throws(CalendarError) {
            return try calendar.business.add(duration, to: start)
        } catch {
            throw Failure(code: "no_open_time", message: "\(name): \(error.message)")
        }
    }

    /// The bundle of a checked playbook, read from `text`.
    ///
    /// - Parameters:
    ///   - plugins: the version of each plugin, by name.
    ///   - callees: the bundles of the playbooks that it calls.
    public func bundle(
        of workflow: Workflow, text: String, plugins: [String: String], callees: [String: WorkflowBundle] = [:]
    ) -> WorkflowBundle {
        WorkflowBundle(
            of: workflow, text: text, templates: templateTexts, plugins: plugins, settingsHash: settingsHash,
            defaults: settings.defaults, callees: callees)
    }

    /// What the workspace's playbooks are checked against.
    ///
    /// - Parameters:
    ///   - actions: the actions of the plugins; nil when they are not known.
    ///   - emitted: the types of the events that plugins emit.
    ///   - implied: the tables that plugins look at although no playbook names them.
    public func checkEnvironment(
        actions: [ActionSignature]?, emitted: [String] = [], implied: [String] = []
    ) -> CheckEnvironment {
        var environment = CheckEnvironment()
        environment.givesAdvice = true
        environment.otherCodes = Set(WorkspaceCode.allCases.map(\.rawValue))
        environment.defaults = settings.defaults
        environment.runTime = settings.limits.runTime
        environment.impliedParts = Set(implied)
        environment.partNames = Set(tables.keys).union(templateTexts.keys).union(calendars.keys)
            .union(settings.channels.keys).union(settings.channels.keys.map { "#\($0)" })
            .union(settings.channels.values.compactMap { $0["by"]?.string })
        environment.know(.standard, others: emitted)
        environment.actions = actions.map { Dictionary($0.map { ($0.name, $0) }) { first, _ in first } }
        environment.directory = directory
        environment.tables = Set(tables.keys)
        environment.tableColumns = tables.mapValues(\.columns)
        // A step may name a kind of channel too, when there is one of that kind; the outbox is always there.
        environment.channels = Set(settings.channels.keys).union(["outbox"])
            .union(settings.channels.values.compactMap { $0["by"]?.string })
        environment.secrets = Set(settings.secrets.keys)
        environment.calendars = Set(calendars.keys)
        var names: [String: [NameUse]] = [:]
        for template in templates { names[template.name] = templateLibrary?.names(of: template.name) ?? template.names }
        // What is wrong with a template is reported in its own file; it is not missing.
        for name in templateTexts.keys where names[name] == nil { names[name] = [] }
        environment.templates = names
        return environment
    }
}

/// What came of loading a workspace.
public struct WorkspaceLoad: Sendable {
    /// The workspace, as far as it could be read; nil when there is none.
    public var workspace: Workspace?
    /// Everything there is to say about its files, but for the playbooks' own.
    public var diagnostics: [Diagnostic]
    /// The files read, by the path that diagnostics have.
    public var sources: [String: SourceFile]

    /// What the files themselves allow of it.
    public var allowed: [AllowedWarning] = []
    /// What `hooks` of the settings is, for those who know the plugins; nil when it is not there.
    public var hooks: YAMLNode?

    /// Whether the workspace cannot be used.
    public var hasErrors: Bool { workspace == nil || diagnostics.contains { $0.severity == .error } }
}
