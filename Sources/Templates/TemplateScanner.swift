import WorkflowModel

/// Reads the tags of a template: their names with positions, and the text cut up so that each name can be replaced.
///
/// swift-mustache looks names up silently and prints nothing for a missing one. So the names are taken out here: the
/// text that it gets has a number in the place of each name, and every look-up comes back to us with the tag's own
/// position. White space, indentation, partials and sections stay its work.
struct TemplateScanner {
    /// A piece of the text for swift-mustache.
    enum Piece: Sendable {
        case verbatim(String)
        /// The number of a tag, with what opens and closes the tag around it.
        case tag(opening: String, number: Int, closing: String)
        /// White space at the end of the text, which swift-mustache 2.1 loses when nothing else is on its line.
        case blanks(opening: String, String, closing: String)
    }

    struct Tag: Sendable {
        let use: NameUse
        let isEscaped: Bool
        /// The body, for the two kinds of section.
        let body: Int?
    }

    /// What stands directly in a template or a section, without the sections in it.
    struct Body: Sendable {
        var literalBytes = 0
        var depth: Int
        var partials: [(name: String, indentation: Int)] = []
    }

    static let sizeLimit = 256 << 10
    static let depthLimit = 64

    private(set) var pieces: [Piece] = []
    private(set) var tags: [Tag] = []
    private(set) var bodies: [Body] = [Body(depth: 0)]
    private(set) var partials: [PartialUse] = []
    /// How many line breaks the template has.
    var newlines: Int { line - 1 }

    private let file: String
    private let text: [Character]
    private var index = 0
    private var line = 1
    private var column = 1
    private var opening = Array("{{")
    private var closing = Array("}}")
    private var open: [OpenSection] = []
    private var verbatim = ""

    private struct OpenSection {
        let name: String
        let number: Int
        let body: Int
        let place: SourcePlace
    }

    init(_ text: String, file: String) throws(TemplateError) {
        self.file = file
        self.text = Array(text)
        guard text.utf8.count <= Self.sizeLimit else {
            throw TemplateError(
                place: SourcePlace(file: file, line: 1, column: 1),
                message: "the template has \(text.utf8.count) bytes; at most \(Self.sizeLimit) are allowed")
        }
        while index < self.text.count {
            if looks(at: opening) { try readTag() } else { takeLiteral() }
        }
        if let section = open.last {
            throw TemplateError(
                place: section.place, message: "this section is never closed; write {{/\(section.name)}} where it ends")
        }
        flushLast()
    }

    private var place: SourcePlace { SourcePlace(file: file, line: line, column: column) }

    private var body: Int { open.last?.body ?? 0 }

    /// The sections whose values may answer for a name here.
    private var enclosing: [[String]] {
        open.compactMap { section in
            let use = tags[section.number].use
            return use.role == .section ? use.path : nil
        }
    }

    private func looks(at wanted: [Character], from start: Int? = nil) -> Bool {
        let start = start ?? index
        return start + wanted.count <= text.count && text[start..<start + wanted.count].elementsEqual(wanted)
    }

    private mutating func advance() -> Character {
        let character = text[index]
        index += 1
        if character.isNewline {
            line += 1
            column = 1
        } else {
            column += 1
        }
        return character
    }

    private mutating func takeLiteral() {
        let character = advance()
        verbatim.append(character)
        bodies[body].literalBytes += character.utf8.count
    }

    private mutating func flush() {
        if !verbatim.isEmpty { pieces.append(.verbatim(verbatim)) }
        verbatim = ""
    }

    private mutating func flushLast() {
        let blanks = verbatim.reversed().prefix { $0 == " " || $0 == "\t" }
        let before = verbatim.dropLast(blanks.count)
        guard !blanks.isEmpty, before.last?.isNewline ?? pieces.isEmpty else { return flush() }
        verbatim = String(before)
        flush()
        pieces.append(
            .blanks(opening: String(opening) + "&", String(blanks.reversed()), closing: String(closing)))
    }

    // MARK: Tags

    private mutating func readTag() throws(TemplateError) {
        let start = place
        let indentation = indentationBefore()
        let isAfterDollar = index > 0 && text[index - 1] == "$"
        for _ in opening { _ = advance() }
        guard index < text.count else { throw unfinished(start) }
        let sigil = text[index]
        switch sigil {
        case "!":
            let content = try readContent(until: closing, start)
            verbatim += String(opening) + content + String(closing)
        case "=":
            try readDelimiters(start)
        case "{":
            _ = advance()
            let name = try readContent(until: ["}"] + closing, start)
            add(.text, path: try path(name, start), isEscaped: false, sigil: "&", start)
        case "&":
            _ = advance()
            let name = try readContent(until: closing, start)
            add(.text, path: try path(name, start), isEscaped: false, sigil: "&", start)
        case "#", "^":
            _ = advance()
            let content = try readContent(until: closing, start)
            try openSection(sigil == "#" ? .section : .inverted, path: try path(content, start), start)
        case "/":
            _ = advance()
            try closeSection(try readContent(until: closing, start), start)
        case ">":
            _ = advance()
            try addPartial(try readContent(until: closing, start), indentation: indentation, start)
        case "<", "$", "%":
            throw TemplateError(
                place: start,
                message: "“\(sigil)” tags are not part of these templates; use {{>name}} to put another in")
        default:
            let content = try readContent(until: closing, start)
            guard !isAfterDollar else { throw playbookForm(content, start) }
            add(.text, path: try path(content, start), isEscaped: true, sigil: "", start)
        }
    }

