import Playbooks
import Shapes
import WorkflowModel
import YAML

/// What can be written at a place: keys, names, words, and inside expressions names and fields.
struct CompletionDesk {
    let library: ShapeLibrary
    let view: WorkspaceView
    let kind: DocumentKind
    let path: String

    /// One thing that can be written.
    struct Item: Hashable {
        /// What it is to editors (Language Server Protocol 3.17, `CompletionItemKind`).
        enum Kind: Int64 {
            case field = 5, variable = 6, module = 9, property = 10, value = 12, keyword = 14, file = 17, reference = 18
        }

        var label: String
        var kind: Kind
        var insert: String
        var detail: String = ""
        var about: String = ""
    }

    /// Stands where something is to be written; no name of a workspace looks like it.
    private static let mark = "zz0here0zz"
    /// The most that is offered at once.
    static let limit = 500

    private var walk: ShapeWalk { ShapeWalk(library: library, names: view.names) }

    /// What can be written at `byte`, with the bytes that it replaces.
    func items(_ text: DocumentText, at byte: Int) -> (items: [Item], replacing: Range<Int>) {
        let (word, before) = word(text, byte)
        let line = String(decoding: text.bytes[text.line(around: byte).lowerBound..<word.lowerBound], as: UTF8.self)
        let rest = String(
            decoding: text.bytes[word.upperBound..<max(word.upperBound, text.line(around: byte).upperBound)],
            as: UTF8.self)
        if before.isEmpty, isKeyPlace(line) {
            let marked = text.replacing(word, with: rest.hasPrefix(":") ? Self.mark : "\(Self.mark): ")
            if let items = keys(marked, hasColon: rest.hasPrefix(":")) { return (items, word) }
        }
        for ending in ["", " }}", " }}\"", "\"", "'", " }", " }}\" }", "\" }"] {
            let whole = (before.isEmpty ? "" : before.joined(separator: ".") + ".") + Self.mark + ending
            let start = word.lowerBound - (before.isEmpty ? 0 : before.joined(separator: ".").utf8.count + 1)
            let marked = text.replacing(start..<word.upperBound, with: whole)
            if let items = values(marked, near: start, before) { return (items, word) }
        }
        return ([], word)
    }

