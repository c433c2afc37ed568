import Expressions
import WorkflowModel
import YAML

/// Looks at what playbooks call: writes whose failure nobody hears of, calls without a time limit, messages that reach nobody, and
/// acknowledgements that nobody can give.
struct CallAdvice {
    let advice: PlaybookAdvice

    private var environment: CheckEnvironment { advice.reading.environment }

    func run() {
        let isHandled = advice.workflow.onFailure != nil || environment.defaults.onFailure != nil
        for step in advice.workflow.steps { look(step, isHandled: isHandled) }
        for step in advice.workflow.onFailure ?? [] { look(step, isHandled: true) }
        recipients()
    }

    private func look(_ step: Step, isHandled: Bool) {
        switch step.kind {
        case .call(let call): look(call, step, isHandled: isHandled)
        case .listen(let listen): acknowledgements(listen, step)
        case .attempt(let attempt):
            for inner in attempt.steps { look(inner, isHandled: isHandled || attempt.rescue != nil) }
            for inner in (attempt.rescue ?? []) + (attempt.always ?? []) { look(inner, isHandled: isHandled) }
        default:
            for inner in step.blocks.joined() { look(inner, isHandled: isHandled) }
        }
    }

    private func look(_ call: ActionCall, _ step: Step, isHandled: Bool) {
        guard let signature = environment.actions?[call.action] else { return }
        if signature.effect == "write", !isHandled, !call.continuesOnError, call.retry == nil,
            environment.defaults.retry == nil, !signature.hasRetry, let uses = advice.node(of: step)?["uses"]
        {
            advice.warn(
                .unguardedWrite, uses.range,
                "when `\(call.action)` fails it is not tried again, and nobody hears of it",
                help: "write `retry: 4` beside it, or `on_failure:` with a message at the end of the playbook")
        }
        if signature.effect != "pure", call.timeout == nil, call.deadline == nil, environment.defaults.timeout == nil,
            !signature.hasTimeout, let uses = advice.node(of: step)?["uses"]
        {
            advice.warn(
                .noTimeout, uses.range, "nothing says how long `\(call.action)` may take",
                help: "write `timeout: 30s` beside it")
        }
        if call.action == "notify.page", isFalse(call, "acknowledge"),
            let node = advice.node(of: step)?["with"]?["acknowledge"]
        {
            advice.warn(
                .cannotAcknowledge, node.range, "nobody can acknowledge this page, so nobody knows whether it was seen",
                help: "leave `acknowledge` out")
        }
    }

    private func isFalse(_ call: ActionCall, _ input: String) -> Bool {
        call.with.contains { $0.name == input && $0.source == .literal(.bool(false)) }
    }

    // MARK: Acknowledgements

    /// A wait for the acknowledgement of a message that cannot be acknowledged.
    private func acknowledgements(_ listen: ListenStep, _ step: Step) {
        for option in listen.options where option.types.contains("notification.acknowledged") {
            guard let id = option.step, let sender = advice.workflow.allSteps.first(where: { $0.id == id }),
                case .call(let call) = sender.kind, isFalse(call, "acknowledge"),
                let node = advice.node(of: step)?["wait_for"]
            else { continue }
            let entry =
                node["any"]?.items?.first { $0["of"]?.text == id } ?? node
            advice.warn(
                .cannotAcknowledge, entry["of"]?.range ?? advice.reading.narrow(node),
                "nobody can acknowledge what `\(id)` sends: its `acknowledge` is false, so this always times out",
                help: "leave `acknowledge` out there")
        }
    }

    // MARK: Recipients

    private func recipients() {
        guard environment.directory != nil else { return }
        for question in advice.reading.questions { recipient(question.who, "asked") }
        for call in advice.reading.calls {
            guard let schema = environment.actions?[call.action]?.input else { continue }
            for entry in call.with?.entries ?? [] {
                guard let property = schema.property(entry.key.text ?? "") else { continue }
                let formats = [property.format] + property.items.map(\.format) + property.anyOf.map(\.format)
                if formats.contains("recipient") { recipient(entry.value, "told") }
            }
        }
    }

    private func recipient(_ node: YAMLNode, _ verb: String) {
        guard let directory = environment.directory else { return }
        for item in node.items ?? [node] {
            guard let scalar = item.scalar, case .literal = ScalarForm(scalar),
                let (why, help) = Self.nobody(Recipient(scalar.text), directory), !advice.isReported(item.range)
            else { continue }
            advice.warn(.nobodyThere, item.range, "nobody is \(verb): \(why)", help: help)
        }
    }

    /// Why a recipient that the workspace knows is nobody at all, and what to do; nil when somebody is there.
    private static func nobody(_ recipient: Recipient, _ directory: Directory) -> (String, String)? {
        switch recipient {
        case .lead(let name):
            guard let team = directory.team(name), team.lead == nil else { return nil }
            return ("the team \(name) has no lead", "name one in teams.yaml: `lead: PERSON`")
        case .group(let name):
            guard directory.team(name) != nil, directory.members(of: name).isEmpty else { return nil }
            return ("nobody is in \(name)", "name people in teams.yaml (`members`), or \(name) in their `groups`")
        case .list(let name):
            guard let list = directory.lists[name], list.isEmpty else { return nil }
            return ("the list \(name) is empty", "name its readers in lists.yaml")
        case .onCall(let name):
            guard let schedule = directory.onCall.first(where: { $0.id == name }),
                schedule.layers.allSatisfy(\.people.isEmpty), schedule.overrides.isEmpty
            else { return nil }
            return ("the on-call schedule \(name) has nobody in it", "give it a layer with `people` in on_call.yaml")
        case .assignee, .channel, .person, .address: return nil
        }
    }
}
