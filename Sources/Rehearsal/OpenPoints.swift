import RunMachine
import RunStore
import WorkflowModel

/// Where a run waits for the world: a `wait_for` or a question.
enum OpenPoint {
    case listen(key: String, label: String, ListenStep)
    case ask(AskRecord)

    var key: String {
        switch self {
        case .listen(let key, _, _): key
        case .ask(let ask): ask.step
        }
    }

    /// The open points of a run, in the order in which they were met; `results` gets what steps have produced, by the step's key.
    static func all(
        of run: RunID, _ workflow: Workflow, _ reader: any StoreReader, results: inout [String: Value]
    ) throws -> [OpenPoint] {
        var order: [String] = []
        var listening: Set<String> = []
        for (_, entry) in try RunTree.entries(try reader.journal(of: run, after: 0)) {
            switch entry {
            case .listening(let step, _, _, _, _):
                listening.insert(step)
                order.append(step)
            case .asked(let step, _): order.append(step)
            case .completed(let step, _, let output, _, _):
                results[step] = output
                listening.remove(step)
            case .stopping, .handling, .ended: listening = []
            default: if let step = entry.step { listening.remove(step) }
            }
        }
        let asks = try reader.asks(AskQuery(states: [.open], run: run, limit: 1000))
        var points: [OpenPoint] = []
        for key in order {
            if listening.contains(key) {
                let (path, turn) = split(key)
                guard let step = workflow.allSteps.first(where: { $0.path.text == path }),
                    case .listen(let listen) = step.kind
                else { continue }
                points.append(.listen(key: key, label: step.label + turn, listen))
            } else if let ask = asks.first(where: { $0.step == key }) {
                points.append(.ask(ask))
            }
        }
        return points
    }

    /// A key's path, and its turns of loops in words.
    private static func split(_ key: String) -> (path: String, turn: String) {
        let parts = key.split(separator: "#", maxSplits: 1)
        return (String(parts.first ?? ""), parts.count > 1 ? "#\(parts[1])" : "")
    }
}
