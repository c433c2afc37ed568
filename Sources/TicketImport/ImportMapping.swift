import Foundation
import WorkflowModel
public import YAML

/// How the columns of a ticket system's export become the fields of a ticket: what a mapping file says.
///
/// ```yaml
/// import: servicenow                    # a name for messages
/// source: https://desk.example.com      # the `source` of the events; id and source together are accepted once
/// zone: Europe/London                   # the zone of the file's local times (IANA name)
/// delimiter: ","                        # or ";" or tab
/// missing: ["?", ""]                    # texts that stand for "no value"
/// ticket: number                        # the column with the ticket's id
/// order: sys_mod_count                  # the column that orders updates of one minute, optional
/// time:                                 # when the row was written
///   column: sys_updated_at
///   format: dd-MM-yyyy HH:mm            # yyyy MM dd HH mm ss, or rfc3339
/// fields:
///   status:                             # field of the ticket: column, or more about it
///     column: incident_state
///     values: { New: new, Active: open }
///     default: hold                     # for what is missing or not in `values`
///   requester.id: caller_id             # a field inside a field
///   channel: { value: phone }           # the same for every ticket
///   title: { columns: [category, symptom], between: " / " }
///   resolved_at: { column: resolved_at, known_from: [solved, closed] }
///   closed_code: { column: close_code, known_from: [closed], known_at: closed_at }
/// ```
///
/// What a column holds is a text, a time, a whole number or a list as the known field says; for a field of one's own, `time: true`,
/// `integer: true` or `split: ","` say it. `known_from` names the statuses in which a value may be known, `known_at` a time column
/// before which it may not; and a time later than the row itself is never taken, unless `planned: true` says that it is a plan, such
/// as a due date.
public struct ImportMapping: Sendable {
    /// The import's name, for messages.
    public let name: String
    /// The `source` of the events made.
    public let eventSource: String
    /// The IANA name of the zone in which the file's times are local.
    public let zoneName: String

    let zone: TimeZone
    let delimiter: Character
    let missing: Set<String>
    let ticket: ColumnName
    let order: ColumnName?
    let time: ColumnName
    let pattern: TimePattern
    let fields: [FieldRule]
    let file: SourceFile

    /// The largest mapping file, in bytes.
    public static let maximumFileSize = 256 * 1024

    /// Reads a mapping and reports every mistake in it in one go. Without a mapping there is at least one error; with one there
    /// are at most warnings.
    public static func read(_ file: SourceFile) -> (mapping: ImportMapping?, diagnostics: [Diagnostic]) {
        let (root, diagnostics) = YAMLParser.parse(file, limits: YAMLLimits(bytes: maximumFileSize))
        guard let root else { return (nil, diagnostics) }
        var reader = MappingReader(report: MappingReport(diagnostics))
        let mapping = reader.read(root)
        let found = Diagnostics.sortedAndCapped(reader.report.diagnostics)
        return (found.contains { $0.severity == .error } ? nil : mapping, found)
    }

    /// Every column that the mapping names, in the order of the file, with its place.
    var columns: [ColumnName] {
        [ticket] + (order.map { [$0] } ?? []) + [time] + fields.flatMap { $0.columns + ($0.knownAt.map { [$0] } ?? []) }
    }
}

/// A column as the mapping names it.
struct ColumnName: Sendable {
    let text: String
    let range: SourceRange
}

/// How one field of the ticket gets its value.
struct FieldRule: Sendable {
    /// What a value is read as.
    enum Kind: Sendable, Hashable {
        case text
        case integer
        case time(TimePattern?)
        case list(separator: String?)
    }

    /// The names from the ticket to the field: `["requester", "id"]`.
    let path: [String]
    let columns: [ColumnName]
    /// What stands between the values of several columns.
    let between: String
    /// The value of every ticket, when no column gives it.
    let constant: Value?
    /// From the file's word to ours.
    let values: [String: Value]?
    let otherwise: Value?
    let prefix: String
    let kind: Kind
    /// The statuses in which the value may be known; nil for all.
    var knownFrom: Set<String>?
    /// The column with the time before which the value may not be known.
    var knownAt: ColumnName?
    /// Whether a time may lie after the row that tells it.
    var isPlanned = false

    var name: String { path.joined(separator: ".") }
}
