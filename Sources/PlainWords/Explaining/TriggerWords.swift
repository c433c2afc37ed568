import WorkflowModel

/// What starts a playbook, in words.
struct TriggerWords {
    let conditions: ConditionWords
    let values: ValueWords

    func statement(_ trigger: Trigger) -> PlaybookExplanation.Statement {
        switch trigger {
        case .event(let event): self.event(event)
        case .schedule(let schedule): PlaybookExplanation.Statement(self.schedule(schedule))
        case .manual(let manual): PlaybookExplanation.Statement(self.manual(manual))
        }
    }

    private func event(_ trigger: EventTrigger) -> PlaybookExplanation.Statement {
        let repeats = trigger.types.contains { $0.hasSuffix(".updated") }
        var text = "When \(EventWords.phrase(trigger.types))"
        let own = trigger.includesOwn ? " Echoes of our own changes count, too." : ""
        guard let condition = trigger.condition.map({ conditions.lines($0) }) else {
            return PlaybookExplanation.Statement(text + "." + own)
        }
        let isEdge = repeats && trigger.firing == .becomingTrue
        let level = repeats && trigger.firing == .everyEvent ? " (each time, also in a row)" : ""
        if let single = condition.single {
            text +=
                isEdge
                ? " so that \(single) (when it becomes true, not while it stays true)"
                : "\(trigger.types.count > 1 ? "," : "") and \(single)"
            return PlaybookExplanation.Statement(text + level + "." + own)
        }
        let isAny = if case .any = condition { true } else { false }
        if isEdge {
            text += " so that \(isAny ? "at least one of these comes" : "all of these come") to hold "
            text += "(when it becomes true, not while it stays true)"
        } else {
            text += ", and \(isAny ? "at least one of these holds" : "all of these hold")"
        }
        text += level + (own.isEmpty ? "" : " (echoes of our own changes count, too)")
        return PlaybookExplanation.Statement(text + ":", condition)
    }

    private func schedule(_ schedule: ScheduleTrigger) -> String {
        var text = "By the clock: \(ScheduleWords.times(schedule))"
        if let calendar = schedule.calendar {
            text += schedule.within == .hours ? ", in the open hours" : ", on days with open hours"
            text += " of the calendar \(calendar)"
        }
        text += "."
        switch schedule.catchUp {
        case .skip: text += " Times that were missed while Signalbox was down are left out."
        case .latest: text += " Of times that were missed while Signalbox was down, the last is made up for, once."
        case .all: text += " Times that were missed while Signalbox was down are all made up for."
        }
        switch schedule.overlap {
        case nil: break
        case .wait: text += " While an earlier run is at work, the next one waits."
        case .skip: text += " While an earlier run is at work, the next one is left out."
        case .replace: text += " An earlier run that is still at work is cancelled."
        case .runToo: text += " Runs may go on beside each other."
        }
        return text
    }

    private func manual(_ trigger: ManualTrigger) -> String {
        guard !trigger.inputs.isEmpty else { return "When a person starts it." }
        return "When a person starts it, with: " + trigger.inputs.map(input).joined(separator: "; ") + "."
    }

    /// A typed input or field of a form.
    func input(_ field: InputField) -> String {
        var notes: [String] = []
        if let about = field.schema.description { notes.append(about) }
        if let allowed = field.schema.allowed { notes.append("one of \(English.value(.list(allowed), "or"))") }
        if let value = field.schema.defaultValue {
            notes.append("\(values.value(.literal(value), format: field.schema.format)) if not given")
        } else if field.isRequired {
            notes.append("must be given")
        }
        return field.name + (notes.isEmpty ? "" : " (\(notes.joined(separator: "; ")))")
    }

    /// Events that end a run.
    func ending(_ option: ListenStep.Option) -> String {
        let condition = option.condition.map { " and \(conditions.condition($0.text))" } ?? ""
        return EventWords.phrase(option.types) + condition
    }
}
