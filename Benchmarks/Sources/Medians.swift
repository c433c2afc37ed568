import WorkflowModel

/// Results of several rounds, each figure's median.
enum Medians {
    /// Prints one line for each workload, system and parameters in the file of result lines at `path`, in the order in which they came.
    ///
    /// - Throws: ``WorkloadError`` when a line is no result.
    static func report(ofFileAt path: String) throws {
        let text = String(decoding: try TemporaryFolder.bytes(ofFileAt: path), as: UTF8.self)
        var order: [String] = []
        var groups: [String: [Value]] = [:]
        for line in text.split(separator: "\n") {
            let result = try JSON.parse(String(line))
            guard let workload = result["workload"], let system = result["system"], let params = result["params"] else {
                throw WorkloadError("\(path) has a line that is no result: \(line)")
            }
            let key = JSONWriter.text(.list([workload, system, params]))
            if groups[key] == nil { order.append(key) }
            groups[key, default: []].append(result)
        }
        for key in order {
            guard let results = groups[key], let first = results.first, var line = first.map else { continue }
            line["rounds"] = .int(Int64(results.count))
            line["metrics"] = .map(medians(results.compactMap { $0["metrics"]?.map }))
            print(JSONWriter.text(.map(line)))
        }
    }

    private static func medians(_ rounds: [ValueMap]) -> ValueMap {
        var metrics = ValueMap()
        for entry in rounds.first?.entries ?? [] {
            let numbers = rounds.compactMap { number($0[entry.key]) }
            metrics[entry.key] = numbers.isEmpty ? entry.value : .double(Meter.median(numbers))
        }
        return metrics
    }

    /// A figure as a number; nil for what is none.
    static func number(_ value: Value?) -> Double? {
        switch value {
        case .double(let number): number
        case .int(let number): Double(number)
        default: nil
        }
    }
}
