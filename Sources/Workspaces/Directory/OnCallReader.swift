import WorkflowModel
import YAML

/// Reads on-call schedules.
///
/// YAML: a list, or a map from id, of `zone`, `layers` (each `people`, `start`, `turn`, `hours`) and `overrides` (each `person`,
/// `from`, `until`). With one layer its columns may stand in the schedule itself. CSV: columns `id`, `zone`, `people`, `start`, `turn`,
/// `hours`, `person`, `from`, `until`; each row of an id adds a layer (with `people`) or an override (with `person`).
struct OnCallReader {
    let report: LoadReport
    let directory: Directory
    private let people: DirectoryReader.Known

    init(report: LoadReport, directory: Directory) {
        self.report = report
        self.directory = directory
        people = DirectoryReader.Known(directory.people.map(\.id), directory.people.map(\.id))
    }

    private static let columns = [
        "id", "zone", "layers", "overrides", "people", "start", "turn", "hours", "person", "from", "until",
    ]

    func schedules(_ raw: RawTable) -> [OnCallSchedule] {
        let table = KnownTable(raw, name: "on_call", columns: Self.columns, report: report)
        var schedules: [OnCallSchedule] = []
        var positions: [String: Int] = [:]
        for (id, row) in table.rows(unique: !raw.isCSV) {
            let position = positions[id] ?? schedules.count
            if position == schedules.count {
                positions[id] = position
                schedules.append(OnCallSchedule(id: id))
            }
            if let zone = table.zone("zone", row) { schedules[position].zone = zone }
            let zone = schedules[position].zone ?? directory.zone
            if row["people"] != nil, let layer = layer(table, row, zone) { schedules[position].layers.append(layer) }
            if row["person"]?.isEmpty == false, let change = override(table, row, zone) {
                schedules[position].overrides.append(change)
            }
            for inner in nested("layers", ["people", "start", "turn", "hours"], table, row) {
                if let layer = layer(inner.0, inner.1, zone) { schedules[position].layers.append(layer) }
            }
            for inner in nested("overrides", ["person", "from", "until"], table, row) {
                if let change = override(inner.0, inner.1, zone) { schedules[position].overrides.append(change) }
            }
        }
        return schedules
    }

    /// The rows of a list inside a row.
    private func nested(
        _ column: String, _ columns: [String], _ table: KnownTable, _ row: RawRow
    ) -> [(KnownTable, RawRow)] {
        guard let cell = row[column], !cell.isEmpty else { return [] }
        guard let items = cell.node?.items else {
            table.wrong(.wrongCell, cell, row, "`\(column)` must be a list")
            return []
        }
        var raw = table.raw
        raw.rows = items.filter { $0.entries != nil }.map { item in
            RawRow(cells: (item.entries ?? []).map { ($0.key.text ?? "", RawCell($0.value)) }, range: item.range)
        }
        raw.columns = Array(Set(raw.rows.flatMap { $0.cells.map(\.column) })).sorted()
        let inner = KnownTable(raw, name: "on_call.\(column)", columns: columns, report: report)
        return inner.raw.rows.map { (inner, $0) }
    }

    private func layer(_ table: KnownTable, _ row: RawRow, _ zone: String) -> OnCallSchedule.Layer? {
        let people = table.texts("people", row)
        guard !people.isEmpty else {
            if row["person"]?.isEmpty != false {
                table.wrong(.missingCell, row["people"], row, "a layer needs `people`")
            }
            return nil
        }
        for person in people { check(person, "people", table, row) }
        let turn = table.duration("turn", row) ?? (row["turn"]?.isEmpty == false ? nil : .seconds(7 * 86_400))
        guard table.text("start", row, required: true) != nil, let start = table.instant("start", row, zone: zone),
            let turn
        else { return nil }
        return OnCallSchedule.Layer(people: people, start: start, turn: turn, hours: table.hours("hours", row))
    }

    private func override(_ table: KnownTable, _ row: RawRow, _ zone: String) -> OnCallSchedule.Override? {
        guard let person = table.text("person", row, required: true), table.text("from", row, required: true) != nil,
            table.text("until", row, required: true) != nil, let from = table.instant("from", row, zone: zone),
            let until = table.instant("until", row, zone: zone)
        else { return nil }
        check(person, "person", table, row)
        guard from < until else {
            table.wrong(.wrongCell, row["until"], row, "`until` must be after `from`")
            return nil
        }
        return OnCallSchedule.Override(person: person, from: from, until: until)
    }

    private func check(_ person: String, _ column: String, _ table: KnownTable, _ row: RawRow) {
        people.check(person, "person", column, table, row)
    }
}
