public import WorkflowModel

/// What a condition plainly asks of single fields, for making an event that it holds for.
public enum RequiredFields {
    /// For each path (`["ticket", "status"]`) the values of which one must be there; nothing for a condition that asks otherwise, or
    /// cannot be read.
    public static func of(_ condition: ExpressionText) -> [(path: [String], values: [Value])] {
        do throws(CompiledCondition.Unplannable) {
            let required = RequiredValues(try CompiledCondition(.expression(condition)))
            return required.sets.map { path, keys in
                (path, keys.map(value).sorted { "\($0)" < "\($1)" })
            }.sorted { $0.path.lexicographicallyPrecedes($1.path) }
        } catch {
            return []
        }
    }

    private static func value(_ key: MapKey) -> Value {
        switch key {
        case .string(let text): .string(text)
        case .int(let number): .int(number)
        case .uint(let number): .uint(number)
        case .bool(let flag): .bool(flag)
        }
    }
}
