import Foundation
import Rehearsal
import WorkflowModel

/// What `--answer` and `--at` say.
struct WrittenScript {
    let workflow: Workflow
    let open: OpenWorkspace

    /// Reads them.
    ///
    /// - Parameters:
    ///   - answers: `STEP=approve`, `STEP=reject`, `STEP=timeout`, or `STEP.FIELD=VALUE` for each field of a form.
    ///   - arrivals: a duration and an event, again and again.
    /// - Throws: ``CommandFailure`` that says what to write instead.
    func script(answers: [String], arrivals: [String]) throws -> RehearsalScript {
        var script = RehearsalScript()
        for text in answers { try read(answer: text, into: &script) }
        guard arrivals.count.isMultiple(of: 2) else {
            throw CommandFailure(
                .usage, "--at takes a time and an event, and \"\(arrivals.last ?? "")\" has no partner",
                help: "write --at 5m ticket.closed, or --at 5m closed.json; the playbook stands before --at")
        }
        for place in stride(from: 0, to: arrivals.count, by: 2) {
            guard let after = DurationText.parse(arrivals[place]), after >= .zero else {
                throw CommandFailure(
                    .usage, "\"\(arrivals[place])\" is no time after the start",
                    help: "write for instance --at 5m ticket.closed")
            }
            script.arrivals.append(.init(after: after, try content(arrivals[place + 1])))
        }
        return script
    }

    private func read(answer text: String, into script: inout RehearsalScript) throws {
        let assignment = try Assignment(text)
        let name = assignment.path[0]
        let asks = workflow.allSteps.compactMap { step -> (label: String, ask: AskStep)? in
            if case .ask(let ask) = step.kind { (step.label, ask) } else { nil }
        }
        guard let ask = asks.first(where: { $0.label == name })?.ask else {
            let near = Similarity.nearest(to: name, among: asks.map(\.label))
            throw CommandFailure(
                .usage, "no step \(name) of \(workflow.id) asks anything",
                help: near.map { "did you mean \($0)?" }
                    ?? (asks.isEmpty
                        ? "it has no questions" : "these ask: \(asks.map(\.label).joined(separator: ", "))"))
        }
        guard assignment.path.count == 1 else {
            guard !ask.isApproval else {
                throw CommandFailure(
                    .usage, "\(name) is an approval and has no fields", help: "write --answer \(name)=approve")
            }
            var fields = ValueMap()
            if case .fields(let earlier)? = script.answers[name] { fields = earlier }
            var rest = ValueMap()
            rest[assignment.path[1]] = assignment.value
            fields = fields.merging(rest)
            script.answers[name] = .fields(fields)
            return
        }
        switch (assignment.value.string, ask.isApproval) {
        case ("approve"?, true): script.answers[name] = .approve
        case ("reject"?, true): script.answers[name] = .reject
        case ("timeout"?, _): script.answers[name] = .nobody
        default:
            throw CommandFailure(
                .usage, "\(text): that is no answer to \(name)",
                help: ask.isApproval
                    ? "write approve, reject or timeout"
                    : "write \(name).\(ask.fields.first?.name ?? "FIELD")=VALUE, or \(name)=timeout")
        }
    }

    private func content(_ text: String) throws -> RehearsalScript.Arrival.Content {
        if text.hasPrefix("{") {
            do {
                return .event(try Event(cloudEvent: JSON.parse(text), now: WallClock.now()))
            } catch let error as JSONError {
                throw CommandFailure(.usage, "--at: the event is no JSON: \(error.message)")
            } catch let error as EventError {
                throw CommandFailure(.usage, "--at: \(error.description)")
            }
        }
        if text.hasSuffix(".json") || text.contains("/") || FileManager.default.fileExists(atPath: text) {
            let read = try EventFile.read(text, now: WallClock.now())
            guard read.count == 1, let event = read.first else {
                throw CommandFailure(.usage, "\(text) has \(read.count) events, --at takes one")
            }
            return .event(event)
        }
        guard try open.sampleEvent(ofType: text) != nil || EventCatalog.standard.schema(ofType: text) != nil else {
            let near = Similarity.nearest(to: text, among: EventCatalog.standard.names)
            throw CommandFailure(
                .usage, "\(text) is neither a file nor a known event type",
                help: near.map { "did you mean \($0)?" } ?? "write a type such as ticket.closed, a file, or {…}")
        }
        return .sample(type: text)
    }
}
