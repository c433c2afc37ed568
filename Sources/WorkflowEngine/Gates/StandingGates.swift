import RunStore

/// What of earlier executors holds playbooks back: read once, when an executor begins.
struct StandingGates: Sendable {
    /// The most rows of a gate that are looked at.
    private static let most = 10_000

    /// The playbooks that have rows, and ``GateRecord/allPlaybooks``.
    var playbooks: [String] = []
    /// Whether no step may begin anywhere.
    var isHalted = false

    init(_ reader: any StoreReader) throws {
        for gate in [Pause.gate, OpenBreaker.gate, GateKeeper.looping] {
            for record in try reader.gates(playbook: nil, gate: gate, limit: StandingGates.most) {
                if playbooks.last != record.playbook { playbooks.append(record.playbook) }
                if let pause = Pause(record), pause.playbook == nil, pause.stopsRuns { isHalted = true }
            }
        }
    }
}
