import Glibc
import Logging
import Prometheus
import WorkflowEngine

/// The executor's metrics in a file that is replaced as a whole: the text-file collector of Prometheus' node exporter, or a person, reads it at any
/// time and always finds all of it.
struct MetricsFile {
    /// How often it is written.
    static let interval = Duration.seconds(15)

    let path: String
    let registry: PrometheusRegistry

    /// Refuses a path to which nothing can be written, before anything has begun.
    ///
    /// - Throws: ``CommandFailure``.
    init(path: String, registry: PrometheusRegistry) throws {
        self.path = path
        self.registry = registry
        if let problem = write() {
            throw CommandFailure(
                .environment,
                "the metrics cannot be written: \(problem); name a file in a folder that this user may write to")
        }
    }

    /// Writes until the task is cancelled, and once more then. What goes wrong is said once, until it goes well again.
    func keep(_ engine: Engine, _ log: Logger) async {
        var lastProblem: String?
        while true {
            var problem: String?
            do { try await engine.sampleMetrics() } catch { problem = "\(error)" }
            problem = write() ?? problem
            if let problem, problem != lastProblem {
                log.warning("the metrics cannot be written", metadata: ["file": "\(path)", "failure": "\(problem)"])
            }
            lastProblem = problem
            guard !Task.isCancelled else { return }
            // Only being told to stop ends the pause early.
            do { try await Task.sleep(for: Self.interval) } catch { continue }
        }
    }

    /// Writes the file beside the old one and puts it in its place; gives what is wrong.
    private func write() -> String? {
        let partial = "\(path).\(getpid())"
        guard let file = fopen(partial, "w") else { return "\(partial): \(String(cString: strerror(errno)))" }
        let isWritten = fputs(registry.text(), file) >= 0
        guard fclose(file) == 0, isWritten, rename(partial, path) == 0 else {
            let problem = String(cString: strerror(errno))
            unlink(partial)
            return "\(path): \(problem)"
        }
        return nil
    }
}
