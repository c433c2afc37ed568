import RunStore
import WorkflowModel

/// Questions, the audit log and what gates remember. A dry run sees those of the store below, and changes its own.
extension MemoryReading {
    func ask(_ id: String) throws -> AskRecord? { try tables.asks[ExactText(id)] ?? tables.base?.ask(id) }

    func asks(_ query: AskQuery) throws -> [AskRecord] {
        let tables = tables
        try CollectionCatalog.check(limit: query.limit, maximum: 1000)
        var below = query
        var own = tables.askOrder[...]
        if let before = query.before {
            if let place = own.firstIndex(of: ExactText(before)) {
                own = own[..<place]
                below.before = nil
            } else {
                own = []
            }
        }
        let fitting = own.reversed().lazy.compactMap { tables.asks[$0] }.filter(query.fits)
        let others = try tables.base?.asks(below).filter { tables.asks[ExactText($0.id)] == nil } ?? []
        return Array((Array(fitting.prefix(query.limit)) + others).prefix(query.limit))
    }

    func audit(after: Int64, limit: Int) throws -> [AuditRecord] {
        let tables = tables
        try CollectionCatalog.check(limit: limit)
        let below = try tables.base?.audit(after: after, limit: limit) ?? []
        let skipped = max(0, min(after - tables.firstAudit + 1, Int64(tables.audit.count)))
        return below + tables.audit.dropFirst(Int(skipped)).prefix(limit - below.count)
    }

    func newestAudit() throws -> AuditRecord? { try tables.audit.last ?? tables.base?.newestAudit() }

    func gate(playbook: String, gate: String, key: String) throws -> GateRecord? {
        if let own = tables.gates[Tables.GateKey(playbook, gate, key)] { return own }
        return try tables.base?.gate(playbook: playbook, gate: gate, key: key)
    }

    func gates(playbook: String?, gate: String, limit: Int) throws -> [GateRecord] {
        let tables = tables
        try CollectionCatalog.check(limit: limit)
        let (wanted, owner) = (ExactText(gate), playbook.map { ExactText($0) })
        let own = tables.gates.filter { $0.key.gate == wanted && (owner == nil || $0.key.playbook == owner) }
        // What is hidden must not use up the limit.
        let below = try tables.base?.gates(playbook: playbook, gate: gate, limit: min(10_000, limit + own.count)) ?? []
        var rows = own
        for row in below {
            let key = Tables.GateKey(row.playbook, row.gate, row.key)
            if rows[key] == nil { rows[key] = .some(row) }
        }
        return Array(rows.sorted { $0.key < $1.key }.lazy.compactMap { $0.value }.prefix(limit))
    }
}

extension AskQuery {
    fileprivate func fits(_ ask: AskRecord) -> Bool {
        if let states, !states.contains(ask.state) { return false }
        if let run, run != ask.run { return false }
        if let who, !ask.who.contains(where: { ExactText($0) == ExactText(who) }) { return false }
        return true
    }
}

extension MemoryTransaction {
    func putAsk(_ ask: AskRecord) throws {
        if let stored = try self.ask(ask.id), stored.run != ask.run { throw ask.isOfAnotherRun }
        let id = ExactText(ask.id)
        let before = tables.setAsk(id, ask)
        remember { $0.setAsk(id, before) }
    }

    func appendAudit(_ draft: AuditDraft) throws -> AuditRecord {
        let record = AuditRecord(draft, after: try newestAudit())
        tables.audit.append(record)
        remember { $0.audit.removeLast() }
        return record
    }

    func setGate(_ gate: GateRecord) throws {
        changeGate(Tables.GateKey(gate.playbook, gate.gate, gate.key), .some(gate))
    }

    func removeGate(playbook: String, gate: String, key: String) throws {
        changeGate(Tables.GateKey(playbook, gate, key), tables.base == nil ? nil : .some(nil))
    }

    private func changeGate(_ key: Tables.GateKey, _ row: GateRecord??) {
        let before = tables.gates[key]
        if let row { tables.gates.updateValue(row, forKey: key) } else { tables.gates.removeValue(forKey: key) }
        remember { tables in
            if let before {
                tables.gates.updateValue(before, forKey: key)
            } else {
                tables.gates.removeValue(forKey: key)
            }
        }
    }

    func checkExecutor(_ generation: Int64) throws {
        let newest = tables.executorGeneration
        guard newest <= generation else { throw StoreError.fenced(generation, by: newest) }
    }

    func claim(_ run: RunID, generation: Int64) throws -> Bool {
        try checkExecutor(generation)
        guard var row = try self.run(run), !row.state.isFinal, !row.isHeld, row.lease != generation else {
            return false
        }
        row.lease = generation
        try updateRun(row)
        return true
    }
}
