import PluginHost
import PluginKit
import WorkflowModel

/// Hooks and what becomes of deliveries, for people and as JSON.
enum HookText {
    /// What a plugin that takes deliveries can do.
    static func lines(_ plugin: DeclarativePlugin, _ paint: Paint) -> [String] {
        guard let webhooks = plugin.webhooks else { return [] }
        var ways = TextTable()
        for scheme in webhooks.schemes { ways.add([scheme.name, proof(scheme)]) }
        var lines = ["", "ways to prove a delivery (verify)"] + ways.lines(indent: 2)
        lines += ["", "becomes", "  " + plugin.manifest.emits.joined(separator: ", ")]
        var tables = TextTable()
        for (name, words) in webhooks.words.sorted(by: { $0.key < $1.key }) {
            let known = words.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value.string ?? "")" }
            tables.add([name, known.isEmpty ? paint.dim("no words yet") : known.joined(separator: ", ")])
        }
        lines += ["", "tables of words (map)"] + tables.lines(indent: 2)
        if !webhooks.settings.properties.isEmpty {
            var settings = TextTable()
            for property in webhooks.settings.properties {
                settings.add([property.name, property.schema.description ?? ""])
            }
            lines += ["", "settings"] + settings.lines(indent: 2)
        }
        return lines
    }

    /// How deliveries prove their origin, in words.
    static func proof(_ hook: Hook) -> String { proof(hook.scheme) }

    private static func proof(_ scheme: WebhookScheme) -> String {
        switch scheme.kind {
        case .signature(let signature): "signature in \(signature.header)"
        case .header(let name, let prefix): "secret in \(name)\(prefix.isEmpty ? "" : ", after \"\(prefix)\"")"
        case .query(let parameter): "secret in the address, ?\(parameter)="
        case .basic: "user and password"
        }
    }

    static func lines(_ outcome: WebhookOutcome, _ paint: Paint) -> [String] {
        var lines: [String] = []
        let delivery = outcome.delivery.map { "delivery \($0)" } ?? "a delivery without a name"
        switch outcome.kind {
        case .accepted:
            lines.append(paint.green("✓") + " \(delivery) would become \(count(outcome.events.count)):")
        case .ignored: lines.append(paint.green("✓") + " \(delivery) would be ignored: \(outcome.reason ?? "")")
        case .handshake:
            lines.append(paint.green("✓") + " the sender asks whether we are there; the answer is:")
            lines += ValueText.block(outcome.answer ?? .null, indent: 2)
        case .unmapped:
            lines.append(
                paint.yellow("!") + " \(delivery) would be kept as webhook.unmapped: \(outcome.reason ?? "")")
        case .unreadable:
            lines.append(
                paint.red("✗")
                    + " \(delivery) would be refused with \(outcome.refusal?.status ?? 400), and kept as webhook.unmapped:"
                    + " \(outcome.reason ?? "")")
        case .refused:
            lines.append(
                paint.red("✗")
                    + " \(delivery) would be refused with \(outcome.refusal?.status ?? 401) \(outcome.refusal?.code ?? ""): "
                    + (outcome.refusal?.detail ?? ""))
        }
        for event in outcome.events where event.type != "webhook.unmapped" {
            lines.append("")
            lines.append(
                paint.bold(event.type) + (event.subject.map { "  \($0)" } ?? "") + "  \(event.time.rfc3339)"
                    + (event.origin == .own ? "  (an echo of our own)" : ""))
            lines.append(paint.dim("  id \(event.id)"))
            lines += ValueText.block(.map(event.data), indent: 2)
        }
        if !outcome.unknownWords.isEmpty {
            lines.append("")
            lines.append("Words that no table knows (kept as they are; `map:` of the hook gives them a meaning):")
            for word in outcome.unknownWords { lines.append("  \(word.table): \(word.word)") }
        }
        return lines
    }

    private static func count(_ events: Int) -> String { events == 1 ? "1 event" : "\(events) events" }

    static func value(_ outcome: WebhookOutcome) -> ValueMap {
        var value: ValueMap = [
            "outcome": .string(outcome.kind.rawValue), "delivery": outcome.delivery.map(Value.string) ?? .null,
            "events": .list(outcome.events.map(\.envelope)),
            "unknown_words": .list(
                outcome.unknownWords.map { ["table": .string($0.table), "word": .string($0.word)] }),
        ]
        if let reason = outcome.reason { value["reason"] = .string(reason) }
        if let answer = outcome.answer { value["answer"] = answer }
        if let refusal = outcome.refusal {
            value["refusal"] = [
                "status": .int(Int64(refusal.status)), "code": .string(refusal.code), "detail": .string(refusal.detail),
            ]
        }
        return value
    }
}
