import WorkflowModel

extension NameTable {
    /// What `path` may be like at `scope`; empty when nothing is known.
    func schemas(of path: [String], _ scope: NameScope) -> [Schema] {
        switch target(path, scope) {
        case .known(let schemas): return schemas
        case .problem: return []
        case .open: break
        }
        // What is one whole of many parts is open to the checker, for any part may be asked for.
        switch path.first {
        case "trigger" where path.count == 1: return data(scope).schemas
        case "event" where path.count == 1: return [FixedSchemas.event]
        case "event" where path.count == 2 && path[1] == "data": return data(scope).schemas
        case "steps" where path.count == 2: return step(path[1])
        default: return []
        }
    }

    /// What a step gives, beside what every step has.
    private func step(_ id: String) -> [Schema] {
        guard let number = reading.steps.positions[id] else { return [] }
        switch reading.steps.entries[number].kind {
        case .unknown, .other: return [FixedSchemas.step]
        case .loop: return [FixedSchemas.loop]
        case .rounds: return [FixedSchemas.rounds]
        case .listen: return [FixedSchemas.listen]
        case .ask(let schema): return [schema]
        case .attempt: return [FixedSchemas.attempt]
        case .sub(let playbook):
            let outputs = reading.environment.callable?[playbook]?.outputs ?? []
            var schema = FixedSchemas.sub
            schema.properties += outputs.map { Schema.Property($0, .anything) }
            return [schema]
        case .call(let action):
            let output = reading.environment.actions?[action]?.output ?? .anything
            return [Self.fields(output), FixedSchemas.step]
        }
    }
}
