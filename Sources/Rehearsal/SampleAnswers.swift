import RunStore
import WorkflowModel

/// Makes up answers to questions.
struct SampleAnswers {
    let directory: Directory
    let now: Timestamp

    /// The most answers to one form that are told apart.
    static let mostForms = 8

    /// What a form may be filled in with: one for each combination of its choices, as far as ``mostForms`` allows. What `given` says
    /// stands.
    func forms(_ schema: Schema, given: ValueMap = ValueMap(), by person: String) -> [ValueMap] {
        var forms = [ValueMap()]
        for property in schema.properties {
            let values = given[property.name].map { [$0] } ?? self.values(property.schema, by: person)
            let more = values.count * forms.count <= SampleAnswers.mostForms ? values : Array(values.prefix(1))
            forms = forms.flatMap { form in
                more.map { value in
                    var form = form
                    form[property.name] = value
                    return form
                }
            }
        }
        return forms
    }

    /// A form in words: its choices, or all of it when there are none.
    static func text(_ form: ValueMap, _ schema: Schema) -> String {
        let choices = schema.properties.filter { $0.schema.allowed != nil || $0.schema.types.contains("boolean") }
        let shown = choices.isEmpty ? schema.properties : choices
        return shown.prefix(3).compactMap { property in
            form[property.name].map { "\(property.name)=\($0.string ?? JSONWriter.text($0))" }
        }.joined(separator: " ")
    }

    private func values(_ schema: Schema, by person: String) -> [Value] {
        if let allowed = schema.allowed, !allowed.isEmpty { return allowed }
        if schema.types.contains("boolean") { return [true, false] }
        if let value = schema.defaultValue, !value.isNull { return [value] }
        switch schema.format {
        case "duration": return ["1h"]
        case "date-time": return [.string(now.rfc3339)]
        case "person", "recipient": return [.string(person)]
        case "team": return [.string(directory.teams.first?.id ?? "")]
        case "service": return [.string(directory.services.first?.id ?? "")]
        default: break
        }
        switch schema.types.first {
        case "integer": return [.int(Int64(schema.minimum ?? 1))]
        case "number": return [.double(schema.minimum ?? 1)]
        case "array": return [[]]
        case "object": return [[:]]
        default:
            let text = String(repeating: "sample ", count: (schema.minLength ?? 0) / 7 + 1).dropLast()
            return [.string(String(text.prefix(schema.maxLength ?? .max)))]
        }
    }
}
