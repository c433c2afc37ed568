/// How names, labels and numbers are written in the exposition format.
enum MetricText {
    /// `label` with everything that no name may hold replaced by `_`.
    static func name(_ label: String) -> String { word(label, allowsColon: true) }

    /// Labels as they stand between the braces, by name: `a="x",b="y"`; empty when there are none. Of two of the same name the last counts.
    static func labels(_ dimensions: [(String, String)]) -> String {
        Dictionary(dimensions.map { (word($0.0, allowsColon: false), $0.1) }) { _, last in last }
            .sorted { $0.key < $1.key }.map { "\($0.key)=\"\(value($0.value))\"" }.joined(separator: ",")
    }

    /// A help text on one line.
    static func help(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
    }

    /// A line with one value.
    static func line(_ name: String, _ labels: String, _ value: String) -> String {
        labels.isEmpty ? "\(name) \(value)\n" : "\(name){\(labels)} \(value)\n"
    }

    /// A number as the format wants it: `+Inf`, `-Inf`, `NaN`, whole ones without a fraction.
    static func number(_ number: Double) -> String {
        if number.isNaN { return "NaN" }
        if number.isInfinite { return number < 0 ? "-Inf" : "+Inf" }
        if let whole = Int64(exactly: number) { return String(whole) }
        return "\(number)"
    }

    private static func value(_ text: String) -> String { help(text).replacing("\"", with: "\\\"") }

    private static func word(_ text: String, allowsColon: Bool) -> String {
        var word = ""
        for character in text.unicodeScalars {
            switch character {
            case "a"..."z", "A"..."Z", "_": word.unicodeScalars.append(character)
            case "0"..."9": word.unicodeScalars.append(character)
            case ":" where allowsColon: word.unicodeScalars.append(character)
            default: word += "_"
            }
        }
        guard let first = word.unicodeScalars.first else { return "_" }
        return ("0"..."9").contains(first) ? "_" + word : word
    }
}
