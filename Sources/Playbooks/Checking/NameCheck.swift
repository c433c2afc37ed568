import Expressions
import WorkflowModel
import YAML

/// Checks the names and functions that the expressions of a playbook use.
struct NameCheck {
    private let reading: PlaybookReading
    private let table: NameTable

    init(_ reading: PlaybookReading, _ table: NameTable) {
        self.reading = reading
        self.table = table
    }

    func run() {
        for site in reading.sites where !reading.isFull {
            if !site.isPlanned { checkFunctions(site) }
            for reference in site.expression.references { check(reference, site) }
            if let calendars = reading.environment.calendars { checkCalendars(site.expression.root, site, calendars) }
        }
    }

    private func checkFunctions(_ site: PlaybookReading.Site) {
        do throws(ExpressionError) {
            _ = try Program(site.expression)
        } catch {
            reading.report(.function, range(error.range, site), error.message, help: error.help)
        }
    }

    private func check(_ reference: Reference, _ site: PlaybookReading.Site) {
        guard
            case .problem(let problem) = table.target(reference.path, site.scope, onlyTested: reference.onlyTested)
        else { return }
        let place = segment(problem.segment, of: reference, in: site.expression.text)
        reading.report(problem.code, range(place, site), problem.message, help: problem.help)
    }

    private func checkCalendars(_ node: Node, _ site: PlaybookReading.Site, _ calendars: Set<String>) {
        if case .call("open_now", nil, let args) = node.kind, let name = args.first?.literal?.string,
            !calendars.contains(name),
            let place = args.first?.range
        {
            let near = Similarity.nearest(to: name, among: calendars.sorted())
            reading.report(
                .unknownEntry, range(place, site), "there is no calendar \(name)",
                help: near.map { "did you mean `\($0)`?" } ?? "calendars: \(calendars.sorted().joined(separator: ", "))"
            )
        }
        for child in node.kind.children { checkCalendars(child, site, calendars) }
    }

    /// Where segment `index` of a path stands in the expression's text.
    private func segment(_ index: Int, of reference: Reference, in text: String) -> Range<Int> {
        let scalars = Array(text.unicodeScalars)
        var at = reference.range.lowerBound
        let end = min(reference.range.upperBound, scalars.count)
        for (number, name) in reference.path.enumerated() {
            let wanted = Array(name.unicodeScalars)
            while at + wanted.count <= end, !scalars[at..<at + wanted.count].elementsEqual(wanted) { at += 1 }
            guard at + wanted.count <= end else { return reference.range }
            if number == index { return at..<at + wanted.count }
            at += wanted.count
        }
        return reference.range
    }

    private func range(_ range: Range<Int>, _ site: PlaybookReading.Site) -> SourceRange {
        site.node.sourceRange(ofScalars: range.lowerBound + site.offset..<range.upperBound + site.offset)
    }
}
