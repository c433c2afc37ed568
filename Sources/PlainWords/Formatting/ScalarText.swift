import YAML

/// How a value of one line is written.
enum ScalarText {
    /// The text of the file, without quotes that are not needed. Inside `{…}` and `[…]` more of them are.
    static func written(_ node: YAMLNode, inFlow: Bool) -> String {
        let raw = String(decoding: node.source.bytes[node.byteRange], as: UTF8.self)
        guard let scalar = node.scalar, node.aliased == nil,
            scalar.style == .singleQuoted || scalar.style == .doubleQuoted, isPlain(scalar.text, inFlow: inFlow)
        else { return raw }
        return scalar.text
    }

    /// Whether quotes can be left out for every reader of YAML: words of letters, digits and a few marks, and nothing that could be
    /// taken for a number, a date or a truth value.
    static func isPlain(_ text: String, inFlow: Bool) -> Bool {
        let words = ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"]
        guard let first = text.unicodeScalars.first, let last = text.unicodeScalars.last, first.properties.isAlphabetic,
            last != " ", last != ":", !words.contains(text.lowercased()), CoreScalar(resolving: text) == .string
        else { return false }
        let marks = inFlow ? " _-./@" : " _-./@:,;()?!'"
        var previous: Unicode.Scalar?
        for scalar in text.unicodeScalars {
            guard
                scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || marks.unicodeScalars.contains(scalar)
            else { return false }
            if scalar == " ", previous == ":" { return false }
            previous = scalar
        }
        return true
    }
}
