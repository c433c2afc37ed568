import MaintenancePlugin
import PluginKit
import PluginTesting
import WorkflowModel

/// A bench with the plugin. It is Monday, 10:00 in Berlin, 09:00 UTC.
func maintenanceBench() throws -> PluginBench {
    PluginBench(MaintenancePlugin(manifest: try ManifestFile.read(besideTest: #filePath)))
}

/// 2026-11-DDTHH:MM:00Z.
func at(_ day: Int, _ hour: Int, _ minute: Int = 0) -> Value {
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return .string("2026-11-\(two(day))T\(two(hour)):\(two(minute)):00Z")
}

/// The inputs of a standard window.
func window(_ services: Value, _ start: Value, _ end: Value, _ more: ValueMap = ValueMap()) -> Value {
    let with: ValueMap = ["services": services, "starts_at": start, "ends_at": end, "kind": "standard"]
    return .map(with.merging(more))
}

/// The failure that `body` ends in; nil when it ends well or in anything else.
func failure(of body: () async throws -> some Any) async -> Failure? {
    do {
        _ = try await body()
        return nil
    } catch { return error as? Failure }
}

extension PluginBench {
    /// Lets the timers that are due by `instant` go off, in order, each once.
    mutating func advance(to instant: Timestamp) throws {
        while let (key, timer) = shelf.timers.filter({ $0.value.due <= instant })
            .min(by: { ($0.value.due, $0.key) < ($1.value.due, $1.key) })
        {
            now = max(now, timer.due)
            try shelf.transaction(of: "maintenance") { try $0.cancelTimer(String(key.dropFirst("maintenance/".count))) }
            try accept(
                Event(
                    id: timer.event.key ?? key, source: "timer", type: timer.event.type, subject: timer.event.subject,
                    time: timer.due, data: timer.event.data))
        }
        now = max(now, instant)
    }

    /// The state of a window as it is kept.
    func state(_ id: String) -> String? { shelf.all(in: "maintenance.windows")[id]?["state"]?.string }
}
