import WorkflowModel

/// Reading mappings of which only certain keys may occur.
extension YAMLNode {
    /// What is wrong with the kind or a key of a mapping, and where.
    public struct KeyProblem: Sendable {
        /// The key, or the node itself.
        public var node: YAMLNode
        /// What is wrong.
        public var message: String
        /// What to write instead.
        public var help: String?
    }

    /// The value of `key`; nil when it is not there, or null.
    public func value(of key: String) -> YAMLNode? {
        guard let node = self[key], !node.isNull else { return nil }
        return node
    }

    /// That this is no mapping, as a problem of `what`; nil when it is one.
    public func isNoMapping(_ what: String) -> KeyProblem? {
        guard entries == nil else { return nil }
        return KeyProblem(node: self, message: "\(what) must be a mapping of keys to values, this is \(kindInWords)")
    }

    /// The keys of the mapping that are not among `known`.
    public func unknownKeys(_ what: String, known: [String]) -> [KeyProblem] {
        (entries ?? []).compactMap { entry in
            guard let key = entry.key.text, !known.contains(key) else { return nil }
            let near = Similarity.nearest(to: key, among: known)
            return KeyProblem(
                node: entry.key, message: "\(what) has no key \(key)",
                help: near.map { "did you mean \($0)?" } ?? "the keys are \(known.joined(separator: ", "))")
        }
    }
}
