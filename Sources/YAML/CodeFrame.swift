/// Shows a diagnostic with the lines it is about and a mark under the exact place.
public enum CodeFrame {
    private static let widthLimit = 160
    private static let linesShown = 4

    /// The diagnostic as lines of text, each ended by `\n`:
    ///
    ///     playbook.yaml:4:9: error[SB1020]: the value ends at its closing quote, but `in ticket.tags` follows
    ///        4 | when: "vip" in ticket.tags
    ///          |             ^^^^^^^^^^^^^^
    ///     help: put quotes around the whole value:
    ///          | when: '"vip" in ticket.tags'
    ///
    /// `source` is the file of the diagnostic; without it, or without a range, only the sentences are shown.
    public static func render(_ diagnostic: Diagnostic, source: SourceFile?, colour: Bool) -> String {
        let paint = Paint(isOn: colour)
        let severity = "\(diagnostic.severity.rawValue)[\(diagnostic.code)]"
        let place = diagnostic.range.map { ":\($0.start.line):\($0.start.column)" } ?? ""
        var out = paint.bold(printable(diagnostic.file) + place + ":") + " "
        out += (diagnostic.severity == .error ? paint.red(severity) : paint.yellow(severity))
        out += ": " + printable(diagnostic.message) + "\n"
        var margin = 4
        if let source, let range = diagnostic.range {
            margin = max(4, String(range.end.line).count)
            out += frame(range, source, margin, diagnostic.severity, paint)
        }
        if let help = diagnostic.help {
            out += paint.cyan("help:") + " " + printable(help) + (diagnostic.fixedLine == nil ? "\n" : ":\n")
        }
        if let fixed = diagnostic.fixedLine {
            out +=
                String(repeating: " ", count: margin) + " | " + paint.green(clipped(printable(fixed), from: 0)) + "\n"
        }
        return out
    }

    private static func frame(
        _ range: SourceRange, _ source: SourceFile, _ margin: Int, _ severity: Diagnostic.Severity, _ paint: Paint
    ) -> String {
        var out = ""
        // A range that ends before the first character of a line does not touch that line.
        let endsEarly = range.end.column == 1 && range.end.line > range.start.line
        let last = min(max(range.start.line, endsEarly ? range.end.line - 1 : range.end.line), source.lineCount)
        for line in range.start.line...max(range.start.line, min(last, range.start.line + linesShown - 1)) {
            let text = source.line(line)
            let length = text.unicodeScalars.count
            let indent = text.unicodeScalars.prefix { $0 == " " || $0 == "\t" }.count
            let from = line == range.start.line ? range.start.column - 1 : indent
            let to = line == range.end.line ? range.end.column - 1 : length
            let shift = from > widthLimit - 40 ? from - 40 : 0
            let shown = clipped(printable(text), from: shift)
            let width = max(1, min(to, shift + widthLimit) - from)
            let number = String(line)
            out +=
                String(repeating: " ", count: margin - number.count) + number + " |"
                + (shown.isEmpty ? "" : " \(shown)") + "\n"
            // A line that the range only passes through, and that has nothing to mark.
            if from >= to, line != range.start.line, line != last { continue }
            let before = String.UnicodeScalarView(printable(text).unicodeScalars.dropFirst(shift).prefix(from - shift))
            let marks = String(repeating: "^", count: columns(text, from: from, count: width))
            out +=
                String(repeating: " ", count: margin) + " | " + String(repeating: " ", count: columns(String(before)))
            out += (severity == .error ? paint.red(marks) : paint.yellow(marks)) + "\n"
        }
        if last > range.start.line + linesShown - 1 {
            out += String(repeating: " ", count: margin) + " | … up to line \(last)\n"
        }
        return out
    }

    private static func columns(_ text: String, from: Int, count: Int) -> Int {
        let part = text.unicodeScalars.dropFirst(from).prefix(count)
        let missing = count - part.count
        return max(1, columns(String(String.UnicodeScalarView(part))) + missing)
    }

    /// How many cells of a terminal a text takes: wide characters two, marks that join none.
    private static func columns(_ text: String) -> Int {
        text.unicodeScalars.reduce(0) { sum, scalar in
            switch scalar.properties.generalCategory {
            case .nonspacingMark, .enclosingMark, .format: return sum
            default: break
            }
            // A tone of skin changes the sign before it; flags are two letters of one cell each.
            if (0x1F3FB...0x1F3FF).contains(scalar.value) { return sum }
            if scalar.properties.isEmojiPresentation, !(0x1F1E6...0x1F1FF).contains(scalar.value) { return sum + 2 }
            switch scalar.value {
            case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
                0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
                return sum + 2
            default: return sum + 1
            }
        }
    }

    /// Control characters would move the mark, or drive the terminal.
    private static func printable(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { $0.value < 0x20 || (0x7F..<0xA0).contains($0.value) }) else {
            return text
        }
        var out = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            let isControl = scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value)
            out.append(scalar == "\t" ? " " : isControl ? "\u{FFFD}" : scalar)
        }
        return String(out)
    }

    private static func clipped(_ text: String, from shift: Int) -> String {
        let scalars = text.unicodeScalars
        guard scalars.count > widthLimit || shift > 0 else { return text }
        let part = String(String.UnicodeScalarView(scalars.dropFirst(shift).prefix(widthLimit)))
        return part + (scalars.count > shift + widthLimit ? "…" : "")
    }
}

/// The few terminal colours of a code frame.
private struct Paint {
    let isOn: Bool

    func bold(_ text: String) -> String { wrap(text, "1") }
    func red(_ text: String) -> String { wrap(text, "1;31") }
    func yellow(_ text: String) -> String { wrap(text, "1;33") }
    func cyan(_ text: String) -> String { wrap(text, "36") }
    func green(_ text: String) -> String { wrap(text, "32") }

    private func wrap(_ text: String, _ code: String) -> String { isOn ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text }
}
