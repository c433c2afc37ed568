/// Cuts the text of an expression into tokens.
struct Lexer {
    let scalars: [Unicode.Scalar]
    var position = 0

    init(_ text: String) {
        scalars = Array(text.unicodeScalars)
    }

    func peek(_ distance: Int = 0) -> Unicode.Scalar? {
        position + distance < scalars.count ? scalars[position + distance] : nil
    }

    /// All tokens, the last one `.end`.
    mutating func tokens() throws(ExpressionError) -> [Token] {
        var result: [Token] = []
        while true {
            let token = try next()
            result.append(token)
            if token.kind == .end { return result }
        }
    }

    private mutating func skipSpace() {
        while let scalar = peek() {
            switch scalar {
            case " ", "\t", "\n", "\r", "\u{0C}": position += 1
            case "/" where peek(1) == "/":
                while let next = peek(), next != "\n" {
                    _ = next
                    position += 1
                }
            default: return
            }
        }
    }

    private mutating func next() throws(ExpressionError) -> Token {
        skipSpace()
        let start = position
        guard let scalar = peek() else { return Token(kind: .end, range: start..<start) }
        if let prefix = stringPrefix() { return try string(prefix) }
        if scalar.isNameStart { return name() }
        if scalar.isDigit || (scalar == "." && peek(1)?.isDigit == true) { return try number() }
        if scalar == "`" { return try quotedName() }
        return try mark()
    }

    private mutating func name() -> Token {
        let start = position
        while let scalar = peek(), scalar.isNameStart || scalar.isDigit { position += 1 }
        return Token(kind: .name(text(start..<position)), range: start..<position)
    }

    private mutating func quotedName() throws(ExpressionError) -> Token {
        let start = position
        position += 1
        while let scalar = peek(), scalar != "`" {
            guard scalar.isNameStart || scalar.isDigit || "-./ ".unicodeScalars.contains(scalar) else { break }
            position += 1
        }
        guard peek() == "`", position > start + 1 else {
            throw ExpressionError(
                code: .unclosed,
                message: "a name in backquotes holds letters, digits, `_`, `-`, `.`, `/` and spaces only",
                range: start..<min(position + 1, scalars.count),
                help: "close it with a backquote; for a text use \" or '")
        }
        position += 1
        return Token(kind: .quotedName(text(start + 1..<position - 1)), range: start..<position)
    }

    private mutating func number() throws(ExpressionError) -> Token {
        let start = position
        if peek() == "0", peek(1) == "x" || peek(1) == "X", peek(2)?.properties.isASCIIHexDigit == true {
            position += 2
            let digits = position
            while peek()?.properties.isASCIIHexDigit == true { position += 1 }
            return whole(digits: text(digits..<position), hex: true, start: start)
        }
        while peek()?.isDigit == true { position += 1 }
        var isDouble = false
        if peek() == ".", peek(1)?.isDigit == true {
            isDouble = true
            position += 1
            while peek()?.isDigit == true { position += 1 }
        }
        if peek() == "e" || peek() == "E" {
            let signed = peek(1) == "+" || peek(1) == "-"
            if peek(signed ? 2 : 1)?.isDigit == true {
                isDouble = true
                position += signed ? 2 : 1
                while peek()?.isDigit == true { position += 1 }
            }
        }
        let digits = text(start..<position)
        if isDouble { return Token(kind: .double(digits), range: start..<position) }
        let token = whole(digits: digits, hex: false, start: start)
        if let scalar = peek(), scalar.isNameStart, case .int = token.kind {
            let unit = position
            while let scalar = peek(), scalar.isNameStart || scalar.isDigit { position += 1 }
            let whole = text(start..<position)
            throw ExpressionError(
                code: .literal, message: "`\(whole)` is neither a number nor a name", range: start..<position,
                help: Slips.number(whole, unit: text(unit..<position)))
        }
        return token
    }

    private mutating func whole(digits: String, hex: Bool, start: Int) -> Token {
        if peek() == "u" || peek() == "U" {
            position += 1
            return Token(kind: .uint(digits, hex: hex), range: start..<position)
        }
        return Token(kind: .int(digits, hex: hex), range: start..<position)
    }

    private static let doubleMarks: Set<String> = ["==", "!=", "<=", ">=", "&&", "||"]
    private static let singleMarks = Set("()[]{}.,?:!<>+-*/%".unicodeScalars)

    /// Whether what stands before `=>` is the name of an element, as in `exists(t => …)`.
    private func isArrow(_ start: Int) -> Bool {
        var before = scalars[..<start].reversed().drop { $0 == " " }
        let name = before.prefix { $0.isNameStart || $0.isDigit }.count
        before = before.dropFirst(name).drop { $0 == " " }
        return name > 0 && before.first == "("
    }

    private mutating func mark() throws(ExpressionError) -> Token {
        let start = position
        if start + 1 < scalars.count {
            let pair = text(start..<start + 2)
            if pair == "=>", isArrow(start) { throw Slips.arrow(at: start) }
            if let slip = Slips.mark(pair, next: peek(2), at: start) { throw slip }
            if Self.doubleMarks.contains(pair) {
                position += 2
                return Token(kind: .mark(pair), range: start..<position)
            }
        }
        let scalar = scalars[start]
        guard Self.singleMarks.contains(scalar) else {
            if scalar == "=", scalars[..<start].allSatisfy({ $0 == " " }) { throw Slips.leadingEquals(at: start) }
            if scalar == "|", let slip = Slips.filter(scalars[(start + 1)...], at: start) { throw slip }
            throw Slips.character(scalar, at: start)
        }
        position += 1
        return Token(kind: .mark(String(scalar)), range: start..<position)
    }

    func text(_ range: Range<Int>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars[range])
        return String(view)
    }
}

extension Unicode.Scalar {
    var isDigit: Bool { ("0"..."9").contains(self) }
    var isNameStart: Bool { ("a"..."z").contains(self) || ("A"..."Z").contains(self) || self == "_" }
}