    /// `${{ … }}`, which would print the dollar sign, too.
    private func playbookForm(_ content: String, _ start: SourcePlace) -> TemplateError {
        let name = Self.trimmed(content)
        let shown = name.count <= 60 ? name : "\(name.prefix(60))…"
        return TemplateError(
            place: SourcePlace(file: file, line: start.line, column: start.column - 1),
            message:
                "“${{ \(shown) }}” is how playbooks write it; in a template write {{ \(shown) }} (a dollar sign that is "
                + "meant to be seen needs a blank behind it)")
    }

    /// White space between the line's start and the tag: a partial repeats it on each line.
    private func indentationBefore() -> Int {
        var start = index
        while start > 0, text[start - 1] == " " || text[start - 1] == "\t" { start -= 1 }
        return start == 0 || text[start - 1].isNewline ? index - start : 0
    }

    private func unfinished(_ start: SourcePlace) -> TemplateError {
        TemplateError(place: start, message: "this tag is never closed; it ends with \(String(closing))")
    }

    private mutating func readContent(until end: [Character], _ start: SourcePlace) throws(TemplateError) -> String {
        var content = ""
        while index < text.count {
            if looks(at: end) {
                for _ in end { _ = advance() }
                return content
            }
            content.append(advance())
        }
        throw unfinished(start)
    }

    /// A name in pieces, `[]` for `.`.
    private func path(_ content: String, _ start: SourcePlace) throws(TemplateError) -> [String] {
        let name = Self.trimmed(content)
        if name == "." { return [] }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        guard !name.isEmpty, parts.allSatisfy(Self.isWord) else {
            let shown = name.count <= 60 ? name : "\(name.prefix(60))…"
            throw TemplateError(
                place: start,
                message: "“\(shown)” is no name like ticket.title; a template only names values, so work "
                    + "others out in the playbook (vars or data:) and name them here")
        }
        return parts.map(String.init)
    }

    private static func isWord(_ text: Substring) -> Bool {
        guard let first = text.utf8.first, !text.utf8.isEmpty else { return false }
        let isLetter = { (byte: UInt8) in byte | 32 >= 97 && byte | 32 <= 122 || byte == UInt8(ascii: "_") }
        return isLetter(first)
            && text.utf8.allSatisfy { isLetter($0) || $0 >= 48 && $0 <= 57 || $0 == UInt8(ascii: "-") }
    }

    private static func trimmed(_ text: String) -> String {
        var rest = text[...]
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }

    private mutating func add(
        _ role: NameUse.Role, path: [String], isEscaped: Bool, sigil: String, body: Int? = nil, _ start: SourcePlace
    ) {
        flush()
        pieces.append(.tag(opening: String(opening) + sigil, number: tags.count, closing: String(closing)))
        let use = NameUse(path: path, role: role, place: start, enclosing: enclosing)
        tags.append(Tag(use: use, isEscaped: isEscaped, body: body))
    }

    private mutating func openSection(
        _ role: NameUse.Role, path: [String], _ start: SourcePlace
    ) throws(TemplateError) {
        guard open.count < Self.depthLimit else {
            throw TemplateError(place: start, message: "sections lie more than \(Self.depthLimit) deep")
        }
        let number = tags.count
        add(role, path: path, isEscaped: false, sigil: role == .section ? "#" : "^", body: bodies.count, start)
        bodies.append(Body(depth: open.count + 1))
        open.append(
            OpenSection(name: tags[number].use.name, number: number, body: bodies.count - 1, place: start))
    }

    private mutating func closeSection(_ content: String, _ start: SourcePlace) throws(TemplateError) {
        let name = Self.trimmed(content)
        guard let section = open.last else {
            throw TemplateError(
                place: start, message: "{{/\(name)}} closes no section; write {{#\(name)}} where it begins")
        }
        guard section.name == name else {
            throw TemplateError(
                place: start,
                message: "{{/\(name)}} stands where {{/\(section.name)}} must close the section of line "
                    + "\(section.place.line)")
        }
        open.removeLast()
        flush()
        pieces.append(.tag(opening: String(opening) + "/", number: section.number, closing: String(closing)))
    }

    private mutating func addPartial(
        _ content: String, indentation: Int, _ start: SourcePlace
    ) throws(TemplateError) {
        let name = Self.trimmed(content)
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.allSatisfy(Self.isWord) else {
            throw TemplateError(
                place: start, message: "“\(name.prefix(60))” is no name of a template, like greeting or mails/footer")
        }
        partials.append(PartialUse(name: name, place: start, enclosing: enclosing))
        bodies[body].partials.append((name, indentation))
        verbatim += String(opening) + ">" + name + String(closing)
    }

    /// `{{=<% %>=}}`. Only outside sections, where all readers of the language agree on how far it reaches.
    private mutating func readDelimiters(_ start: SourcePlace) throws(TemplateError) {
        _ = advance()
        let content = try readContent(until: ["="] + closing, start)
        let words = content.split(whereSeparator: \.isWhitespace)
        let allowed = Set("<>%|@[]{}$~:+,;!^&#/\\'\"`")
        guard words.count == 2, words.allSatisfy({ $0.count <= 8 && $0.allSatisfy(allowed.contains) }) else {
            throw TemplateError(
                place: start, message: "new delimiters are two groups of punctuation marks, like {{=<% %>=}}")
        }
        guard open.isEmpty else {
            throw TemplateError(place: start, message: "change the delimiters outside of all sections")
        }
        verbatim += String(opening) + "=" + words[0] + " " + words[1] + "=" + String(closing)
        opening = Array(words[0])
        closing = Array(words[1])
    }
}
