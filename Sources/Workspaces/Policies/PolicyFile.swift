public import YAML

/// Reads the file of SLA policies by itself.
public enum PolicyFile {
    /// What the file `source` says, with the calendars that it may name, and what is wrong with it.
    public static func read(
        _ source: SourceFile, calendars: [String: WorkspaceCalendar]
    ) -> (policies: WorkspacePolicies?, diagnostics: [Diagnostic]) {
        let report = LoadReport()
        report.add(source)
        return (read(source, calendars: calendars, report: report), Diagnostics.sortedAndCapped(report.diagnostics))
    }

    static func read(
        _ source: SourceFile, calendars: [String: WorkspaceCalendar], report: LoadReport
    ) -> WorkspacePolicies? {
        let parsed = YAMLParser.parse(source)
        report.take(parsed.diagnostics)
        guard let root = parsed.root else { return nil }
        return PolicyReader(report: report, calendars: calendars).policies(root)
    }
}
