import PluginKit
import WorkflowModel

/// The severities of the workspace, from its table `severities`; without one SEV1 to SEV4.
struct SeverityTable {
    /// The severities, the worst first.
    let names: [String]
    private let cadence: [String: Duration]

    init(_ workspace: WorkspaceTables) {
        guard let table = workspace.tables["severities"], let key = table.columns.first else {
            names = ["SEV1", "SEV2", "SEV3", "SEV4"]
            cadence = [:]
            return
        }
        names = table.rows.compactMap { $0[key]?.string }
        var cadence: [String: Duration] = [:]
        for row in table.rows {
            guard let name = row[key]?.string, let every = row["news_every"],
                let duration = every.duration ?? every.string.flatMap({ DurationText.parse($0) }), duration > .zero
            else { continue }
            cadence[name] = duration
        }
        self.cadence = cadence
    }

    /// How often an incident of this severity needs news; nil when the table does not say.
    func newsEvery(_ severity: String?) -> Duration? { severity.flatMap { cadence[$0] } }

    /// The severity as the table writes it.
    ///
    /// - Throws: ``WorkflowModel/Failure`` `unknown_severity` with a suggestion.
    func require(_ name: String) throws(Failure) -> String {
        if names.contains(name) { return name }
        if let same = names.first(where: { $0.lowercased() == name.lowercased() }) { return same }
        let near = Similarity.nearest(to: name, among: names)
        throw .permanent(
            "unknown_severity",
            "there is no severity \(name), only \(names.joined(separator: ", "))"
                + (near.map { "; did you mean \($0)?" } ?? ""))
    }
}
