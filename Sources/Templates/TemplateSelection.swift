extension TemplateLibrary {
    /// The template `name` of `texts` with those that it puts in, and no others: a mistake in a template that is not used hurts nobody.
    ///
    /// - Parameter texts: The texts of templates by name.
    /// - Returns: nil when `texts` has no template of this name.
    /// - Throws: ``TemplateError`` when one of them cannot be read or puts in one that is not there.
    public init?(of name: String, from texts: [String: String]) throws(TemplateError) {
        guard texts[name] != nil else { return nil }
        var read: Set<String> = []
        var templates: [MessageTemplate] = []
        var wanted = [name]
        while let next = wanted.popLast() {
            guard read.insert(next).inserted, let text = texts[next] else { continue }
            let template = try MessageTemplate(name: next, text: text)
            templates.append(template)
            wanted += template.partials.map(\.name)
        }
        try self.init(templates)
    }
}
