import Logging
import WorkflowModel

/// Writes log events to standard error, one line each: for people, or as one JSON object.
struct LineLog: LogHandler {
    /// `--log-format`.
    enum Format: String, Sendable, CaseIterable {
        case text, json
    }

    let format: Format
    let label: String
    var logLevel: Logger.Level
    var metadata = Logger.Metadata()
    /// Where a line goes; it ends with a line break.
    var sink: @Sendable (String) -> Void = { Console.standardError($0) }
    var now: @Sendable () -> Timestamp = { WallClock.now() }

    init(format: Format, level: Logger.Level, label: String) {
        self.format = format
        self.label = label
        logLevel = level
    }

    /// A logger that writes like this.
    static func logger(_ format: Format, _ level: Logger.Level) -> Logger {
        Logger(label: "signalbox") { LineLog(format: format, level: level, label: $0) }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var fields = metadata.merging(event.metadata ?? [:]) { _, of in of }
        if let error = event.error { fields["error"] = "\(error)" }
        sink(line(event, fields.sorted { $0.key < $1.key }) + "\n")
    }

    private func line(_ event: LogEvent, _ fields: [(key: String, value: Logger.Metadata.Value)]) -> String {
        let time = Timestamp(milliseconds: now().milliseconds)
        switch format {
        case .json:
            var map: ValueMap = [
                "at": .timestamp(time), "level": .string(event.level.rawValue),
                "message": .string(event.message.description),
            ]
            for (key, value) in fields where map[key] == nil { map[key] = LineLog.value(value) }
            return JSONWriter.text(.map(map))
        case .text:
            var line = "\(time.rfc3339) \(event.level.rawValue) \(event.message)"
            for (key, value) in fields { line += " \(key)=\(LineLog.quoted(value.description))" }
            // One event is one line, whatever a message brings along.
            return String(line.map { $0.isNewline ? " " : $0 })
        }
    }

    private static func value(_ value: Logger.Metadata.Value) -> Value {
        switch value {
        case .string(let text): .string(text)
        case .stringConvertible(let item): .string(item.description)
        case .array(let items): .list(items.map(LineLog.value))
        case .dictionary(let items):
            .map(ValueMap(items.sorted { $0.key < $1.key }.map { (MapKey.string($0.key), LineLog.value($0.value)) }))
        }
    }

    private static func quoted(_ text: String) -> String {
        let isPlain = !text.isEmpty && !text.contains { $0 == " " || $0 == "\"" || $0 == "=" || $0.isNewline }
        return isPlain ? text : JSONWriter.text(.string(text))
    }
}
