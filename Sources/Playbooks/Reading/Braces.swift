/// `${{ }}` in keys that hold an expression already, where it is not needed.
enum Braces {
    /// Where the first `${{` of a text stands, outside quotes, in Unicode scalars.
    static func start(in text: String) -> Int? {
        guard text.contains("${{") else { return nil }
        let scalars = Array(text.unicodeScalars)
        var quote: Unicode.Scalar?
        for at in scalars.indices {
            if let open = quote {
                if scalars[at] == open { quote = nil }
            } else if scalars[at] == "\"" || scalars[at] == "'" {
                quote = scalars[at]
            } else if scalars[at] == "$", at + 2 < scalars.count, scalars[at + 1] == "{", scalars[at + 2] == "{" {
                return at
            }
        }
        return nil
    }

    /// The expression of a text that is nothing but one `${{ EXPR }}`; nil for any other text.
    static func inside(_ text: String) -> String? {
        guard text.hasPrefix("${{"), text.hasSuffix("}}"), text.unicodeScalars.count > 5 else { return nil }
        let scalars = text.unicodeScalars.dropFirst(3).dropLast(2)
        let inner = String(
            String.UnicodeScalarView(scalars.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()))
        return inner.isEmpty || inner.contains("{{") || inner.contains("}}") ? nil : inner
    }
}
