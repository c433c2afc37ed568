import Expressions
public import WorkflowModel
public import YAML

/// What a playbook's text says at a place, for editors: which names exist there, what fields they have, and where they come from.
///
/// It works on texts with mistakes as far as they can be read.
public struct PlaybookInsight {
    /// A name or a field.
    public struct Name: Sendable, Hashable {
        /// How it is written.
        public var name: String
        /// What it is like; nil when nothing is known.
        public var schema: Schema?

        /// `name` is like `schema`.
        public init(_ name: String, _ schema: Schema? = nil) {
            self.name = name
            self.schema = schema
        }
    }

    /// A path of an expression, such as `ticket.priority`, with the place of each of its parts.
    public struct Path: Sendable {
        /// Its parts.
        public var segments: [String]
        /// The bytes of each part in the file.
        public var places: [Range<Int>]
    }

    private let reading: PlaybookReading
    private let table: NameTable
    /// The file.
    public let source: SourceFile
    /// The tree of the file; nil when nothing of it can be read.
    public let root: YAMLNode?

    /// Reads `source` in `environment`.
    public init(_ source: SourceFile, in environment: CheckEnvironment) {
        self.source = source
        reading = PlaybookReading(source, environment)
        reading.isForEditor = true
        root = YAMLParser.parse(source).root
        if let root, let fields = Fields(root, "a playbook", reading) {
            _ = DocumentReader(reading: reading).workflow(fields)
        }
        table = NameTable(reading)
    }

    /// The ids of the steps, in the order of the file.
    public var stepIDs: [String] { reading.steps.ids }

    /// The names that an expression at `byte` can begin with; nil when no expression stands there.
    public func names(at byte: Int) -> [Name]? {
        guard let site = site(at: byte) else { return nil }
        return table.names(site.scope).map { Name($0, schema(of: [$0], site.scope)) }
    }

    /// What may follow `path` and a dot in an expression at `byte`; empty when nothing is known, nil when no expression stands there.
    public func fields(of path: [String], at byte: Int) -> [Name]? {
        guard let site = site(at: byte), let root = path.first else { return nil }
        let isLoop = site.scope.loops.contains { $0.name == root }
        switch (root, path.count) {
        case ("steps", 1) where !isLoop:
            return reading.steps.ids.filter { id in
                reading.steps.positions[id].map { reading.steps.obstacle(to: $0, from: site.scope) == nil } ?? false
            }.map { Name($0) }
        case ("vars", 1) where !isLoop:
            var seen: Set<String> = []
            return reading.variables.filter { seen.insert($0).inserted }.map { Name($0) }
        case ("inputs", 1) where !isLoop: return reading.inputs.map { Name($0.name, $0.schema) }
        case ("secrets", 1) where !isLoop: return (reading.environment.secrets ?? []).sorted().map { Name($0) }
        default: break
        }
        var schemas = table.schemas(of: path, site.scope)
        if schemas.contains(where: { !$0.anyOf.isEmpty }) {
            schemas = schemas.flatMap { $0.anyOf.isEmpty ? [$0] : $0.anyOf }
        }
        var seen: Set<String> = []
        return schemas.flatMap(\.properties).filter { seen.insert($0.name).inserted }.map { Name($0.name, $0.schema) }
    }

    /// What `path` is like in an expression at `byte`; nil when that is not known.
    public func schema(of path: [String], at byte: Int) -> Schema? {
        site(at: byte).flatMap { schema(of: path, $0.scope) }
    }

    /// The path that stands at `byte`; nil when none does.
    public func path(at byte: Int) -> Path? {
        for site in reading.sites where contains(site.node, byte) {
            for reference in site.expression.references {
                guard let path = places(of: reference, in: site), let first = path.places.first,
                    let last = path.places.last,
                    first.lowerBound <= byte, byte <= last.upperBound
                else { continue }
                return path
            }
        }
        return nil
    }

    /// Where a step with this id says so.
    public func place(ofStep id: String) -> Range<Int>? {
        var found: Range<Int>?
        if let root {
            visit(root) { if $0.key.text == "id", $0.value.text == id, found == nil { found = $0.value.byteRange } }
        }
        return found
    }

    /// Where the variable or input of this name is declared.
    public func place(ofName name: String, under key: String) -> Range<Int>? {
        var found: Range<Int>?
        if let root {
            visit(root) { entry in
                if entry.key.text == key, found == nil { found = entry.value.entry(name)?.key.byteRange }
            }
        }
        return found
    }

    private func visit(_ node: YAMLNode, _ body: (YAMLNode.Entry) -> Void) {
        guard node.aliased == nil else { return }
        for entry in node.entries ?? [] {
            body(entry)
            visit(entry.value, body)
        }
        for item in node.items ?? [] { visit(item, body) }
    }

    private func contains(_ node: YAMLNode, _ byte: Int) -> Bool {
        node.byteRange.lowerBound <= byte && byte <= node.byteRange.upperBound
    }

    private func site(at byte: Int) -> PlaybookReading.Site? {
        reading.sites.last { site in
            contains(site.node, byte)
                && site.node.sourceRange(ofScalars: site.offset..<site.offset + 1).start.byte <= byte
        } ?? reading.sites.first { contains($0.node, byte) }
    }

    private func schema(of path: [String], _ scope: NameScope) -> Schema? {
        table.schemas(of: path, scope).first
    }

    private func places(of reference: Reference, in site: PlaybookReading.Site) -> Path? {
        let scalars = Array(site.expression.text.unicodeScalars)
        var at = reference.range.lowerBound
        let end = min(reference.range.upperBound, scalars.count)
        var path = Path(segments: [], places: [])
        for name in reference.path {
            let wanted = Array(name.unicodeScalars)
            while at + wanted.count <= end, !scalars[at..<at + wanted.count].elementsEqual(wanted) { at += 1 }
            guard at + wanted.count <= end else { break }
            let range = site.node.sourceRange(ofScalars: at + site.offset..<at + wanted.count + site.offset)
            path.segments.append(name)
            path.places.append(range.start.byte..<range.end.byte)
            at += wanted.count
        }
        return path.segments.isEmpty ? nil : path
    }
}
