public import WorkflowModel

extension YAMLNode {
    /// What the node stands for as a ``Value``: scalars by YAML's core schema, mappings in the order of the file with text keys.
    ///
    /// A node that could not be read (``YAMLNode/isDamaged``) is null.
    public var plainValue: Value {
        switch content {
        case .scalar(let scalar):
            switch scalar.resolved {
            case .null: .null
            case .bool(let flag): .bool(flag)
            case .int(let number): .int(number)
            case .float(let number): .double(number)
            case .string: .string(scalar.text)
            }
        case .sequence(let items): .list(items.map(\.plainValue))
        case .mapping(let entries):
            .map(ValueMap(strings: entries.map { ($0.key.text ?? "", $0.value.plainValue) }))
        }
    }
}
