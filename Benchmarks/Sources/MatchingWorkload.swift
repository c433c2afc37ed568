import Expressions
import Triggers
import WorkflowModel

/// W3: R conditions against E events of 2 KiB given as JSON text; all matches counted.
enum MatchingWorkload {
    static func run(rules: Int, events: Int, mode: String) throws {
        let services = Workloads.services(rules: rules, mode: mode)
        let texts = (0..<events).map { Array(Workloads.event($0, services: services).utf8) }
        let place = SourcePlace(file: "generated", line: 1, column: 1)
        let load = Meter()
        let playbooks = try (0..<rules).map { number in
            let condition = Condition.expression(
                ExpressionText(Workloads.rule(number, services: services, root: ""), at: place))
            let trigger = EventTrigger(types: ["bench"], condition: condition, place: place)
            return try MatchablePlaybook(
                workflow: Workflow(id: "rule-\(number)", mode: .active, triggers: [.event(trigger)], steps: []),
                bundle: "")
        }
        let matcher = Matcher(playbooks)
        let loadWall = load.wallSeconds
        let loadCPU = load.cpuSeconds

        func count(_ data: ValueMap) -> Int {
            let event = Event(id: "1", source: "bench", type: "bench", time: Timestamp(seconds: 0), data: data)
            return matcher.match(event, names: data, now: event.time, held: [], isOutOfOrder: false).decisions.count
        }
        for text in texts.prefix(20) { _ = count(try JSON.parse(text).map ?? ValueMap()) }
        var matches = 0
        let whole = Meter()
        for text in texts { matches += count(try JSON.parse(text).map ?? ValueMap()) }
        let wall = whole.wallSeconds
        let cpu = whole.cpuSeconds

        // In batches, so that what was parsed is still in the caches, as it is when an event comes in.
        var matchingCPU = 0.0
        var again = 0
        for start in stride(from: 0, to: texts.count, by: 8) {
            let parsed = try texts[start..<min(start + 8, texts.count)].map { try JSON.parse($0).map ?? ValueMap() }
            let matching = Meter()
            for data in parsed { again += count(data) }
            matchingCPU += withExtendedLifetime(parsed) { matching.cpuSeconds }
        }
        precondition(again == matches)
        Meter.report(
            "W3", "signalbox",
            [
                "rules": .int(Int64(rules)), "events": .int(Int64(events)), "done": .int(Int64(events)),
                "mode": .string(mode),
            ],
            [
                "events_per_s": .double(Double(events) / wall), "cpu_us_per_event": .double(cpu * 1e6 / Double(events)),
                "cpu_us_per_event_parsed": .double(matchingCPU * 1e6 / Double(events)),
                "cpu_ns_per_event_rule": .double(cpu * 1e9 / Double(events) / Double(rules)),
                "matches": .int(Int64(matches)),
                "load_s": .double(loadWall), "load_cpu_s": .double(loadCPU), "rss_mb": .double(Meter.peakMemory),
            ])
    }
}
