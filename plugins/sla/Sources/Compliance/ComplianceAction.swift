import PluginKit
import WorkflowModel

/// `sla.compliance`: how many tickets kept their target, by priority, and where a desk's own word differs, why.
///
/// It computes everything from the recorded events, with the policies as they are now.
struct ComplianceAction: ReadAction {
    /// How many tickets are read at a time.
    private static let page = 1000
    /// The most tickets.
    private static let most = 200_000
    private static let mostEvents = 10_000

    func run(_ input: ActionInput, in context: ReadContext) async throws -> Value {
        guard let table = context.action.workspace.policies else {
            throw Failure.permanent("no_policies", "the workspace has no SLA policies; write them in sla.yaml")
        }
        let batch = try ClockBatch(table, directory: context.action.workspace.directory)
        let metric = try metric(try input.optionalText("metric"), try PolicySet(table))
        var report = ComplianceReport(
            metric: metric, compare: try input.optionalText("compare"), batch: batch, now: context.action.now,
            listed: try input.optionalInt("limit") ?? 20)
        let (from, until) = (try input.optionalTimestamp("from"), try input.optionalTimestamp("to"))
        func add(_ tickets: [Document]) async throws {
            for ticket in tickets {
                let (events, kept) = try await context.documents.read { reader in
                    let clocks = DocumentQuery([.init("ticket", .equals(.string(ticket.id)))], limit: Self.page)
                    return (
                        try reader.events(ofSubject: "ticket:\(ticket.id)", since: nil, limit: Self.mostEvents),
                        try reader.documents(in: SLAPlugin.clocks, clocks)
                    )
                }
                report.add(ticket.id, events.filter { $0.type.hasPrefix("ticket.") }, kept: kept)
            }
        }
        if from == nil, until == nil {
            try await add(
                context.documents.read { reader in
                    try reader.documents(
                        in: "ticket.tickets", DocumentQuery([.init("created_at", .isNull)], limit: Self.page * 10))
                })
        }
        var begin = from ?? .earliest
        var seen: Set<String> = []
        var count = 0
        while count < Self.most {
            let start = begin
            let tickets = try await context.documents.read { reader in
                try reader.documents(
                    in: "ticket.tickets",
                    DocumentQuery(
                        [.init("created_at", .atLeast(.timestamp(start)))], order: "created_at", limit: Self.page))
            }
            let fresh = tickets.filter { !seen.contains($0.id) }
            guard let last = tickets.last?.body["created_at"]?.timestamp, !fresh.isEmpty else { break }
            seen = Set(tickets.filter { $0.body["created_at"]?.timestamp == last }.map(\.id))
            begin = last
            count += fresh.count
            let wanted = fresh.filter { ticket in
                guard let until, let made = ticket.body["created_at"]?.timestamp else { return true }
                return made < until
            }
            try await add(wanted)
            if wanted.count < fresh.count { break }
        }
        return report.value
    }

    /// The metric that is asked for, else the time until a ticket is solved as the policies have it.
    private func metric(_ name: String?, _ policies: PolicySet) throws -> Metric {
        let measured = Metric.allCases.filter { metric in policies.policies.contains { $0.rule(metric) != nil } }
        guard let name else {
            let usual: [Metric] = [.resolutionFirst, .resolutionTotal, .requesterWait]
            return usual.first(where: measured.contains) ?? measured.first ?? .resolutionFirst
        }
        guard let metric = Metric(rawValue: name), measured.contains(metric) else {
            throw Failure.permanent(
                "unknown_metric",
                "no policy measures \(name); measured are \(measured.map(\.rawValue).joined(separator: ", "))")
        }
        return metric
    }
}
