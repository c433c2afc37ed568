import GRDB
import RunStore
import WorkflowModel

extension SQLiteReading {
    func generation(_ number: Int64?) throws -> GenerationRecord? {
        try db.row(
            "SELECT number, at, members FROM generations WHERE number = coalesce(?, (SELECT max(number) FROM generations))",
            [number]
        ) { row in
            let members = try (try row.value(2).list ?? []).map { member in
                guard let playbook = member["playbook"]?.string, let bundle = member["bundle"]?.string,
                    let mode = member["mode"]?.string.flatMap(Workflow.Mode.init(rawValue:))
                else { throw StoreError.unreadable("a set of playbooks") }
                return GenerationRecord.Member(playbook: playbook, bundle: bundle, mode: mode)
            }
            return GenerationRecord(number: row[0], at: try row.timestamp(1), members: members)
        }
    }

    func bundle(_ hash: String) throws -> Value? {
        try db.row("SELECT content FROM bundles WHERE hash = ?", [hash]) { try $0.value(0) }
    }
}

extension SQLiteTransaction {
    func insertBundle(_ hash: String, _ content: Value) throws {
        try db.change(
            "INSERT INTO bundles (hash, content) VALUES (?, ?) ON CONFLICT DO NOTHING",
            [hash, TypedJSON.text(content)])
    }

    func insertGeneration(_ generation: GenerationRecord) throws -> Int64 {
        let members = generation.members.map { member -> Value in
            [
                "playbook": .string(member.playbook), "bundle": .string(member.bundle),
                "mode": .string(member.mode.rawValue),
            ]
        }
        try db.change(
            "INSERT INTO generations (at, members) VALUES (?, ?)",
            [generation.at.sortable, TypedJSON.text(.list(members))])
        return db.lastInsertedRowID
    }
}