    /// The part of a name that is being written, and the parts before it with dots between.
    private func word(_ text: DocumentText, _ byte: Int) -> (Range<Int>, [String]) {
        func isName(_ byte: UInt8) -> Bool {
            byte == 0x5F || byte == 0x2D || (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
        }
        var start = byte
        let line = text.line(around: byte)
        while start > line.lowerBound, isName(text.bytes[start - 1]) { start -= 1 }
        var parts: [String] = []
        var at = start
        while at > line.lowerBound, text.bytes[at - 1] == UInt8(ascii: ".") {
            var begin = at - 1
            while begin > line.lowerBound, isName(text.bytes[begin - 1]) { begin -= 1 }
            guard begin < at - 1 else { break }
            parts.insert(String(decoding: text.bytes[begin..<at - 1], as: UTF8.self), at: 0)
            at = begin
        }
        return (start..<byte, parts)
    }

    /// Whether a key may begin after `line`: at its start, after `- `, and after `{` or `,`.
    private func isKeyPlace(_ line: String) -> Bool {
        let trimmed = line.reversed().drop { $0 == " " }
        guard let last = trimmed.first else { return true }
        if last == "{" || last == "," { return true }
        return line.allSatisfy { $0 == " " || $0 == "-" }
    }

    // MARK: Keys

    private func keys(_ bytes: [UInt8], hasColon: Bool) -> [Item]? {
        guard let root = YAMLParser.parse(SourceFile(path: path, bytes: bytes)).root,
            let found = root.way(toMark: Self.mark), let mapping = found.key
        else { return nil }
        let place = walk.place(found.path)
        let present = Set((mapping.entries ?? []).compactMap(\.key.text))
        var items: [Item] = []
        for shape in walk.shapes(place) {
            let kind = shape.kinds.first { present.contains($0.key) }
            let bound = Set(shape.kinds.flatMap { [$0.key] + $0.beside })
            for key in shape.keys where !present.contains(key.name) {
                // Beside what says what the map is, only that may stand which goes with it.
                if let kind, bound.contains(key.name), !kind.beside.contains(key.name) { continue }
                items.append(
                    Item(
                        label: key.name, kind: .property, insert: hasColon ? key.name : "\(key.name): ",
                        detail: plain(key.form.words), about: Described.key(key)))
            }
        }
        for form in place.forms {
            guard case .named(let kind) = form else { continue }
            items += (view.names[kind] ?? []).filter { !present.contains($0.name) }
                .map {
                    Item(
                        label: $0.name, kind: .module, insert: hasColon ? $0.name : "\($0.name): ",
                        about: Described.entry($0))
                }
        }
        for schema in place.schemas {
            for property in schema.properties where !present.contains(property.name) {
                let isRequired = schema.required.contains(property.name)
                items.append(
                    Item(
                        label: property.name, kind: .field, insert: hasColon ? property.name : "\(property.name): ",
                        detail: Described.kind(property.schema) + (isRequired ? ", must be there" : ""),
                        about: Described.schema(property.name, property.schema, isRequired: isRequired)))
            }
        }
        return items.isEmpty ? nil : unique(items)
    }

    // MARK: Values

    private func values(_ bytes: [UInt8], near start: Int, _ before: [String]) -> [Item]? {
        let source = SourceFile(path: path, bytes: bytes)
        guard let root = YAMLParser.parse(source).root, let found = root.way(toMark: Self.mark), found.key == nil else {
            return nil
        }
        let place = walk.place(found.path)
        if kind == .playbook {
            let insight = PlaybookInsight(source, in: view.environment)
            let offset = start + before.joined(separator: ".").utf8.count
            let names = before.isEmpty ? insight.names(at: offset) : insight.fields(of: before, at: offset)
            if let names {
                return names.map { name in
                    Item(
                        label: name.name, kind: before.isEmpty ? .variable : .field, insert: name.name,
                        detail: name.schema.map(Described.kind) ?? "",
                        about: name.schema.map { Described.schema(name.name, $0) } ?? "")
                }
            }
            // An expression that cannot be read yet: another ending may help.
            let text = found.scalar.text ?? ""
            if text.hasPrefix("=") || text.contains("${{") { return nil }
        }
        // The word replaces only what stands after the last dot.
        let prefix = before.isEmpty ? "" : before.joined(separator: ".") + "."
        let items = written(place, root).filter { $0.insert.hasPrefix(prefix) }.map { item in
            var item = item
            item.insert = String(item.insert.dropFirst(prefix.count))
            return item
        }
        return items.isEmpty ? nil : unique(items)
    }

    private func written(_ place: ShapeWalk.Place, _ root: YAMLNode) -> [Item] {
        var items: [Item] = []
        func add(_ names: some Sequence<String>, _ kind: Item.Kind, _ detail: String = "") {
            items += names.map { Item(label: $0, kind: kind, insert: $0, detail: detail) }
        }
        for form in place.forms {
            switch form {
            case .word(let words):
                items += words.map { Item(label: $0.word, kind: .value, insert: $0.word, detail: plain($0.meaning)) }
            case .flag: add(["true", "false"], .value)
            case .name(.step, _): add(PlaybookInsight(root.source, in: view.environment).stepIDs, .reference)
            case .name(let kind, _):
                items += (view.names[kind] ?? []).map {
                    Item(
                        label: $0.name, kind: kind == .action ? .module : .value, insert: $0.name, detail: $0.summary,
                        about: Described.entry($0))
                }
            default: break
            }
        }
        for schema in place.schemas {
            add((schema.allowed ?? []).map { $0.string ?? JSONWriter.text($0) }, .value)
            if schema.types.contains("boolean") { add(["true", "false"], .value) }
            switch schema.format {
            case "template": add(view.templateFiles.keys.sorted(), .file, "template")
            case "table": add((view.environment.tables ?? []).sorted(), .value, "table")
            case "channel": add((view.environment.channels ?? []).sorted(), .value, "channel")
            case "person": add((view.environment.directory?.people ?? []).map(\.id), .value, "person")
            case "team": add((view.environment.directory?.teams ?? []).map(\.id), .value, "team")
            case "recipient":
                let directory = view.environment.directory
                add(["assignee"], .value, "whoever has the ticket")
                add((directory?.teams ?? []).flatMap { ["lead of \($0.id)", "group:\($0.id)"] }, .value, "team")
                add((directory?.people ?? []).map(\.id), .value, "person")
            default: break
            }
        }
        return items
    }

    private func plain(_ markdown: String) -> String { markdown.replacing("`", with: "") }

    private func unique(_ items: [Item]) -> [Item] {
        var seen: Set<String> = []
        return Array(items.filter { seen.insert($0.label).inserted }.prefix(Self.limit))
    }
}
