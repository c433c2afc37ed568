import WorkflowModel

/// How lanes end before their last step: because the run is being ended, or because another branch has failed.
extension RunMachine {
    /// Lets every lane end with what it is doing. What must still run goes on, unless everything is to end at once.
    mutating func stopAll(atOnce: Bool = false) {
        for id in lanes.keys.sorted() {
            guard let lane = lanes[id], lane.parent == nil, atOnce || !lane.isUndo else { continue }
            stop(id, atOnce: atOnce)
        }
    }

    mutating func stop(_ id: Int, atOnce: Bool = false) {
        guard let lane = lanes[id], atOnce || !lane.isStopping else { return }
        lanes[id]?.isStopping = true
        switch lane.activity {
        case .ready, .pause: endStep(id, status: .cancelled)
        case .ending: break
        case .call(let call):
            switch call.phase {
            case .running where call.isIntended: break
            case .uncertain, .verifying: break
            // An attempt that is not in the journal has not begun for those who read it, so it ends here for all.
            case .running, .again, .waiting: endStep(id, status: .cancelled)
            case .attention(let failure): endStep(id, status: .failed, failure: failure)
            }
        case .sub(.waiting):
            // The called run ends first, in its own way.
            if atOnce {
                endStep(id, status: .cancelled)
            } else {
                lanes[id]?.isLooking = false
                ready.append(id)
            }
        case .sub(.beginning): endStep(id, status: .cancelled)
        case .rounds(let rounds):
            if case .round = rounds.phase {
                stopInside(id, atOnce: atOnce)
            } else {
                endStep(id, status: .cancelled, output: RunMachine.output(of: rounds, isDone: false))
            }
        case .attempt(let state):
            if atOnce || state.part != .always { stopInside(id, atOnce: atOnce) }
        case .branch, .choice, .parallel, .loop, .reaction: stopInside(id, atOnce: atOnce)
        }
    }

    mutating func stopInside(_ id: Int, atOnce: Bool) {
        for child in lanes.keys.sorted() where lanes[child]?.parent == id { stop(child, atOnce: atOnce) }
    }
}
