import RunStore
import WorkflowModel

/// Tokens. A dry run sees those of the store below.
extension MemoryReading {
    func token(_ id: String) throws -> TokenRecord? {
        if let own = tables.tokens[ExactText(id)] { return own }
        return try tables.base?.token(id)
    }

    func tokens() throws -> [TokenRecord] {
        let tables = tables
        let below = try tables.base?.tokens().filter { tables.tokens[ExactText($0.id)] == nil } ?? []
        let all = below + tables.tokens.values.compactMap { $0 }
        return Array(
            all.sorted { ($0.createdAt, ExactText($0.id)) < ($1.createdAt, ExactText($1.id)) }
                .prefix(TokenRecord.maximumCount))
    }
}

extension MemoryTransaction {
    func putToken(_ token: TokenRecord) throws { changeToken(ExactText(token.id), .some(token)) }

    func noteUse(ofToken id: String, at now: Timestamp) throws {
        guard var token = try token(id), token.lastUsedAt.map({ $0 < now }) ?? true else { return }
        token.lastUsedAt = now
        try putToken(token)
    }

    func removeToken(_ id: String) throws { changeToken(ExactText(id), tables.base == nil ? nil : .some(nil)) }

    private func changeToken(_ id: ExactText, _ row: TokenRecord??) {
        let before = tables.tokens[id]
        tables.setToken(id, row)
        remember { $0.setToken(id, before) }
    }
}
