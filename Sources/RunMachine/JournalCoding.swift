public import WorkflowModel

extension JournalEntry {
    /// The entry's content as stored, without its kind and step.
    public var body: Value {
        switch self {
        case .started(let start): return start.value
        case .assigned(_, let vars): return ["vars": .map(vars)]
        case .decided(_, let decision):
            switch decision {
            case .skip: return ["as": "skip"]
            case .then: return ["as": "then"]
            case .otherwise: return ["as": "else"]
            case .parallel: return ["as": "parallel"]
            case .loop(let items): return ["as": "loop", "items": .list(items)]
            case .choose(let index?): return ["as": "case", "index": .int(Int64(index))]
            case .choose(nil): return ["as": "default"]
            case .attempt: return ["as": "try"]
            case .round(let number, let at):
                return ["as": "round", "number": .int(Int64(number)), "at": .timestamp(at)]
            case .onTimeout: return ["as": "on_timeout"]
            case .onReject: return ["as": "on_reject"]
            case .roundsEnd(let isDone): return ["as": "rounds_end", "done": .bool(isDone)]
            }
        case .intended(_, let attempt, let key, let input, let startedAt, let mayBeDuplicate):
            var map: ValueMap = [
                "attempt": .int(Int64(attempt)), "key": .string(key), "started_at": .timestamp(startedAt),
            ]
            map["input"] = input
            if mayBeDuplicate { map["may_be_duplicate"] = true }
            return .map(map)
        case .completed(_, let attempt, let output, let startedAt, let note):
            var map: ValueMap = [
                "attempt": .int(Int64(attempt)), "output": output, "started_at": .timestamp(startedAt),
            ]
            map["note"] = note.map(Value.string)
            return .map(map)
        case .retried(_, let attempt, let failure, let due, let startedAt, let mayBeDuplicate):
            var map: ValueMap = [
                "attempt": .int(Int64(attempt)), "failure": failure.value, "due": .timestamp(due),
                "started_at": .timestamp(startedAt),
            ]
            if mayBeDuplicate { map["may_be_duplicate"] = true }
            return .map(map)
        case .waiting(_, let due): return ["due": .timestamp(due)]
        case .listening(_, let types, let since, let due, let subject):
            var map: ValueMap = [
                "types": .list(types.map(Value.string)), "since": .timestamp(since), "due": .timestamp(due),
            ]
            map["subject"] = subject.map(Value.string)
            return .map(map)
        case .arrived(_, let event): return ["event": event]
        case .refreshed(_, let names): return ["names": .map(names)]
        case .undoing(let failure): return ["failure": failure?.value ?? .null]
        case .hurried, .woken: return [:]
        case .asked(_, let opening): return opening.value
        case .answered(_, let answer): return answer.value
        case .reminded(_, let number, let next):
            return ["number": .int(Int64(number)), "next": next.map(Value.timestamp) ?? .null]
        case .expired(_, let lateBy): return ["late_by": .duration(lateBy)]
        case .called(_, let playbook, let run, let inputs, let at):
            return [
                "playbook": .string(playbook), "run": .string(run.text), "inputs": .map(inputs), "at": .timestamp(at),
            ]
        case .returned(_, let run, let state, let outputs, let failure):
            var map: ValueMap = ["run": .string(run.text), "state": .string(state.rawValue)]
            map["outputs"] = outputs
            map["failure"] = failure?.value
            return .map(map)
        case .fired(_, let lateBy): return ["late_by": .duration(lateBy)]
        case .failed(_, let attempt, let failure, let startedAt):
            return [
                "attempt": .int(Int64(attempt)), "failure": failure.value, "started_at": .timestamp(startedAt),
            ]
        case .uncertain(_, let attempt, let failure):
            return ["attempt": .int(Int64(attempt)), "failure": failure.value]
        case .needsAttention(_, let failure), .handling(let failure): return ["failure": failure.value]
        case .resolved(_, let resolution, let by, let output):
            var map: ValueMap = ["as": .string(resolution.rawValue), "by": .string(by)]
            map["output"] = output
            return .map(map)
        case .stopped(_, let reason): return ["reason": reason.map(Value.string) ?? .null]
        case .stopping(let cause, let until):
            var map: ValueMap
            switch cause {
            case .cancelled(let by, let reason):
                map = ["cause": "cancelled", "by": .string(by), "reason": reason.map(Value.string) ?? .null]
            case .timedOut: map = ["cause": "timed_out"]
            case .tooLong: map = ["cause": "too_long"]
            case .event(let type, let id): map = ["cause": "event", "type": .string(type), "event": .string(id)]
            }
            map["until"] = until.map(Value.timestamp)
            return .map(map)
        case .ended(let state, let outputs, let failure, let reason):
            var map: ValueMap = ["state": .string(state.rawValue)]
            map["outputs"] = outputs.map(Value.map)
            map["failure"] = failure?.value
            map["reason"] = reason.map(Value.string)
            return .map(map)
        }
    }

    /// Reads a stored entry.
    ///
    /// - Throws: ``JournalError`` when a newer version has written it or it is damaged.
    public init(kind: String, step: String?, version: Int, body: Value, sequence: Int) throws(JournalError) {
        guard version <= Self.version else {
            throw JournalError(
                sequence: sequence,
                message: "a newer version of Signalbox has written it (format \(version)); use that version")
        }
        guard let entry = JournalEntry.read(kind: kind, step: step, body: body) else {
            throw JournalError(sequence: sequence, message: "an entry of kind \(kind) cannot be read")
        }
        self = entry
    }

