public import Triggers
public import WorkflowModel

/// Conditions with what they saw, as JSON.
public enum ConditionJSON {
    /// A condition, line by line.
    public static func report(_ report: ConditionReport) -> Value {
        [
            "verdict": .string(report.verdict.rawValue),
            "lines": .list(
                report.lines.map { line in
                    [
                        "text": .string(line.text), "depth": .int(Int64(line.depth)),
                        "verdict": .string(line.verdict.rawValue),
                        "error": line.error.map(Value.string) ?? .null,
                        "place": line.place.map { .string($0.description) } ?? .null,
                        "seen": .list(
                            line.seen.map {
                                [
                                    "text": .string($0.text), "value": $0.value ?? .null,
                                    "error": $0.error.map(Value.string) ?? .null,
                                ]
                            }),
                    ]
                }),
        ]
    }
}
