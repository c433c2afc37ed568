/// What people write out of habit from other languages, with what to write instead.
enum Slips {
    /// The mistake that begins with these two characters, if they begin one.
    static func mark(_ pair: String, next: Unicode.Scalar?, at start: Int) -> ExpressionError? {
        switch pair {
        case "==" where next == "=":
            return error("`===` is not an operator here", start, 3, "write ==", fix: "==")
        case "!=" where next == "=":
            return error("`!==` is not an operator here", start, 3, "write !=", fix: "!=")
        case "<>": return error("`<>` is not an operator here", start, 2, "write != for \"is not\"", fix: "!=")
        case "=>": return error("`=>` is not an operator here", start, 2, "write >= for \"at least\"", fix: ">=")
        case "=<": return error("`=<` is not an operator here", start, 2, "write <= for \"at most\"", fix: "<=")
        default: return nil
        }
    }

    /// A function with an arrow, as other languages have them.
    static func arrow(at start: Int) -> ExpressionError {
        error("`=>` is not an operator here", start, 2, "write a comma after the name: exists(t, t == \"vip\")")
    }

    /// An `=` before the whole expression.
    static func leadingEquals(at start: Int) -> ExpressionError {
        error("`=` is too much here", start, 1, "take it away: what stands here is evaluated without it", fix: "")
    }

    /// `| lower`, as templates of other languages change a value; nil when what follows the bar is no such word.
    static func filter(_ rest: ArraySlice<Unicode.Scalar>, at start: Int) -> ExpressionError? {
        let word = rest.drop { $0 == " " }.prefix { $0.isNameStart || $0.isDigit }
        guard let first = word.first, !first.isDigit else { return nil }
        let after = rest[word.endIndex...].drop { $0 == " " }.first
        let name = String(String.UnicodeScalarView(word))
        let habit = name == "default" ? "write default(x, y)" : Habits.function(name)
        // Any other word may be the name of a value, and `||` was meant.
        guard after == "(" || habit != nil && after != "." else { return nil }
        let help = habit ?? "call a function: \(name)(x)"
        return error("there are no filters with `|` here", start, 1, help)
    }

    /// What to write instead of a number with letters behind it.
    static func number(_ whole: String, unit: String) -> String? {
        if ["s", "m", "h", "d", "w", "ms"].contains(unit) { return "a duration is written duration(\"\(whole)\")" }
        if unit.hasPrefix("T") { return "a time is written timestamp(\"2026-11-22T08:00:00Z\")" }
        return nil
    }

    /// The mistake that this character is.
    static func character(_ scalar: Unicode.Scalar, at start: Int) -> ExpressionError {
        switch scalar {
        case "=": error("`=` does not compare", start, 1, "write == to ask whether two things are equal", fix: "==")
        case "&": error("a single `&` is not an operator here", start, 1, "write && for \"and\"", fix: "&&")
        case "|": error("a single `|` is not an operator here", start, 1, "write || for \"or\"", fix: "||")
        case "\u{201C}", "\u{201D}", "\u{201E}", "\u{00AB}", "\u{00BB}":
            error("curly quotes do not begin a text", start, 1, "write straight quotes: \"…\"")
        case "\u{2018}", "\u{2019}", "\u{201A}":
            error("curly quotes do not begin a text", start, 1, "write straight quotes: '…'")
        case "\u{2260}": error("`\u{2260}` is not an operator here", start, 1, "write !=", fix: "!=")
        case "\u{2264}": error("`\u{2264}` is not an operator here", start, 1, "write <=", fix: "<=")
        case "\u{2265}": error("`\u{2265}` is not an operator here", start, 1, "write >=", fix: ">=")
        case "\u{00A0}":
            error("there is a no-break space here", start, 1, "replace it by an ordinary space", fix: " ")
        case "$": error("`$` has no meaning inside an expression", start, 1, "write the name alone: ticket.id")
        case "#": error("`#` has no meaning inside an expression", start, 1, "a text needs quotes: \"#support\"")
        case ";": error("`;` has no meaning here", start, 1, "write one expression; join conditions by && or ||")
        case "@": error("`@` has no meaning here", start, 1, "an address is a text and needs quotes")
        case let letter where letter.properties.isAlphabetic:
            error(
                "`\(letter)` cannot be part of a name", start, 1,
                "write such a field as ticket[\"…\"]; a text needs quotes")
        default: error("`\(scalar)` has no meaning here", start, 1, "a text needs quotes: \"\(scalar)\"")
        }
    }

    /// The mistake of a word that stands where an operator is expected.
    static func word(_ word: String, at range: Range<Int>, next: Token) -> ExpressionError? {
        func slip(_ help: String, fix: String? = nil) -> ExpressionError {
            ExpressionError(
                code: .syntax, message: "`\(word)` is not an operator here", range: range, help: help, fix: fix)
        }
        switch word {
        case "and", "AND", "And": return slip("write &&", fix: "&&")
        case "or", "OR", "Or": return slip("write ||", fix: "||")
        case "not", "NOT":
            if case .name("in") = next.kind { return slip("write !(x in […])") }
            return slip("write != or !( … )")
        case "is", "equals", "eq", "IS":
            if case .name("not") = next.kind { return slip("write !=, or !missing(x)") }
            if case .name(let state) = next.kind, ["none", "None", "empty", "defined", "undefined"].contains(state) {
                return slip(state == "defined" ? "write !missing(x)" : "write missing(x)")
            }
            return slip("write ==", fix: "==")
        case "contains", "startsWith", "endsWith", "matches":
            return slip("write it with a dot and brackets: x.\(word)(\"…\")")
        case "includes", "has", "like": return slip("write x.contains(\"…\"), or \"…\" in x for a list")
        case "starts", "begins": return slip("write x.startsWith(\"…\")")
        case "ends": return slip("write x.endsWith(\"…\")")
        case "IN", "In": return slip("write in", fix: "in")
        case "mod": return slip("write %", fix: "%")
        case "then", "else", "if": return slip("write condition ? a : b")
        case "between": return slip("write a <= x && x <= b")
        default: return nil
        }
    }

    /// What to write instead of a name that other languages have.
    static func name(_ name: String) -> String? {
        switch name {
        case "True", "TRUE", "yes", "Yes": "write true"
        case "False", "FALSE", "no", "No": "write false"
        case "None", "nil", "Null", "NULL", "undefined": "write null"
        case "Now", "NOW", "today": "write now"
        default: nil
        }
    }

    private static func error(
        _ message: String, _ start: Int, _ length: Int, _ help: String, fix: String? = nil
    ) -> ExpressionError {
        ExpressionError(code: .syntax, message: message, range: start..<start + length, help: help, fix: fix)
    }
}
