import PluginKit
import WorkflowModel

/// The words of a message: subject and text, rendered.
struct MessageText {
    /// The longest subject; longer first lines are cut there.
    static let maximumSubject = 120

    var subject: String
    var text: String

    /// The words that `input` asks for: `text`, or `template` with `data` over the names of the step.
    ///
    /// - Throws: ``Failure``, always permanent.
    init(_ input: ActionInput, in context: ActionContext) throws(Failure) {
        let given = try input.optionalText("text")
        let template = try input.optionalText("template")
        var text: String
        switch (given, template) {
        case (let given?, nil): text = given
        case (nil, let template?):
            if let data = input["data"], data.holdsSecret {
                throw .invalidInput("data must not hold a secret: a message would show it")
            }
            let names = context.names.merging(input["data"]?.map ?? ValueMap())
            text = try TemplateText.render(template, names: names, in: context)
        case (nil, nil): throw .invalidInput("text or template is missing")
        case (_?, _?): throw .invalidInput("text and template are both given; write one of them")
        }
        text = Self.trimmed(text)
        guard !text.isEmpty else { throw .invalidInput("the message is empty") }

        var subject = try input.optionalText("subject")
        if template != nil, let (named, rest) = Self.subjectLine(of: text), !rest.isEmpty {
            subject = subject ?? named
            text = rest
        }
        self.subject = Self.oneLine(subject ?? text.split(separator: "\n").first.map(String.init) ?? "")
        self.text = text
    }

    /// A template may begin with `Subject: …` and an empty line, as a mail does.
    private static func subjectLine(of text: String) -> (subject: String, rest: String)? {
        guard text.lowercased().hasPrefix("subject:"), let end = text.firstIndex(of: "\n") else { return nil }
        let rest = text[text.index(after: end)...]
        guard rest.first == "\n" else { return nil }
        return (trimmed(String(text[..<end].dropFirst("subject:".count))), trimmed(String(rest)))
    }

    private static func oneLine(_ text: String) -> String {
        var line = trimmed(String(text.drop { $0 == "#" || $0 == " " }))
        line = String(line.map { $0.isNewline || $0 == "\t" ? " " : $0 })
        return line.count > maximumSubject ? line.prefix(maximumSubject - 1) + "…" : line
    }

    private static func trimmed(_ text: String) -> String {
        let start = text.drop(while: \.isWhitespace)
        guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(start[...last])
    }
}
