import PluginKit
import PluginTesting
import PostmortemPlugin
import WorkflowModel

/// A bench with the plugin, in a run about an incident. It is Monday, 10:00 in Berlin, 09:00 UTC.
func postmortemBench() throws -> PluginBench {
    var bench = PluginBench(
        PostmortemPlugin(manifest: try ManifestFile.read(besideTest: #filePath)),
        others: try ["incident", "ticket", "notify"].map { try ManifestFile.read($0, besideTest: #filePath) })
    bench.subject = "incident:INC-7"
    bench.names = [
        "incident": [
            "id": "INC-7", "title": "Checkout down", "severity": "SEV1", "commander": "agent-4",
            "services": ["checkout"], "summary": "A certificate expired.",
        ]
    ]
    return bench
}

/// An event of the incident, so many minutes after 08:00.
func incidentEvent(_ id: String, _ type: String, _ minute: Int, _ data: ValueMap) -> Event {
    Event(
        id: id, source: "test", type: type, subject: "incident:INC-7",
        time: Samples.now - .seconds(3600) + .seconds(minute * 60), data: data)
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
    ///
    /// - Returns: what they told, as `type id`.
    @discardableResult
    mutating func advance(to instant: Timestamp) throws -> [String] {
        var told: [String] = []
        while let (key, timer) = shelf.timers.filter({ $0.value.due <= instant })
            .min(by: { ($0.value.due, $0.key) < ($1.value.due, $1.key) })
        {
            now = max(now, timer.due)
            try shelf.transaction(of: "postmortem") { try $0.cancelTimer(String(key.dropFirst("postmortem/".count))) }
            try accept(
                Event(
                    id: timer.event.key ?? key, source: "timer", type: timer.event.type, subject: timer.event.subject,
                    time: timer.due, data: timer.event.data))
            told.append("\(timer.due.rfc3339.prefix(10)) \(timer.event.type)")
        }
        now = max(now, instant)
        return told
    }
}
