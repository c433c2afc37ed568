import Logging
import Synchronization

/// A log whose lines a test reads.
final class KeptLog: Sendable {
    private let kept = Mutex<[String]>([])

    /// The lines so far, each with its fields in the order of their names.
    var lines: [String] { kept.withLock { $0 } }

    /// A logger that writes here.
    var logger: Logger { Logger(label: "test") { _ in Handler(log: self) } }

    private struct Handler: LogHandler {
        let log: KeptLog
        var logLevel = Logger.Level.debug
        var metadata = Logger.Metadata()

        init(log: KeptLog) { self.log = log }

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let fields = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }
            let line = "\(event.message) " + fields.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
            log.kept.withLock { $0.append(line) }
        }
    }
}
