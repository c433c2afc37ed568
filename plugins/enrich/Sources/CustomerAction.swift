import Calendars
import PluginKit
import WorkflowModel

/// `enrich.customer`.
struct CustomerAction: PureAction {
    func run(_ input: ActionInput, in context: ActionContext) throws -> Value {
        let table = try context.table(try input.optionalText("table") ?? "customers")
        try table.require(["id", "tier"])
        let standard = try input.optionalText("default_tier") ?? "standard"
        let id = try input.optionalText("id") ?? context.ticket("customer", "id")?.string
        let email = try input.optionalText("email") ?? context.ticket("requester", "email")?.string
        let byID = try TableIndex(table, column: "id")
        let domains = try CustomerDomains(table)
        var row: ValueMap?
        var matched: (by: String, domain: String?)?
        if let id, let found = byID[.string(id)] {
            row = found
            matched = ("id", nil)
        } else if let domain = email.flatMap(Self.domain) ?? context.ticket("customer", "domain")?.string,
            let found = domains.row(for: domain)
        {
            row = found.row
            matched = ("domain", found.domain)
        }
        let expired = try row.map { try !isValid($0, table, context) } ?? false
        let tier = row?["tier"]?.cellText ?? ""
        func text(_ column: String) -> Value {
            guard let text = row?[column]?.cellText, !text.isEmpty else { return .null }
            return .string(text)
        }
        return [
            "known": .bool(row != nil), "tier": .string(expired || tier.isEmpty ? standard : tier),
            "id": row == nil ? id.map(Value.string) ?? .null : text("id"), "name": text("name"),
            "region": text("region"), "domain": matched?.domain.map(Value.string) ?? .null,
            "matched_by": matched.map { .string($0.by) } ?? .null, "expired": .bool(expired),
            "valid_until": text("valid_until"),
        ]
    }

    static func domain(_ email: String) -> String? {
        guard let at = email.lastIndex(of: "@"), at != email.startIndex else { return nil }
        let domain = email[email.index(after: at)...].lowercased()
        return domain.isEmpty ? nil : domain
    }

    /// Whether the contract holds at the step: the first and the last day belong to it, by the workspace's clock.
    private func isValid(_ row: ValueMap, _ table: LookupTable, _ context: ActionContext) throws -> Bool {
        guard let today = LocalTime(context.now, zone: context.workspace.directory.zone)?.day else {
            throw Failure.permanent("bad_zone", "the workspace's zone \(context.workspace.directory.zone) is not known")
        }
        if let first = try day("valid_from", row, table), today < first { return false }
        if let last = try day("valid_until", row, table), last < today { return false }
        return true
    }

    private func day(_ column: String, _ row: ValueMap, _ table: LookupTable) throws -> Int? {
        guard let cell = row[column], !cell.cellText.allSatisfy(\.isWhitespace) else { return nil }
        let text = cell.cellText.split(whereSeparator: \.isWhitespace).joined()
        guard let instant = Timestamp(rfc3339: "\(text.prefix(10))T00:00:00Z"),
            text.count == 10 || Timestamp(rfc3339: text) != nil
        else {
            throw Failure.permanent(
                "bad_table",
                "the table \(table.name) has \(column) \(text) for \(row["id"]?.cellText ?? "a customer"); write 2026-12-31"
            )
        }
        return Int(instant.seconds / 86_400)
    }
}

/// The customers' mail domains. A cell may hold several, separated by spaces, commas, semicolons or bars.
struct CustomerDomains {
    private var positions: [String: Int] = [:]
    private let rows: [ValueMap]

    init(_ table: LookupTable) throws {
        rows = table.rows
        for (position, row) in table.rows.enumerated() {
            let cell = row["domain"]?.cellText.lowercased() ?? ""
            for part in cell.split(whereSeparator: { $0.isWhitespace || ",;|".contains($0) }) {
                let domain = String(part.drop { $0 == "@" || $0 == "." })
                if let earlier = positions.updateValue(position, forKey: domain), earlier != position {
                    throw Failure.permanent(
                        "duplicate_keys",
                        "rows \(earlier + 1) and \(position + 1) of the table \(table.name) both have the domain \(domain)"
                    )
                }
            }
        }
    }

    /// The row of the domain, or of the nearest domain above it; a top-level domain alone is nobody's.
    func row(for domain: String) -> (row: ValueMap, domain: String)? {
        var rest = Substring(domain.lowercased())
        while rest.contains(".") {
            if let position = positions[String(rest)] { return (rows[position], String(rest)) }
            rest = rest.drop { $0 != "." }.dropFirst()
        }
        return nil
    }
}
