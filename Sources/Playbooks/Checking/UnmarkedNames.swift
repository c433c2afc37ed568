import Expressions
import WorkflowModel
import YAML

/// Finds texts that were meant to be expressions: `steps.owner.assignee` without its `=`, and names in single braces.
struct UnmarkedNames {
    private let reading: PlaybookReading
    private let table: NameTable

    init(_ reading: PlaybookReading, _ table: NameTable) {
        self.reading = reading
        self.table = table
    }

    func run() {
        guard !reading.texts.isEmpty else { return }
        let reported = Set(reading.diagnostics.compactMap { $0.range?.start })
        for text in reading.texts where !reading.isFull {
            guard let scalar = text.node.scalar else { continue }
            if !reported.contains(text.node.range.start) { bareName(scalar.text, text) }
            if scalar.text.contains("{") { singleBraces(scalar.text, text) }
            if scalar.style == .plain, scalar.text.hasSuffix("\"") { lostQuote(scalar.text, text.node) }
        }
    }

    /// `Nobody for ${{ ticket.id }}"`, which has lost the quote at its beginning, or has one too many at its end.
    private func lostQuote(_ text: String, _ node: YAMLNode) {
        let scalars = Array(text.unicodeScalars)
        // Five inches are written with one quote, too.
        guard scalars.count(where: { $0 == "\"" }) % 2 == 1, scalars.count > 1,
            !scalars[scalars.count - 2].properties.isWhitespace,
            !("0"..."9").contains(scalars[scalars.count - 2])
        else { return }
        let range = node.sourceRange(ofScalars: scalars.count - 1..<scalars.count)
        reading.take([
            Diagnostic(
                severity: .warning, code: "SB1029", file: reading.source.path, range: range,
                message: "this quote closes nothing, so people will see it",
                help: "write one at the beginning of the text too, or take this one away",
                fixedLine: reading.fixedLine(replacing: node.range, with: "\"" + text))
        ])
    }

    private func bareName(_ text: String, _ site: PlaybookReading.Text) {
        guard let meant = reading.pathMeant(by: text), leadsSomewhere(text, site.scope) else { return }
        reading.report(
            .missingEquals, site.node.range, "this is the text `\(text)`, not its value", help: "write \(meant)",
            fixedLine: reading.fixedLine(replacing: site.node.range, with: meant), severity: .warning)
    }

    /// `{ticket.id}` and `${ ticket.id }`, in which nothing is put in.
    private func singleBraces(_ text: String, _ site: PlaybookReading.Text) {
        let scalars = Array(text.unicodeScalars)
        var at = 0
        while at < scalars.count {
            defer { at += 1 }
            guard scalars[at] == "{" else { continue }
            guard at + 1 < scalars.count, scalars[at + 1] != "{" else {
                while at + 1 < scalars.count, scalars[at + 1] == "{" { at += 1 }
                continue
            }
            guard let close = scalars[at...].firstIndex(of: "}") else { return }
            let inside = String(String.UnicodeScalarView(scalars[(at + 1)..<close]))
            let name = inside.split(separator: " ").joined(separator: " ")
            guard reading.pathMeant(by: name) != nil, leadsSomewhere(name, site.scope) else { continue }
            let start = at > 0 && scalars[at - 1] == "$" ? at - 1 : at
            let range = site.node.sourceRange(ofScalars: start..<close + 1)
            reading.report(
                .bareBraces, range,
                "`\(String(String.UnicodeScalarView(scalars[start...close])))` stays as it is: no value is put in",
                help: "write ${{ \(name) }}",
                fixedLine: reading.fixedLine(replacing: range, with: "${{ \(name) }}"))
        }
    }

    private func leadsSomewhere(_ name: String, _ scope: NameScope) -> Bool {
        let path = name.split(separator: ".").map(String.init)
        switch table.target(path, scope) {
        case .known: return true
        case .open: return ["steps", "vars", "inputs", "secrets"].contains(path[0])
        case .problem: return false
        }
    }
}
