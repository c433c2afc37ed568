import IncidentPlugin
import PluginKit
import PluginTesting
import WorkflowModel

/// A bench with the plugin, and a table of severities that asks for news every 30 minutes at SEV1 and every hour at SEV2.
func incidentBench() throws -> PluginBench {
    var bench = PluginBench(
        IncidentPlugin(manifest: try ManifestFile.read(besideTest: #filePath)),
        others: [
            try ManifestFile.read("ticket", besideTest: #filePath),
            try ManifestFile.read("notify", besideTest: #filePath),
        ])
    bench.tables = [
        Samples.table(
            "severities", ["severity", "news_every"],
            [["SEV1", "30m"], ["SEV2", "1h"], ["SEV3", "4h"], ["SEV4", .null]])
    ]
    bench.playbook = "test-playbook"
    return bench
}

/// An event of another system about its incident PD-7, `minutes` after ``PluginTesting/Samples/now``.
func told(_ type: String, after minutes: Int, _ incident: ValueMap = [:], _ more: ValueMap = [:]) -> Event {
    var incident = incident
    if incident["id"] == nil { incident["id"] = "PD-7" }
    return Event(
        id: "\(type)-\(minutes)-\(incident.count)", source: "https://pager.example.com", type: "incident.\(type)",
        time: Samples.now + .seconds(minutes * 60), data: more.merging(["incident": .map(incident)]))
}

func minute(_ minutes: Int) -> Value { .timestamp(Samples.now + .seconds(minutes * 60)) }

func minutes(_ count: Int) -> Value { .duration(.seconds(count * 60)) }

/// The failure that `body` ends in; nil when it ends well or in anything else.
func failure(of body: () async throws -> some Any) async -> Failure? {
    do {
        _ = try await body()
        return nil
    } catch { return error as? Failure }
}

extension PluginBench {
    /// `action` of the plugin, `minutes` after ``PluginTesting/Samples/now``.
    @discardableResult
    mutating func act(_ action: String, after minutes: Int = 0, _ with: Value) async throws -> Value {
        now = Samples.now + .seconds(minutes * 60)
        return try await run("incident.\(action)", with: with)
    }

    /// Accepts what the plugin has emitted since, as the engine would.
    mutating func acceptEmitted(from first: Int = 0) throws -> [ValueMap] {
        try shelf.emitted.dropFirst(first).map { draft in
            try accept(
                Event(
                    id: "\(draft.type)/\(draft.key ?? "")", source: "/plugins/incident", type: draft.type,
                    subject: draft.subject, time: now, data: draft.data))
        }
    }

    /// The texts of the timeline.
    func timeline(_ id: String) async throws -> [String] {
        try await run("incident.get", with: ["incident": .string(id)])["timeline"]?.list?
            .compactMap { $0["text"]?.string } ?? []
    }
}
