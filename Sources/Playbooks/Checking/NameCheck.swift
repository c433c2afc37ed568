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
            let wrongCall = site.isPlanned ? nil : wrongCall(site)
            var references = site.expression.references.filter { reference in
                // What an unknown function would name in its brackets, `any(t, …)`, is no second mistake.
                reference.path.count > 1 || wrongCall?.contains(reference.range.lowerBound) != true
            }[...]
            while let reference = references.popFirst() {
                if let next = references.first, checkDash(reference, next, site) {
                    references = references.dropFirst()
                } else {
                    check(reference, site)
                }
            }
            if let calendars = reading.environment.calendars { checkCalendars(site.expression.root, site, calendars) }
        }
    }

    /// Reports a call of a function that does not exist; gives back where the call stands.
    private func wrongCall(_ site: PlaybookReading.Site) -> Range<Int>? {
        do throws(ExpressionError) {
            _ = try Program(site.expression)
            return nil
        } catch {
            reading.report(.function, range(error.range, site), error.message, help: error.help)
            return innermostCall(at: error.range, in: site.expression.root)
        }
    }

    private func innermostCall(at place: Range<Int>, in node: Node) -> Range<Int>? {
        for child in node.kind.children where child.range.contains(place.lowerBound) {
            if let found = innermostCall(at: place, in: child) { return found }
        }
        guard case .call = node.kind, node.range.contains(place.lowerBound) else { return nil }
        return node.range
    }

    /// Reports `email-delivery`, a text or field with a dash, as the one mistake that it is; false when it is something else.
    private func checkDash(_ first: Reference, _ second: Reference, _ site: PlaybookReading.Site) -> Bool {
        let scalars = site.expression.text.unicodeScalars
        guard second.range.lowerBound == first.range.upperBound + 1, second.path.count == 1,
            scalars.dropFirst(first.range.upperBound).first == "-",
            case .problem(let problem) = table.target(first.path, site.scope, onlyTested: first.onlyTested),
            problem.segment == first.path.count - 1,
            case .problem = table.target(second.path, site.scope, onlyTested: second.onlyTested)
        else { return false }
        let start = segment(problem.segment, of: first, in: site.expression.text).lowerBound
        let place = range(start..<second.range.upperBound, site)
        let name = "\(first.path.last ?? "")-\(second.path[0])"
        guard first.path.count > 1 else {
            reading.report(
                problem.code, place, "there is no name `\(name)` here", help: "a text needs quotes: \"\(name)\"")
            return true
        }
        let owner = first.path.dropLast()
        let meant = Array(owner) + [name.replacing("-", with: "_")]
        var help = "a field with a dash is written \(owner.joined(separator: "."))[\"\(name)\"]"
        if case .known = table.target(meant, site.scope, onlyTested: false) {
            help = "did you mean `\(meant.joined(separator: "."))`?"
        }
        reading.report(
            problem.code, place, "`\(owner.joined(separator: "."))` has no field `\(name)`", help: help)
        return true
    }

    private func check(_ reference: Reference, _ site: PlaybookReading.Site) {
        guard
            case .problem(let problem) = table.target(reference.path, site.scope, onlyTested: reference.onlyTested)
        else { return }
        let place = segment(problem.segment, of: reference, in: site.expression.text)
        let help = problem.code == .unknownName ? reference.helpForUnknownName ?? problem.help : problem.help
        reading.report(problem.code, range(place, site), problem.message, help: help)
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
