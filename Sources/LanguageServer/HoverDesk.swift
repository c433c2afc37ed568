import Playbooks
import Shapes
import WorkflowModel
import YAML

/// What stands at a place means, and where what it names comes from.
struct HoverDesk {
    let library: ShapeLibrary
    let view: WorkspaceView
    let kind: DocumentKind
    let source: SourceFile

    private var walk: ShapeWalk { ShapeWalk(library: library, names: view.names) }

    /// What is known of what stands at `byte`, in Markdown, with its bytes.
    func hover(at byte: Int) -> (text: String, range: Range<Int>)? {
        guard let root = YAMLParser.parse(source).root else { return nil }
        if kind == .playbook, let found = expression(at: byte) { return found }
        let (path, node, isKey) = root.way(to: byte)
        guard node.scalar != nil, let text = node.text else { return nil }
        let place = walk.place(path)
        if isKey {
            if let key = walk.key(text, place) { return (Described.key(key), node.byteRange) }
            for schema in place.schemas {
                guard let property = schema.property(text) else { continue }
                return (
                    Described.schema(text, property, isRequired: schema.required.contains(text)), node.byteRange
                )
            }
            for case .named(let kind) in place.forms {
                if let entry = entry(text, kind) { return (Described.entry(entry), node.byteRange) }
            }
            return nil
        }
        for form in place.forms {
            switch form {
            case .name(let kind, _):
                if let entry = entry(text, kind) { return (Described.entry(entry), node.byteRange) }
            case .word(let words):
                guard let word = words.first(where: { $0.word == text }), !word.meaning.isEmpty else { continue }
                return ("`\(word.word)`: \(word.meaning)", node.byteRange)
            default: break
            }
        }
        return nil
    }

    private func entry(_ name: String, _ kind: ShapeForm.NameKind) -> ShapeNames.Entry? {
        view.names[kind]?.first { $0.name == name }
    }

    private func expression(at byte: Int) -> (text: String, range: Range<Int>)? {
        let insight = PlaybookInsight(source, in: view.environment)
        guard let path = insight.path(at: byte),
            let index = path.places.firstIndex(where: { $0.lowerBound <= byte && byte <= $0.upperBound })
        else { return nil }
        let part = Array(path.segments.prefix(index + 1))
        let shown = part.joined(separator: ".")
        guard let schema = insight.schema(of: part, at: byte) else {
            return PlaybookInsight.languageNames[shown].map { ("**\(shown)**\n\n\($0)", path.places[index]) }
        }
        return (Described.schema(shown, schema), path.places[index])
    }

    // MARK: Definition

    /// Where what stands at `byte` comes from: a file, and its bytes when it is this one.
    func definition(at byte: Int) -> (path: String, range: Range<Int>?)? {
        guard kind == .playbook, let root = YAMLParser.parse(source).root else { return nil }
        let insight = PlaybookInsight(source, in: view.environment)
        if let path = insight.path(at: byte), path.segments.count > 1,
            let place = place(path.segments[0], path.segments[1], insight)
        {
            return (source.path, place)
        }
        let (path, node, isKey) = root.way(to: byte)
        guard !isKey, node.scalar != nil, let text = node.text else { return nil }
        let place = walk.place(path)
        for form in place.forms {
            switch form {
            case .name(.step, _): if let place = insight.place(ofStep: text) { return (source.path, place) }
            case .name(.playbook, _): if let file = view.playbookFiles[text] { return (file, nil) }
            default: break
            }
        }
        for schema in place.schemas where schema.format == "template" {
            if let file = view.templateFiles[text] { return (file, nil) }
        }
        return nil
    }

    private func place(_ root: String, _ name: String, _ insight: PlaybookInsight) -> Range<Int>? {
        switch root {
        case "steps": insight.place(ofStep: name)
        case "vars": insight.place(ofName: name, under: "vars") ?? insight.place(ofName: name, under: "set")
        case "inputs": insight.place(ofName: name, under: "inputs")
        default: nil
        }
    }
}
