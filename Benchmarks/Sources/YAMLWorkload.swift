import Expressions
import Foundation
import WorkflowModel
import YAML

/// W5: generated files read from disk into trees; and with the conditions and texts in them compiled.
enum YAMLWorkload {
    static func run(files: Int, rounds: Int) throws {
        let folder = try TemporaryFolder("w5")
        defer { folder.remove() }
        let paths = try (0..<files).map { number in
            let path = "\(folder.path)/pb-\(number).yaml"
            try Workloads.playbook(number).write(toFile: path, atomically: false, encoding: .utf8)
            return path
        }
        try measure("tree", paths, rounds) { _ in }
        try measure("compiled", paths, rounds) { root in
            if let when = root["when"]?.text { _ = try Program(parsing: when) }
            for step in root["steps"]?.items ?? [] {
                if let condition = step["if"]?.text { _ = try Program(parsing: condition) }
                if let text = step["with"]?["text"]?.text { _ = try TextTemplate(parsing: text) }
            }
        }
    }

    private static func measure(_ what: String, _ paths: [String], _ rounds: Int, _ body: (YAMLNode) throws -> Void)
        throws
    {
        var wall: [Double] = []
        var cpu: [Double] = []
        for _ in 0..<rounds {
            let meter = Meter()
            var kept: [YAMLNode] = []
            for path in paths {
                let file = SourceFile(path: path, bytes: try TemporaryFolder.bytes(ofFileAt: path))
                let (root, diagnostics) = YAMLParser.parse(file)
                guard let root, diagnostics.isEmpty else { throw WorkloadError("\(path): \(diagnostics)") }
                try body(root)
                kept.append(root)
            }
            wall.append(meter.wallSeconds * 1e3 / Double(paths.count))
            cpu.append(meter.cpuSeconds * 1e3 / Double(paths.count))
        }
        Meter.report(
            "W5", "signalbox-\(what)", ["files": .int(Int64(paths.count)), "rounds": .int(Int64(rounds))],
            [
                "ms_per_file": .double(Meter.median(wall)), "cpu_ms_per_file": .double(Meter.median(cpu)),
                "rss_mb": .double(Meter.peakMemory),
            ])
    }
}
