/// What people write out of habit from other languages, with what to write instead.
enum Slips {
    /// The mistake that begins with these two characters, if they begin one.
    static func mark(_ pair: String, next: Unicode.Scalar?, at start: Int) -> ExpressionError? {
        switch pair {
        case "==" where next == "=":
            return error("`===` is not an operator here", start, 3, "write ==")
        case "!=" where next == "=":
            return error("`!==` is not an operator here", start, 3, "write !=")
        case "<>": return error("`<>` is not an operator here", start, 2, "write != for \"is not\"")
        case "=>": return error("`=>` is not an operator here", start, 2, "write >= for \"at least\"")
        case "=<": return error("`=<` is not an operator here", start, 2, "write <= for \"at most\"")
        default: return nil
        }
    }

    /// The mistake that this character is.
    static func character(_ scalar: Unicode.Scalar, at start: Int) -> ExpressionError {
        switch scalar {
        case "=": error("`=` does not compare", start, 1, "write == to ask whether two things are equal")
        case "&": error("a single `&` is not an operator here", start, 1, "write && for \"and\"")
        case "|": error("a single `|` is not an operator here", start, 1, "write || for \"or\"")
        case "\u{201C}", "\u{201D}", "\u{201E}", "\u{00AB}", "\u{00BB}":
            error("curly quotes do not begin a text", start, 1, "write straight quotes: \"…\"")
        case "\u{2018}", "\u{2019}", "\u{201A}":
            error("curly quotes do not begin a text", start, 1, "write straight quotes: '…'")
        case "\u{2260}": error("`\u{2260}` is not an operator here", start, 1, "write !=")
        case "\u{2264}": error("`\u{2264}` is not an operator here", start, 1, "write <=")
        case "\u{2265}": error("`\u{2265}` is not an operator here", start, 1, "write >=")
        case "\u{00A0}":
            error("there is a no-break space here", start, 1, "replace it by an ordinary space")
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
        func slip(_ help: String) -> ExpressionError {
            ExpressionError(code: .syntax, message: "`\(word)` is not an operator here", range: range, help: help)
        }
        switch word {
        case "and", "AND", "And": return slip("write &&")
        case "or", "OR", "Or": return slip("write ||")
        case "not", "NOT":
            if case .name("in") = next.kind { return slip("write !(x in […])") }
            return slip("write != or !( … )")
        case "is", "equals", "eq", "IS":
            if case .name("not") = next.kind { return slip("write !=") }
            return slip("write ==")
        case "contains", "startsWith", "endsWith", "matches":
            return slip("write it with a dot and brackets: x.\(word)(\"…\")")
        case "includes", "has", "like": return slip("write x.contains(\"…\"), or \"…\" in x for a list")
        case "starts", "begins": return slip("write x.startsWith(\"…\")")
        case "ends": return slip("write x.endsWith(\"…\")")
        case "IN", "In": return slip("write in")
        case "mod": return slip("write %")
        case "then", "else": return slip("write condition ? a : b")
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

    private static func error(_ message: String, _ start: Int, _ length: Int, _ help: String) -> ExpressionError {
        ExpressionError(code: .syntax, message: message, range: start..<start + length, help: help)
    }
}
