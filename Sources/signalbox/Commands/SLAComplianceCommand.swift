import ArgumentParser
import WorkflowModel

/// `signalbox sla compliance`.
struct SLAComplianceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compliance",
        abstract: "How many tickets kept their target, by priority, from the recorded events.",
        discussion: """
            --compare FIELD sets it beside a field in which the desk itself says whether the agreement was kept, such as made_sla, and says \
            what differences come from: which other way to measure would give the desk's answer, and which target fits its words best.
            """)

    @Option(help: "The metric; the time until a ticket is solved if not given.")
    var metric: String?
    @Option(help: ArgumentHelp("A field of the tickets with the desk's own word.", valueName: "field"))
    var compare: String?
    @Option(help: "Only tickets that were made at or after this time.")
    var from: String?
    @Option(help: "Only tickets that were made before this time.")
    var to: String?
    @Option(help: "How many of the tickets that differ are listed.")
    var limit = 10
    @OptionGroup var options: SLAOptions

    func validate() throws {
        if !(0...1000).contains(limit) { throw ValidationError("--limit must be 0 to 1000.") }
    }

    func run() async throws {
        var input: ValueMap = ["limit": .int(Int64(limit))]
        input["metric"] = metric.map(Value.string)
        input["compare"] = compare.map(Value.string)
        input["from"] = try SLAOptions.moment(from, "--from")
        input["to"] = try SLAOptions.moment(to, "--to")
        try await options.look("compliance", input) { ComplianceText(text: $0).lines($1) }
    }
}

/// Compliance as lines for people.
struct ComplianceText {
    let text: SLAText

    private static let ways: [String: String] = [
        "around_the_clock": "if every hour counted", "without_pauses": "if pauses counted",
        "wall_time": "if every hour and every pause counted",
        "until_closed": "if it went on until the ticket is closed",
        "first_priority": "by the ticket's first priority",
    ]

    func lines(_ output: Value) -> [String] {
        let rows = output["priorities"]?.list ?? []
        guard !rows.isEmpty else { return ["no ticket is known"] }
        let compares = output["compared_with"]?.string
        var header = ["PRIORITY", "TICKETS", "TARGET", "MET", "MISSED", "OPEN", "NO TARGET", "KEPT"]
        if let compares { header += ["\(compares.uppercased()) KEPT", "SAME"] }
        var table = TextTable(header.map(text.paint.bold))
        for row in rows {
            var cells = [
                row["priority"]?.string ?? "", count(row["tickets"]), text.duration(row["target"]), count(row["met"]),
                count(row["breached"]), count(row["running"]), count(row["unmeasured"]), share(row["share"]),
            ]
            if compares != nil {
                cells += [share(row["compared"]?["share"]), share(row["compared"]?["agreement"])]
            }
            table.add(cells)
        }
        var lines = table.lines()
        lines += kept(output["kept"])
        guard let compares else { return lines }
        for row in rows {
            guard let compared = row["compared"], !compared.isNull else { continue }
            lines += differences(row["priority"]?.string ?? "", compared, compares)
        }
        let listed = output["differences"]?.list ?? []
        if !listed.isEmpty { lines += [""] + tickets(listed, compares) }
        return lines
    }

    /// Whether what is kept of the clocks is what the events give.
    private func kept(_ kept: Value?) -> [String] {
        guard let kept, let all = kept["count"]?.int, all > 0 else { return [] }
        let same = kept["same"]?.int ?? 0
        guard same < all else {
            return [text.paint.dim("\(all) clocks are kept, each as all events together give it.")]
        }
        var lines = [text.paint.red("\(all - same) of \(all) kept clocks are not as all events together give them:")]
        for item in kept["differences"]?.list ?? [] {
            let fields = (item["fields"]?.list ?? []).map { field in
                "\(field["field"]?.string ?? "") \(ValueText.short(field["kept"] ?? .null)), by the events "
                    + ValueText.short(field["events"] ?? .null)
            }
            lines.append("  \(item["clock"]?.string ?? ""): \(fields.joined(separator: "; "))")
        }
        return lines
    }

    private func differences(_ priority: String, _ compared: Value, _ field: String) -> [String] {
        let (kept, missed) = (compared["only_log_kept"]?.int ?? 0, compared["only_log_missed"]?.int ?? 0)
        guard kept + missed > 0 else { return [] }
        var lines = [
            "", text.paint.bold("\(priority): \(kept + missed) tickets differ"),
            "  \(kept) were kept by \(field) and missed here, \(missed) the other way round.",
        ]
        for entry in compared["explained_by"]?.map ?? [:] {
            let way = entry.key.string ?? ""
            lines.append("  \(count(entry.value)) would be the same \(Self.ways[way] ?? way).")
        }
        if let unexplained = compared["unexplained"]?.int, unexplained > 0 {
            lines.append("  \(unexplained) would differ in each of these ways: the desk's target is another.")
        }
        if let best = compared["best_target"]?.duration, best >= .seconds(60) {
            lines.append(
                "  A target of \(SLAText.hours(best)) would fit \(field) best: \(share(compared["best_agreement"])) "
                    + "of the tickets instead of \(share(compared["agreement"])).")
        }
        return lines
    }

    private func tickets(_ listed: [Value], _ field: String) -> [String] {
        var table = TextTable(
            ["TICKET", "PRIORITY", "PASSED", "OF", "HERE", field.uppercased(), "SAME"].map(text.paint.bold))
        for item in listed {
            let ways = (item["explained_by"]?.list ?? []).compactMap(\.string).map { Self.ways[$0] ?? $0 }
            table.add([
                item["ticket"]?.string ?? "", item["priority"]?.string ?? "-", text.duration(item["elapsed"]),
                text.duration(item["target"]), item["ours"]?.string ?? "", item["log"]?.string ?? "",
                ways.isEmpty ? text.paint.dim("in no other way") : ways.joined(separator: "; "),
            ])
        }
        return table.lines()
    }

    private func count(_ value: Value?) -> String { String(value?.int ?? 0) }

    private func share(_ value: Value?) -> String {
        guard let share = value?.number else { return "-" }
        let permille = Int((share * 1000).rounded())
        return "\(permille / 10).\(permille % 10) %"
    }
}
