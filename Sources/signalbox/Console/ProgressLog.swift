import Logging
import RunStore
import WorkflowEngine
import WorkflowModel

/// Tells a log what the engine does: a line for the start, the end and the needs of a run, and with `debug` for each step.
struct ProgressLog: Sendable {
    let log: Logger

    func note(_ progress: WorkflowEngine.Progress) {
        switch progress {
        case .runStarted(let run, let resumed):
            log.info(resumed ? "run goes on" : "run started", metadata: about(run))
        case .runEnded(let run):
            var fields = about(run)
            fields["state"] = "\(run.state.rawValue)"
            if let end = run.endedAt { fields["took"] = "\(DurationText.forPeople(end - (run.startedAt ?? end)))" }
            if let failure = run.failure {
                if let step = failure.step { fields["step"] = "\(step)" }
                fields["failure"] = "\(failure.code): \(failure.message)"
            }
            log.log(level: run.state == .failed ? .warning : .info, "run ended", metadata: fields)
        case .needsAttention(let run, let step, let failure):
            log.warning(
                "run needs attention: a person must say whether the write happened (signalbox runs resolve)",
                metadata: about(run, step).merging(["failure": "\(failure.code): \(failure.message)"]) { $1 })
        case .runStalled(let run, let message):
            log.error("run cannot go on", metadata: ["run": "\(run)", "failure": "\(message)"])
        case .warning(let run, let message):
            log.warning("\(message)", metadata: run.map { ["run": "\($0)"] } ?? [:])
        case .replaced(let message):
            log.critical("stopped: another executor has begun", metadata: ["failure": "\(message)"])
        case .late(let run, let step, let late):
            log.notice(
                "timer fired late", metadata: about(run, step).merging(["by": "\(DurationText.forPeople(late))"]) { $1 }
            )
        case .stepRetries(let run, let step, let failure, let due):
            log.info(
                "step is tried again",
                metadata: about(run, step).merging([
                    "failure": "\(failure.code): \(failure.message)", "due": "\(due.rfc3339)",
                ]) { $1 })
        case .stepStarted(let run, let step, let action, let attempt):
            log.debug(
                "step started",
                metadata: about(run, step).merging(["action": "\(action)", "attempt": "\(attempt)"]) { $1 })
        case .stepEnded(let run, let step, let status, _, let failure):
            var fields = about(run, step).merging(["status": "\(status.rawValue)"]) { $1 }
            if let failure { fields["failure"] = "\(failure.code): \(failure.message)" }
            log.debug("step ended", metadata: fields)
        case .requestAnswered(let kind, let person, let waited):
            log.debug(
                "request answered",
                metadata: ["kind": "\(kind)", "by": "\(person)", "after_ms": "\(Int(waited / .milliseconds(1)))"])
        case .runChanged, .accepted: break
        case .runParked(let run):
            log.debug(
                "run waits", metadata: about(run).merging(run.wakesAt.map { ["until": "\($0.rfc3339)"] } ?? [:]) { $1 })
        case .asked(let ask):
            log.info("people are asked", metadata: about(ask).merging(["who": "\(ask.who.count)"]) { $1 })
        case .answered(let ask):
            log.info("a question was answered", metadata: about(ask).merging(["state": "\(ask.state.rawValue)"]) { $1 })
        }
    }

    /// Not the question and not the answers: they may be about anybody.
    private func about(_ ask: AskRecord) -> Logger.Metadata {
        ["run": "\(ask.run)", "step": "\(ask.label)", "playbook": "\(ask.playbook)", "ask": "\(ask.id)"]
    }

    private func about(_ run: RunRecord) -> Logger.Metadata {
        var fields: Logger.Metadata = ["run": "\(run.id)", "playbook": "\(run.playbook)"]
        if let subject = run.subject { fields["subject"] = "\(subject)" }
        if run.kind != .live { fields["kind"] = "\(run.kind.rawValue)" }
        return fields
    }

    private func about(_ run: RunID, _ step: String) -> Logger.Metadata { ["run": "\(run)", "step": "\(step)"] }
}
