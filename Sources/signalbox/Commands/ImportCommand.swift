import ArgumentParser
import Foundation
import TicketImport
import WorkflowModel
import YAML

/// `signalbox import`: a ticket system's history as events.
struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Turn a ticket system's export into events.", subcommands: [CSV.self])

    /// From a table with one row per update of a ticket.
    struct CSV: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "csv", abstract: "Turn a CSV export, one row per update, into ticket events (NDJSON).",
            discussion: """
                The events go to standard output, the report to standard error. What an export knows only from later (how a ticket \
                ended, stands on all its rows) is left out of earlier events.
                """)

        @Argument(help: "The CSV file.")
        var file: String

        @Option(help: ArgumentHelp("The YAML file that says which column is what.", valueName: "file"))
        var mapping: String

        @Option(
            name: .long,
            help: ArgumentHelp("Write the events to this file instead of standard output.", valueName: "file"))
        var out: String?

        @Option(name: .long, help: "Only the first so many tickets.")
        var limitTickets: Int?

        @Option(name: .long, help: "Only events from this time on.")
        var from: String?

        @Option(name: .long, help: "Only events before this time.")
        var to: String?

        @OptionGroup var place: WorkspaceOptions
        @OptionGroup var output: OutputOptions

        private static let fileLimit = 256 * 1_048_576

        func validate() throws {
            for (name, text) in [("--from", from), ("--to", to)] {
                if let text, Timestamp(rfc3339: text) == nil {
                    throw ValidationError("\(name) must be a time such as 2026-11-22T08:00:00Z.")
                }
            }
            if let limitTickets, limitTickets < 1 { throw ValidationError("--limit-tickets must be at least 1.") }
        }

        func run() async throws {
            let source = SourceFile(
                path: mapping, bytes: try InputFile.read(mapping, limit: ImportMapping.maximumFileSize))
            let (read, diagnostics) = ImportMapping.read(source)
            complain(diagnostics, source)
            guard let read else { throw ExitStatus.failed }
            let options = ImportOptions(
                ticketLimit: limitTickets, from: from.flatMap { Timestamp(rfc3339: $0) },
                until: to.flatMap { Timestamp(rfc3339: $0) })
            let csv = try InputFile.read(file, limit: Self.fileLimit)
            let imported: (events: [Event], report: ImportReport)
            do throws(ImportFailure) {
                let (events, report) = try TicketImport.run(csv: csv, path: file, mapping: read, options: options)
                imported = (events, report)
            } catch {
                complain(error.diagnostics, source)
                throw ExitStatus.failed
            }
            try write(imported.events)
            say(imported.report)
        }

        private func write(_ events: [Event]) throws {
            var writer = JSONWriter()
            for event in events {
                writer.write(event.envelope)
                writer.append(raw: [0x0A])
            }
            if let out {
                do {
                    try Data(writer.bytes).write(to: URL(fileURLWithPath: out))
                } catch {
                    throw CommandFailure(.environment, "cannot write \(out): \(error.localizedDescription)")
                }
            } else {
                Console.standardOutput(String(decoding: writer.bytes, as: UTF8.self))
            }
        }

        private func complain(_ diagnostics: [Diagnostic], _ source: SourceFile) {
            for diagnostic in diagnostics {
                Console.standardError(
                    CodeFrame.render(
                        diagnostic, source: diagnostic.file == source.path ? source : nil,
                        colour: Console.isTerminal(STDERR_FILENO) && Console.allowsColour))
            }
        }

        private func say(_ report: ImportReport) {
            if output.format == .json {
                return Console.standardError(
                    JSONWriter.text([
                        "rows": .int(Int64(report.rows)), "tickets": .int(Int64(report.tickets)),
                        "events": .int(Int64(report.events)),
                        "skipped_rows": .int(Int64(report.skippedRows)),
                        "skipped": .list(
                            report.skipped.map { ["row": .int(Int64($0.row)), "reason": .string($0.reason)] }),
                        "withheld": .map(
                            ValueMap(
                                strings: report.withheld.sorted { $0.key < $1.key }.map {
                                    ($0.key, .int(Int64($0.value)))
                                })),
                    ]) + "\n")
            }
            var lines = ["\(report.events) events of \(report.tickets) tickets from \(report.rows) rows"]
            if let span = report.span { lines[0] += ", \(span.lowerBound) to \(span.upperBound)" }
            var table = TextTable()
            for (type, count) in report.eventsByType { table.add([type, String(count)]) }
            lines += table.lines(indent: 2)
            if !report.withheld.isEmpty {
                let fields = report.withheld.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)×" }
                lines.append("left out because it was not known yet: \(fields.joined(separator: ", "))")
            }
            if report.skippedRows > 0 {
                lines.append("\(report.skippedRows) rows skipped:")
                for row in report.skipped.prefix(10) { lines.append("  row \(row.row): \(row.reason)") }
                if report.skippedRows > 10 { lines.append("  …") }
            }
            Console.standardError(lines.joined(separator: "\n") + "\n")
        }
    }
}
