import WorkflowModel
import YAML
import Shapes

/// Reads the typed inputs of a manual trigger, and the fields of a question, which are the same.
struct InputReader {
    let reading: PlaybookReading
    /// What messages call it: `input` or `field`.
    var noun = "input"

    private var article: String { noun == "input" ? "an" : "a" }

    /// Words for types in other languages.
    private static let otherWords = [
        "int": "integer", "str": "text", "bool": "boolean", "flag": "boolean", "float": "number", "date": "time",
        "datetime": "time", "dict": "map", "user": "person", "group": "team",
    ]

    /// The inputs of `manual:`.
    func inputs(_ node: YAMLNode) -> [InputField] {
        if node.isNull { return [] }
        guard let manual = Fields(node, "`manual`", reading) else { return [] }
        manual.refuseUnknown(KeyTable.manual, "a manual trigger")
        guard let list = manual.value("inputs"), !list.isNull, let fields = Fields(list, "`inputs`", reading) else {
            return []
        }
        return (fields.node.entries ?? []).compactMap(input)
    }

    /// One of them.
    func input(_ entry: YAMLNode.Entry) -> InputField? {
        let name = entry.key.text ?? ""
        if NameRules.reservedWords.contains(name) {
            reading.report(
                .wrongValue, entry.key,
                "`\(name)` is a word of the expression language and cannot be the name of \(article) \(noun)",
                help: "write another one")
        } else if !NameRules.isName(name) {
            reading.report(
                .wrongValue, entry.key, "the name of \(article) \(noun) is made of letters, digits and `_`",
                help: NameRules.nameHelp)
        }
        if entry.value.scalar != nil {
            let schema = entry.value.isNull ? Schema(types: ["string"]) : type(entry.value) ?? .anything
            return InputField(name: name, schema: schema, isRequired: false)
        }
        guard let fields = Fields(entry.value, "the \(noun) `\(name)`", reading) else { return nil }
        fields.refuseUnknown(KeyTable.input, "\(article) \(noun)")
        var schema = Schema(types: ["string"])
        if let word = fields.value("type") {
            // With a type that is not known the input is there all the same, so that one mistake is reported once.
            schema = type(word) ?? .anything
        }
        schema.description = fields.text("description")
        if let values = fields.list("enum", of: "values") { schema.allowed = values.map(\.plainValue) }
        if let value = fields.value("default") {
            let literal = value.plainValue
            if let violation = schema.violations(of: literal, limit: 1).first {
                reading.report(.wrongValue, value, "the default of `\(name)` \(violation.description)")
            } else if let text = literal.string {
                EntryCheck(reading: reading).check(text, schema, value)
            }
            schema.defaultValue = literal
        }
        return InputField(name: name, schema: schema, isRequired: fields.flag("required") ?? false)
    }

    private func type(_ node: YAMLNode) -> Schema? {
        guard let word = node.text, let found = InputTypes.known.first(where: { $0.word == word }) else {
            let words = InputTypes.known.map(\.word)
            let near = node.text.flatMap {
                Self.otherWords[$0.lowercased()] ?? Similarity.nearest(to: $0, among: words)
            }
            reading.report(
                .wrongValue, node,
                "`type` must be one of text, integer, number, boolean, list, map, duration, time, "
                    + "person, team, service, recipient", help: near.map { "did you mean `\($0)`?" })
            return nil
        }
        var schema = Schema(types: [found.type])
        schema.format = found.format
        return schema
    }
}

/// How names in a playbook are made.
enum NameRules {
    static let nameHelp = "begin with a lower-case letter; then lower-case letters, digits and `_`"

    /// Whether a text can be a name in expressions: `[a-z][a-z0-9_]*`, at most 64 characters; capital letters are let pass.
    static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, isLetter(first), text.utf8.count <= 64 else { return false }
        return text.utf8.allSatisfy { isLetter($0) || isDigit($0) || $0 == UInt8(ascii: "_") }
            && !reservedWords.contains(text)
    }

    /// Whether a text can be a step's id: `[a-z][a-z0-9_]*`.
    static func isStepID(_ text: String) -> Bool {
        isName(text) && !text.utf8.contains { $0 & 0x20 == 0 && isLetter($0) }
    }

    /// Whether a text can be a playbook's id: lower-case letters, digits and `-`, at most 100 characters.
    static func isPlaybookID(_ text: String) -> Bool {
        guard let first = text.utf8.first, first != UInt8(ascii: "-"), text.utf8.count <= 100 else { return false }
        return text.utf8.allSatisfy { (isLetter($0) && $0 & 0x20 != 0) || isDigit($0) || $0 == UInt8(ascii: "-") }
    }

    /// A text made into a step's id, for "write …"; nil when nothing of it remains.
    static func stepID(from text: String) -> String? {
        let made = text.lowercased().utf8.map { isLetter($0) || isDigit($0) ? $0 : UInt8(ascii: "_") }
        let id = String(decoding: made, as: UTF8.self)
        return isStepID(id) ? id : nil
    }

    /// Words that the expression language keeps for itself (google/cel-spec, doc/langdef.md, "Syntax").
    static let reservedWords: Set<String> = [
        "true", "false", "null", "in", "as", "break", "const", "continue", "else", "for", "function", "if", "import",
        "let", "loop", "package", "namespace", "return", "var", "void", "while",
    ]

    /// The names that the language gives, which no loop variable may hide.
    static let languageNames: Set<String> = [
        "event", "events", "trigger", "vars", "inputs", "steps", "run", "failure", "now", "secrets",
    ]

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
