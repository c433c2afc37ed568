import WorkflowModel
import YAML

/// Reads `calendar`: the business calendar whose open time a duration counts.
struct CalendarKey {
    let reading: PlaybookReading

    /// The calendar beside the duration of key `key`; nil when there is none, or with a report when it is not known.
    func name(_ fields: Fields, of key: String) -> String? {
        guard let node = fields.value("calendar") else { return nil }
        guard let name = node.text, node.scalar?.resolved == .string, !name.isEmpty else {
            reading.report(.wrongKind, node, "`calendar` must be the name of a calendar, is \(node.kindInWords)")
            return nil
        }
        if case .literal? = node.scalar.map(ScalarForm.init) {
        } else {
            reading.report(
                .wrongValue, node, "`calendar` is not evaluated: it must be the name of a calendar as it stands")
            return nil
        }
        if let calendars = reading.environment.calendars, !calendars.contains(name) {
            let near = Similarity.nearest(to: name, among: calendars.sorted())
            reading.report(
                .unknownEntry, node, "there is no calendar \(name)",
                help: near.map { "did you mean `\($0)`?" }
                    ?? (calendars.isEmpty
                        ? "the workspace has no calendars; write one into calendars.yaml"
                        : "calendars: \(calendars.sorted().joined(separator: ", "))"))
            return nil
        }
        checkDays(fields, key)
        return name
    }

    /// A day of open hours is not 24 hours, and calendars disagree on how many it is.
    private func checkDays(_ fields: Fields, _ key: String) {
        guard let node = fields.value(key), let text = node.text, DurationText.parse(text) != nil,
            text.contains(where: { $0 == "d" || $0 == "w" })
        else { return }
        reading.report(
            .wrongValue, node, "with a calendar it is not clear how long a day of `\(text)` is",
            help: "write the open hours, such as 8h for a day")
    }
}
