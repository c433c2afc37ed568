import Foundation
import Glibc
import WorkflowModel
import YAML

/// W1: one process from its start to its end: playbook from a file, event from a file, five durable steps.
enum ColdStartWorkload {
    static func run(warm: Bool, rounds: Int) throws {
        let folder = try TemporaryFolder("w1")
        defer { folder.remove() }
        let playbook = "\(folder.path)/playbook.yaml"
        let event = "\(folder.path)/event.json"
        let database = "\(folder.path)/state"
        try playbookText().write(toFile: playbook, atomically: false, encoding: .utf8)
        try Workloads.event(0).write(toFile: event, atomically: false, encoding: .utf8)
        let arguments = ["w1-child", playbook, event, database]
        if warm { _ = try ChildProcess.run(arguments) }
        var costs: [ChildProcess.Cost] = []
        for _ in 0..<rounds {
            if !warm, FileManager.default.fileExists(atPath: database) {
                try FileManager.default.removeItem(atPath: database)
            }
            costs.append(try ChildProcess.run(arguments))
        }
        Meter.report(
            "W1", "signalbox-\(warm ? "warm" : "fresh")", ["rounds": .int(Int64(rounds)), "fsync": "full"],
            [
                "wall_s": .double(Meter.median(costs.map(\.wallSeconds))),
                "cpu_s": .double(Meter.median(costs.map(\.cpuSeconds))),
                "rss_mb": .double(Meter.median(costs.map(\.peakMemory))),
                "lowest_wall_s": .double(costs.map(\.wallSeconds).min() ?? 0),
            ])
    }

    /// Playbook 0 with a condition that holds for every event.
    private static func playbookText() -> String {
        let lines = Workloads.playbook(0).split(separator: "\n", omittingEmptySubsequences: false)
        let when = lines.firstIndex(of: "when: |-") ?? 0
        let vars = lines.firstIndex(of: "vars:") ?? lines.count
        return
            (lines[..<when] + [#"when: event.ticket.priority in ["P1", "P2", "P3", "P4"]"#] + lines[vars...])
            .joined(separator: "\n")
    }

    /// What the measured process does.
    static func child(playbook: String, event: String, database: String) async throws {
        let workflow = try workflow(inFileAt: playbook)
        let data = try JSON.parse(TemporaryFolder.bytes(ofFileAt: event)).map ?? ValueMap()
        let now = Timestamp(seconds: Int64(time(nil)))
        // The event is the same in all rounds, and a workspace takes an event only once.
        let own = Event(
            id: "\(data["id"]?.string ?? "")-\(getpid())", source: "bench", type: data["type"]?.string ?? "",
            time: now, data: data)
        let bench = try await WorkloadEngine.open(folder: database, workflow: workflow)
        try await bench.complete([own])
        await bench.close()
    }

    /// The generated file is of no system's language; what its keys mean is said here.
    private static func workflow(inFileAt path: String) throws -> Workflow {
        let file = SourceFile(path: path, bytes: try TemporaryFolder.bytes(ofFileAt: path))
        let (root, diagnostics) = YAMLParser.parse(file)
        guard let root, diagnostics.isEmpty, let id = root["name"]?.text, let when = root["when"]?.text,
            let types = root["on"]?["types"]?.items?.compactMap(\.text)
        else { throw WorkloadError("\(path): \(diagnostics)") }
        let place = SourcePlace(file: path, line: 1, column: 1)
        // The fields of the data are names by themselves here; `event` is the envelope.
        let condition = ExpressionText(when.replacing("event.", with: ""), at: place)
        let steps = (root["steps"]?.items ?? []).enumerated().map { number, step in
            let name = Value.string(step["id"]?.text ?? "")
            return Step(
                id: step["id"]?.text, path: StepPath("steps[\(number)]"), name: step["name"]?.text,
                kind: .call(ActionCall(action: "bench.step", with: [NamedSource("step", .literal(name), at: place)])),
                place: place)
        }
        guard steps.count == 5 else { throw WorkloadError("\(path) has \(steps.count) steps") }
        let trigger = EventTrigger(types: types, condition: .expression(condition), firing: .everyEvent, place: place)
        return Workflow(id: id, mode: .active, file: path, triggers: [.event(trigger)], steps: steps)
    }
}