    private static func read(kind: String, step: String?, body: Value) -> JournalEntry? {
        let attempt = body["attempt"]?.int.map(Int.init)
        let startedAt = body["started_at"]?.timestamp
        let failure = body["failure"].flatMap(Failure.init)
        switch kind {
        case "started": return RunStart(body).map(JournalEntry.started)
        case "assigned": return body["vars"]?.map.map { .assigned(step: step, $0) }
        case "handling": return failure.map(JournalEntry.handling)
        case "stopping":
            let until = body["until"]?.timestamp
            switch body["cause"]?.string {
            case "cancelled":
                return .stopping(
                    .cancelled(by: body["by"]?.string ?? "", reason: body["reason"]?.string), until: until)
            case "timed_out": return .stopping(.timedOut, until: until)
            case "too_long": return .stopping(.tooLong, until: until)
            case "event":
                guard let type = body["type"]?.string, let id = body["event"]?.string else { return nil }
                return .stopping(.event(type: type, id: id), until: until)
            default: return nil
            }
        case "hurried": return .hurried
        case "undoing": return .undoing(failure)
        case "ended":
            guard let state = body["state"]?.string.flatMap(RunState.init(rawValue:)) else { return nil }
            return .ended(state, outputs: body["outputs"]?.map, failure, reason: body["reason"]?.string)
        default: break
        }
        guard let step else { return nil }
        switch kind {
        case "decided":
            switch body["as"]?.string {
            case "skip": return .decided(step: step, .skip)
            case "then": return .decided(step: step, .then)
            case "else": return .decided(step: step, .otherwise)
            case "parallel": return .decided(step: step, .parallel)
            case "loop": return body["items"]?.list.map { .decided(step: step, .loop($0)) }
            case "case": return body["index"]?.int.map { .decided(step: step, .choose(Int($0))) }
            case "default": return .decided(step: step, .choose(nil))
            case "try": return .decided(step: step, .attempt)
            case "round":
                guard let number = body["number"]?.int, let at = body["at"]?.timestamp else { return nil }
                return .decided(step: step, .round(Int(number), at: at))
            case "on_timeout": return .decided(step: step, .onTimeout)
            case "on_reject": return .decided(step: step, .onReject)
            case "rounds_end":
                return body["done"]?.bool.map { .decided(step: step, .roundsEnd(isDone: $0)) }
            default: return nil
            }
        case "intended":
            guard let attempt, let startedAt, let key = body["key"]?.string else { return nil }
            return .intended(
                step: step, attempt: attempt, key: key, input: body["input"], startedAt: startedAt,
                mayBeDuplicate: body["may_be_duplicate"]?.bool ?? false)
        case "completed":
            guard let attempt, let startedAt, let output = body["output"] else { return nil }
            return .completed(
                step: step, attempt: attempt, output: output, startedAt: startedAt, note: body["note"]?.string)
        case "retried":
            guard let attempt, let startedAt, let failure, let due = body["due"]?.timestamp else { return nil }
            return .retried(
                step: step, attempt: attempt, failure, due: due, startedAt: startedAt,
                mayBeDuplicate: body["may_be_duplicate"]?.bool ?? false)
        case "waiting": return body["due"]?.timestamp.map { .waiting(step: step, due: $0) }
        case "listening":
            guard let types = body["types"]?.list, let since = body["since"]?.timestamp,
                let due = body["due"]?.timestamp
            else { return nil }
            return .listening(
                step: step, types: types.compactMap(\.string), since: since, due: due, subject: body["subject"]?.string)
        case "arrived": return body["event"].map { .arrived(step: step, $0) }
        case "refreshed": return body["names"]?.map.map { .refreshed(step: step, $0) }
        case "asked": return AskOpening(body).map { .asked(step: step, $0) }
        case "answered": return AskAnswer(body).map { .answered(step: step, $0) }
        case "reminded":
            return body["number"]?.int.map { .reminded(step: step, number: Int($0), next: body["next"]?.timestamp) }
        case "expired": return .expired(step: step, lateBy: body["late_by"]?.duration ?? .zero)
        case "called":
            guard let playbook = body["playbook"]?.string, let run = body["run"]?.string,
                let inputs = body["inputs"]?.map, let at = body["at"]?.timestamp
            else { return nil }
            return .called(step: step, playbook: playbook, run: RunID(run), inputs: inputs, at: at)
        case "returned":
            guard let run = body["run"]?.string, let state = body["state"]?.string.flatMap(RunState.init(rawValue:))
            else { return nil }
            return .returned(step: step, run: RunID(run), state, outputs: body["outputs"], failure)
        case "woken": return .woken(step: step)
        case "fired": return .fired(step: step, lateBy: body["late_by"]?.duration ?? .zero)
        case "failed":
            guard let attempt, let startedAt, let failure else { return nil }
            return .failed(step: step, attempt: attempt, failure, startedAt: startedAt)
        case "uncertain":
            guard let attempt, let failure else { return nil }
            return .uncertain(step: step, attempt: attempt, failure)
        case "needs_attention": return failure.map { .needsAttention(step: step, $0) }
        case "resolved":
            guard let resolution = body["as"]?.string.flatMap(Resolution.init(rawValue:)) else { return nil }
            return .resolved(step: step, as: resolution, by: body["by"]?.string ?? "", output: body["output"])
        case "stopped": return .stopped(step: step, reason: body["reason"]?.string)
        default: return nil
        }
    }
}
