import Expressions
import WorkflowModel

/// W4: typical conditions, each compiled once and evaluated over 64 events in turn.
enum ExpressionWorkload {
    static func run(evaluations: Int) throws {
        let now = Timestamp(seconds: 0)
        let texts = (0..<64).map { Array(Workloads.event($0).utf8) }
        let values = try texts.map { try JSON.parse($0) }
        let scopes = values.map { NamedValues(["event": $0], now: now) }
        var metrics = ValueMap()
        let base = try Program(parsing: "true")
        metrics["ns_base"] = .double(try measure(evaluations) { _ in _ = try base.evaluate(scopes[0]) })
        var total = 0.0
        for (name, text) in Workloads.expressions {
            let compile = Meter()
            let program = try Program(parsing: text)
            metrics["compile_us_\(name)"] = .double(compile.cpuSeconds * 1e6)
            let trues = try scopes.filter { try program.evaluate($0) == .bool(true) }.count
            let cost = try measure(evaluations) { _ = try program.evaluate(scopes[$0 & 63]) }
            metrics["ns_\(name)"] = .double(cost)
            metrics["true_\(name)"] = .int(Int64(trues))
            if name != "and3" { total += cost }
        }
        metrics["ns_mean8"] = .double(total / 8)
        let conjunction = try Program(parsing: Workloads.expressions[8].text)
        metrics["ns_and3_fresh"] = .double(
            try measure(max(640, evaluations / 20)) {
                _ = try conjunction.evaluate(NamedValues(["event": values[$0 & 63]], now: now))
            })
        metrics["ns_and3_wire"] = .double(
            try measure(max(640, evaluations / 20)) {
                _ = try conjunction.evaluate(NamedValues(["event": JSON.parse(texts[$0 & 63])], now: now))
            })
        metrics["rss_mb"] = .double(Meter.peakMemory)
        Meter.report("W4", "signalbox", ["evals": .int(Int64(evaluations))], metrics)
    }

    /// Processor nanoseconds of one call of `body`.
    private static func measure(_ count: Int, _ body: (Int) throws -> Void) throws -> Double {
        for number in 0..<min(200, count) { try body(number) }
        let meter = Meter()
        for number in 0..<count { try body(number) }
        return meter.cpuSeconds * 1e9 / Double(count)
    }
}
