import Mustache
public import WorkflowModel

/// One Mustache template, read and checked, strict about names: what it names must be there.
///
/// Variables, sections, inverted sections, comments, partials and other delimiters are those of the Mustache
/// specification (mustache/spec 1.4). Left out are lambdas, inheritance and dynamic names. Text is not escaped, but
/// for files whose name ends in `.html.mustache`.
public struct MessageTemplate: Sendable {
    /// The name by which playbooks and other templates call it.
    public let name: String
    /// The file it stands in, for messages.
    public let file: String
    /// Every use of a name, in the order of the text; names in partials are not among them.
    public let names: [NameUse]
    /// Every other template that is put in.
    public let partials: [PartialUse]
    /// Whether values are escaped for HTML.
    public let isHTML: Bool

    let scan: TemplateScanner

    /// Reads a template of at most 256 KiB with sections at most 64 deep.
    ///
    /// - Parameter file: The file for messages; `NAME.mustache` when left out.
    /// - Throws: ``TemplateError`` at the first tag that is wrong.
    public init(name: String, file: String? = nil, text: String) throws(TemplateError) {
        self.name = name
        self.file = file ?? "\(name).mustache"
        isHTML = self.file.hasSuffix(".html.mustache")
        scan = try TemplateScanner(text, file: self.file)
        names = scan.tags.map(\.use)
        partials = scan.partials
        _ = try compiled(as: 0)
    }

    /// The template for swift-mustache with numbers for names; `index` tells templates apart.
    func compiled(as index: Int) throws(TemplateError) -> MustacheTemplate {
        // The directive on a line of its own vanishes. It is needed in each template, since a partial begins as HTML.
        var text = "{{% CONTENT_TYPE:TEXT}}\n"
        for piece in scan.pieces {
            switch piece {
            case .verbatim(let part): text += part
            case .tag(let opening, let number, let closing):
                text += "\(opening)\(TagName(template: index, tag: number).text)\(closing)"
            case .blanks(let opening, let blanks, let closing):
                text += "\(opening)\(BlankName.name(for: blanks))\(closing)"
            }
        }
        do {
            return try MustacheTemplate(string: text)
        } catch {
            throw TemplateError(
                place: SourcePlace(file: file, line: 1, column: 1),
                message: "Mustache cannot read the template: \(error)")
        }
    }

    /// Prints the template alone; see ``TemplateLibrary/render(_:names:lookup:)``.
    ///
    /// - Throws: ``TemplateError``; also when the template puts in another.
    public func render(_ scope: ValueMap) throws(TemplateError) -> String {
        try TemplateLibrary([self]).render(name, scope)
    }
}

/// The number of a tag among all templates, as it stands in the text that swift-mustache gets.
struct TagName {
    let template: Int
    let tag: Int

    init(template: Int, tag: Int) {
        self.template = template
        self.tag = tag
    }

    init?(_ text: String) {
        let parts = text.dropFirst().split(separator: "n")
        guard parts.count == 2, let template = Int(parts[0]), let tag = Int(parts[1]) else { return nil }
        self.init(template: template, tag: tag)
    }

    var text: String { "t\(template)n\(tag)" }
}

/// White space dressed as a name, so that it comes back to us to be printed.
enum BlankName {
    static func name(for blanks: String) -> String { "w" + blanks.map { $0 == "\t" ? "t" : "s" } }

    static func blanks(_ name: String) -> String? {
        name.first == "w" ? String(name.dropFirst().map { $0 == "t" ? "\t" : " " }) : nil
    }
}
