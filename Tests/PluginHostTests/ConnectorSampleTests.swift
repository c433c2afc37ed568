import Foundation
import PluginHost
import Testing
import WorkflowModel
import YAML

/// Every sample of every plugin folder: signed as its sender would, received, and compared with exactly what it must become.
@Suite struct ConnectorSampleTests {
    /// A sample of a plugin.
    struct Sample: Sendable, CustomTestStringConvertible {
        let plugin: String
        let name: String
        var testDescription: String { "\(plugin)/\(name)" }
    }

    private static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().appending(path: "plugins")

    static var samples: [Sample] {
        let files = FileManager.default
        let plugins = (try? files.contentsOfDirectory(atPath: folder.path)) ?? []
        return plugins.sorted().flatMap { plugin in
            let names = (try? files.contentsOfDirectory(atPath: "\(folder.path)/\(plugin)/samples")) ?? []
            return names.filter { $0.hasSuffix(".json") }.sorted().map { Sample(plugin: plugin, name: $0) }
        }
    }

    @Test func `there are samples of every plugin that takes deliveries`() throws {
        let plugins = Set(Self.samples.map(\.plugin))
        #expect(
            plugins.isSuperset(of: ["alertmanager", "github", "jira", "pagerduty", "servicenow", "webhook", "zendesk"]))
    }

    @Test(arguments: samples)
    func `a sample becomes exactly these events`(_ sample: Sample) throws {
        let path = "\(Self.folder.path)/\(sample.plugin)"
        let text = try String(contentsOfFile: "\(path)/samples/\(sample.name)", encoding: .utf8)
        let file = try JSON.parse(text)
        let source = SourceFile(
            path: "plugin.yaml", text: try String(contentsOfFile: "\(path)/plugin.yaml", encoding: .utf8))
        let (plugin, problems) = ManifestReader.readFile(source)
        #expect(problems == [])
        let manifest = try #require(plugin?.webhooks)
        let hook = try HookSamples.hook(file["hook"] ?? [:], manifest, plugin: sample.plugin)
        var request = WebhookRequest(
            name: "sample",
            headers: (file["headers"]?.map ?? [:]).map { .init($0.key.string ?? "", $0.value.string ?? "") },
            body: body(file), receivedAt: HookSamples.now)
        let proof = try WebhookSigner.proof(of: request, for: hook, secret: "right")
        request.headers += proof.headers
        request.query += proof.query
        let outcome = WebhookReceiver.receive(request, hook: hook, secrets: ["right"])
        let found = HookSamples.value(outcome)
        #expect(
            file["expect"] == found,
            "\(sample.plugin)/\(sample.name) becomes\n\(JSONWriter.text(found, indent: 2))")
    }

    private func body(_ file: Value) -> [UInt8] {
        guard let form = file["form"]?.map else { return JSONWriter.data(file["body"] ?? .null) }
        let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~".utf8)
        func encoded(_ text: String) -> String {
            text.utf8.map { byte in
                if byte == 0x20 { return "+" }
                if plain.contains(byte) { return String(UnicodeScalar(byte)) }
                let digits = String(byte, radix: 16, uppercase: true)
                return "%" + (digits.count == 1 ? "0" : "") + digits
            }.joined()
        }
        return Array(
            form.map { "\(encoded($0.key.string ?? ""))=\(encoded($0.value.string ?? ""))" }.joined(separator: "&").utf8
        )
    }
}

/// Hooks for tests.
enum HookSamples {
    static let now = Timestamp(rfc3339: "2026-01-15T09:31:00Z") ?? Timestamp(seconds: 0)

    /// The hook of these settings, which are written as in `signalbox.yaml`, with the secret `right`.
    static func hook(_ settings: Value, _ manifest: WebhookManifest, plugin: String) throws -> Hook {
        var settings = settings.map ?? [:]
        settings["plugin"] = .string(plugin)
        if settings["secret"] == nil { settings["secret"] = "=secrets.KEY" }
        let source = SourceFile(path: "signalbox.yaml", text: JSONWriter.text(["sample": .map(settings)]))
        let (hooks, problems) = HookReader.read(
            YAMLParser.parse(source).root,
            HookReader.Surroundings(
                plugins: [plugin: manifest], allPlugins: [plugin], secrets: ["KEY", "OLD"], people: [], teams: []))
        #expect(problems == [])
        return try #require(hooks.first)
    }

    /// An outcome without what is the same for all samples.
    static func value(_ outcome: WebhookOutcome) -> Value {
        var value: ValueMap = ["outcome": .string(outcome.kind.rawValue)]
        if let delivery = outcome.delivery { value["delivery"] = .string(delivery) }
        if let reason = outcome.reason { value["reason"] = .string(reason) }
        if !outcome.unknownWords.isEmpty {
            value["unknown_words"] = .list(outcome.unknownWords.map { .string("\($0.table): \($0.word)") })
        }
        let events = outcome.events.map { event -> Value in
            var shown: ValueMap = [
                "type": .string(event.type), "id": .string(event.id), "time": .string(event.time.rfc3339),
            ]
            if let subject = event.subject { shown["subject"] = .string(subject) }
            if event.origin == .own { shown["origin"] = "own" }
            // What is kept of an unmapped delivery is its body, which the sample has already.
            shown["data"] =
                event.type == "webhook.unmapped"
                ? ["reason": event.data["webhook"]?["reason"] ?? .null] : .map(event.data)
            return .map(shown)
        }
        if !events.isEmpty { value["events"] = .list(events) }
        return .map(value)
    }
}
