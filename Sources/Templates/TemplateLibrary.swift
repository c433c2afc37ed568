import Mustache
public import WorkflowModel

/// The templates of a workspace, which may put one another in.
public struct TemplateLibrary: Sendable {
    /// The longest text that is printed, in bytes.
    public static let outputLimit = 1 << 20

    let templates: [MessageTemplate]
    /// For each template the bytes that each of its bodies prints by itself, partials and their indentation included.
    let weights: [[Int]]
    private let indexes: [String: Int]
    private let library: MustacheLibrary

    /// Puts templates together.
    ///
    /// - Throws: ``TemplateError`` when two have one name, when one puts in a template that is not there, or itself by
    ///   way of others, or when sections and partials together lie more than 64 deep.
    public init(_ templates: [MessageTemplate]) throws(TemplateError) {
        var indexes: [String: Int] = [:]
        var compiled: [String: MustacheTemplate] = [:]
        for (index, template) in templates.enumerated() {
            guard indexes.updateValue(index, forKey: template.name) == nil else {
                throw TemplateError(
                    place: SourcePlace(file: template.file, line: 1, column: 1),
                    message: "there are two templates named \(template.name); rename one")
            }
            compiled[template.name] = try template.compiled(as: index)
        }
        var measure = TemplateMeasure(templates: templates, indexes: indexes)
        for index in templates.indices { try measure.visit(index, path: []) }
        self.templates = templates
        self.indexes = indexes
        weights = measure.weights
        library = MustacheLibrary(templates: compiled)
    }

    /// The names of all templates, in the order given.
    public var templateNames: [String] { templates.map(\.name) }

    /// The template with this name.
    public subscript(name: String) -> MessageTemplate? { indexes[name].map { templates[$0] } }

    /// Every use of a name in `template` and all it puts in, sections around a partial included; empty when there is no
    /// such template. At most 10,000 are given.
    public func names(of template: String) -> [NameUse] {
        var uses: [NameUse] = []
        gather(template, enclosing: [], into: &uses)
        return uses
    }

    private func gather(_ name: String, enclosing: [[String]], into uses: inout [NameUse]) {
        guard let template = self[name], uses.count < 10_000 else { return }
        for use in template.names {
            var use = use
            use.enclosing = enclosing + use.enclosing
            uses.append(use)
        }
        for partial in template.partials {
            gather(partial.name, enclosing: enclosing + partial.enclosing, into: &uses)
        }
    }

    /// Prints `template` with the names of a map; see ``render(_:names:lookup:)``.
    ///
    /// - Throws: ``TemplateError``.
    public func render(_ template: String, _ scope: ValueMap) throws(TemplateError) -> String {
        try render(template, names: scope.keys.compactMap(\.string)) { scope[$0] }
    }

    /// Prints `template`.
    ///
    /// A name is looked for in the values of the sections around it, the innermost first, then in `lookup`. Its further
    /// words are fields. Falsy for sections are `false`, null and the empty list, as the specification has it; 0 and
    /// the empty text are values. Times are printed as RFC 3339 in UTC, durations like `1h 30m`.
    ///
    /// - Parameters:
    ///   - names: The names that `lookup` knows, for "did you mean".
    ///   - lookup: The value of a name of the whole template, `nil` when there is none.
    /// - Throws: ``TemplateError`` at the first tag whose name is not there, or is null, a list, a map or a secret where
    ///   text is wanted, or when the output gets longer than ``outputLimit``. Never a text with holes.
    public func render(
        _ template: String, names: [String] = [], lookup: @escaping (String) -> Value?
    ) throws(TemplateError) -> String {
        guard let index = indexes[template] else {
            let hint = Similarity.nearest(to: template, among: templateNames).map { "; did you mean \($0)?" } ?? ""
            throw TemplateError(
                place: SourcePlace(file: "\(template).mustache", line: 1, column: 1),
                message: "there is no template named \(template)\(hint)")
        }
        let session = RenderSession(library: self, names: names, lookup: lookup)
        session.charge(weights[index][0], at: SourcePlace(file: templates[index].file, line: 1, column: 1))
        if let failure = session.failure { throw failure }
        let text = library.render(Frame(session: session), withTemplate: template) ?? ""
        if let failure = session.failure { throw failure }
        return text
    }
}

/// Walks through the partials once: refuses circles and depth, and adds up what each body prints by itself.
private struct TemplateMeasure {
    let templates: [MessageTemplate]
    let indexes: [String: Int]
    var weights: [[Int]]
    private var depths: [Int?]

    init(templates: [MessageTemplate], indexes: [String: Int]) {
        self.templates = templates
        self.indexes = indexes
        weights = templates.map { _ in [] }
        depths = templates.map { _ in nil }
    }

    /// Returns how deep sections and partials lie in the template.
    @discardableResult mutating func visit(_ index: Int, path: [Int]) throws(TemplateError) -> Int {
        if let known = depths[index] { return known }
        let template = templates[index]
        let path = path + [index]
        for use in template.partials {
            guard let inner = indexes[use.name] else {
                let hint = Similarity.nearest(to: use.name, among: templates.map(\.name))
                throw TemplateError(
                    place: use.place,
                    message: "there is no template named \(use.name)" + (hint.map { "; did you mean \($0)?" } ?? ""))
            }
            guard !path.contains(inner) else {
                throw TemplateError(
                    place: use.place, message: "the template \(use.name) would put in itself without end")
            }
        }
        var deepest = 0
        var own: [Int] = []
        for body in template.scan.bodies {
            var weight = body.literalBytes
            deepest = max(deepest, body.depth)
            for (name, indentation) in body.partials {
                guard let inner = indexes[name] else { continue }
                deepest = max(deepest, body.depth + 1 + (try visit(inner, path: path)))
                let lines = templates[inner].scan.newlines + 1
                weight = min(weight + weights[inner][0] + indentation * lines, TemplateLibrary.outputLimit * 2)
            }
            own.append(weight)
        }
        guard deepest <= TemplateScanner.depthLimit else {
            throw TemplateError(
                place: SourcePlace(file: template.file, line: 1, column: 1),
                message: "sections and partials lie more than \(TemplateScanner.depthLimit) deep")
        }
        weights[index] = own
        depths[index] = deepest
        return deepest
    }
}
