import Foundation
import TicketImport
import WorkflowModel
import YAML

/// A small desk of its own for each test: a mapping and rows.
enum Exports {
    static let mapping = """
        import: desk
        source: https://desk.example.com
        zone: Europe/Berlin
        missing: ["?", ""]
        ticket: number
        order: seq
        time: { column: at, format: dd-MM-yyyy HH:mm }
        fields:
          title: subject
          status:
            column: state
            values: { New: new, Active: open, Resolved: solved, Closed: closed }
            default: hold
          priority: priority
          assignee: person
          requester.id: caller
          resolved_at: { column: solved_at, known_from: [solved, closed] }
          closed_code: { column: code, known_from: [closed], known_at: closed_at }

        """
    static let header = "number,seq,at,subject,state,priority,person,caller,solved_at,code,closed_at"

    static func read(_ text: String = mapping) throws -> ImportMapping {
        let (mapping, diagnostics) = ImportMapping.read(SourceFile(path: "map.yaml", text: text))
        guard let mapping else { throw Unreadable(diagnostics: diagnostics) }
        return mapping
    }

    static func run(
        _ rows: [String], mapping text: String = mapping, header: String = header,
        options: ImportOptions = ImportOptions()
    ) throws -> (events: [Event], report: ImportReport) {
        try TicketImport.run(
            csv: Array(([header] + rows).joined(separator: "\n").utf8), path: "export.csv", mapping: read(text),
            options: options)
    }

    static func failure(_ csv: [UInt8], mapping text: String = mapping) throws -> [Diagnostic] {
        do {
            _ = try TicketImport.run(csv: csv, path: "export.csv", mapping: read(text))
            return []
        } catch let failure as ImportFailure {
            return failure.diagnostics
        }
    }

    struct Unreadable: Error { let diagnostics: [Diagnostic] }

    /// The sample workspace of this repository.
    static var workspace: URL {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "workflows")
    }
}
