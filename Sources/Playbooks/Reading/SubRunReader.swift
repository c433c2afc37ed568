import WorkflowModel
import YAML

/// Reads `call` and what stands beside it.
struct SubRunReader {
    let reading: PlaybookReading

    /// The call of another playbook; nil, with a report, when there is no such playbook or it would end in a circle.
    func call(_ fields: Fields, _ scope: NameScope) -> SubRunStep? {
        let with = fields.value("with").map { ValueReader(reading: reading).named($0, "`with`", scope) } ?? []
        let goesOn = fields.flag("continue_on_error") ?? false
        if goesOn, let step = scope.step { reading.steps.setGoesOn(step) }
        let undo = fields.value("undo").flatMap { node in
            var inside = scope
            inside.allowsSecrets = true
            return CallReader(reading: reading).compensation(node, inside)
        }
        guard let node = fields.value("call") else { return nil }
        guard let name = node.text, node.scalar?.resolved == .string, NameRules.isPlaybookID(name) else {
            reading.report(
                .wrongValue, node, "`call` must be the id of a playbook",
                help: "write what stands after `playbook:` in the other file; it is not evaluated")
            return nil
        }
        if let step = scope.step { reading.steps.setKind(.sub(playbook: name), of: step) }
        guard check(name, node) else { return nil }
        if let callable = reading.environment.callable?[name] {
            let withNode = fields.node.entry("with")?.value
            if withNode?.isDamaged != true, withNode == nil || withNode?.isNull == true || withNode?.entries != nil {
                reading.calls.append(
                    .init(
                        action: name, uses: node, with: withNode, scope: scope,
                        signature: ActionSignature(name: name, input: callable.inputSchema)))
            }
        }
        return SubRunStep(playbook: name, with: with, continuesOnError: goesOn, undo: undo)
    }

    private func check(_ name: String, _ node: YAMLNode) -> Bool {
        guard let known = reading.environment.callable else { return true }
        guard known[name] != nil || name == reading.id else {
            let near = Similarity.nearest(to: name, among: known.keys.sorted())
            reading.report(
                .unknownEntry, node, "there is no playbook \(name)",
                help: near.map { "did you mean `\($0)`?" }
                    ?? "playbooks: \(known.keys.sorted().prefix(20).joined(separator: ", "))")
            return false
        }
        if let id = reading.id, let circle = circle(from: name, to: id, known) {
            reading.report(
                .circularCall, node, "the playbook would call itself: \(([id] + circle).joined(separator: " → "))",
                help: "a playbook that is to be done again repeats its steps (`repeat`), or emits an event")
            return false
        }
        let depth = 1 + longest(from: name, known, [:]).depth
        if depth > SubRunStep.maximumDepth {
            reading.report(
                .circularCall, node,
                "\(depth) calls would be inside one another; at most \(SubRunStep.maximumDepth) may",
                help: "call some of them from here")
            return false
        }
        return true
    }

    /// The way from `start` over calls to `end`, both included; nil when there is none.
    private func circle(from start: String, to end: String, _ known: [String: CallablePlaybook]) -> [String]? {
        var seen: Set<String> = []
        var open: [[String]] = [[start]]
        while let path = open.popLast() {
            guard let last = path.last else { continue }
            if last == end { return path }
            guard seen.insert(last).inserted else { continue }
            for next in (known[last]?.callees ?? []).reversed() { open.append(path + [next]) }
        }
        return nil
    }

    /// How many calls are inside one another below `start`; each playbook is looked at once.
    private func longest(
        from start: String, _ known: [String: CallablePlaybook], _ found: [String: Int]
    ) -> (depth: Int, found: [String: Int]) {
        if let depth = found[start] { return (depth, found) }
        // Should others call each other in a circle, that is reported where they stand.
        var found = found
        found[start] = 0
        var deepest = 0
        for next in known[start]?.callees ?? [] {
            let below = longest(from: next, known, found)
            found = below.found
            deepest = max(deepest, below.depth + 1)
        }
        found[start] = deepest
        return (deepest, found)
    }
}
