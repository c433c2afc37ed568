/// Finds the `${{ }}` parts of a text. Quotes inside an expression are respected: `${{ "}}" }}` is one part.
struct TemplateScanner {
    enum Piece {
        case literal(String)
        case expression(String, offset: Int)
        case wrong(ExpressionError)
    }

    private let scalars: [Unicode.Scalar]
    private var position = 0

    init(_ text: String) {
        scalars = Array(text.unicodeScalars)
    }

    private func stands(_ mark: String, at index: Int) -> Bool {
        let wanted = mark.unicodeScalars
        return index + wanted.count <= scalars.count && scalars[index..<index + wanted.count].elementsEqual(wanted)
    }

    mutating func pieces() -> [Piece] {
        var result: [Piece] = []
        var start = 0
        var parts = 0
        while position < scalars.count {
            if stands("${{", at: position) {
                if start < position { result.append(.literal(text(start..<position))) }
                parts += 1
                result.append(parts > TextTemplate.maximumParts ? tooMany() : part())
                start = position
            } else if stands("{{", at: position) {
                result.append(.wrong(bare()))
                start = position
            } else {
                position += 1
            }
        }
        if start < position { result.append(.literal(text(start..<position))) }
        return result
    }

    private mutating func tooMany() -> Piece {
        defer { position = scalars.count }
        return .wrong(
            ExpressionError(
                code: .template, message: "the text has more than \(TextTemplate.maximumParts) ${{ }} parts",
                range: position..<position + 3))
    }

    private mutating func part() -> Piece {
        let opening = position
        position += 3
        let start = position
        guard let end = end(from: start) else {
            position = scalars.count
            return .wrong(
                ExpressionError(
                    code: .template, message: "`${{` is not closed", range: opening..<opening + 3,
                    help: "a `}}` is missing"))
        }
        position = end + 2
        let source = text(start..<end)
        if source.unicodeScalars.allSatisfy(\.properties.isWhitespace) {
            return .wrong(
                ExpressionError(
                    code: .template, message: "there is no expression between `${{` and `}}`",
                    range: opening..<position,
                    help: "write ${{ ticket.id }}, for instance"))
        }
        return .expression(source, offset: start)
    }

    /// Where the `}}` is that closes the part which begins at `start`: outside of quotes and of the braces of maps.
    private func end(from start: Int) -> Int? {
        var index = start
        var quote: Unicode.Scalar?
        var depth = 0
        var plain: Int?
        while index < scalars.count {
            let scalar = scalars[index]
            if let open = quote {
                if scalar == "\\" {
                    index += 1
                } else if scalar == open {
                    quote = nil
                }
                // A quote that never ends must not swallow the rest of the text: the first }} then counts.
                if plain == nil, stands("}}", at: index) { plain = index }
            } else if scalar == "\"" || scalar == "'" {
                quote = scalar
            } else if scalar == "{" {
                depth += 1
            } else if scalar == "}" {
                if depth > 0 {
                    depth -= 1
                } else if stands("}}", at: index) {
                    return index
                }
            }
            index += 1
        }
        return quote == nil ? nil : plain
    }

    /// `{{ x }}` without the dollar sign, which other tools know and this one would send as it is.
    private mutating func bare() -> ExpressionError {
        let start = position
        position += 2
        while position < scalars.count, !stands("}}", at: position) { position += 1 }
        let inner = text(start + 2..<position)
        position = min(position + 2, scalars.count)
        let words = String(
            String.UnicodeScalarView(
                inner.unicodeScalars.drop { $0.properties.isWhitespace }.reversed().drop { $0.properties.isWhitespace }
                    .reversed()))
        return ExpressionError(
            code: .template, message: "`{{` alone is not evaluated here", range: start..<position,
            help: "write ${{ \(words.count > 60 ? "…" : words) }}")
    }

    private func text(_ range: Range<Int>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars[range])
        return String(view)
    }
}
