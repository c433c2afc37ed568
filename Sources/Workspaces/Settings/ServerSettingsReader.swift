import Access
import WorkflowModel
import YAML
import Shapes

/// Reads `server:` of `signalbox.yaml`.
struct ServerSettingsReader {
    private let report: LoadReport

    init(report: LoadReport) { self.report = report }

    private typealias Count = (key: String, place: WritableKeyPath<ServerSettings, Int>)
    private typealias Rate = (key: String, place: WritableKeyPath<ServerSettings, RateLimit>)
    private typealias Time = (key: String, place: WritableKeyPath<ServerSettings, Duration>)

    private let counts: [Count] = [
        ("body_bytes", \.bodyBytes), ("events_per_request", \.eventsPerRequest), ("header_bytes", \.headerBytes),
        ("header_fields", \.headerFields), ("connections", \.connections),
    ]
    private let times: [Time] = [
        ("head_time", \.headTime), ("body_time", \.bodyTime), ("idle_time", \.idleTime),
        ("request_time", \.requestTime), ("stop_time", \.stopTime),
    ]

    private let rates: [Rate] = [
        ("per_token", \.requestsPerToken), ("events_per_token", \.eventRequestsPerToken),
        ("per_address", \.requestsPerAddress), ("failures_per_address", \.failuresPerAddress),
    ]

    func read(_ node: YAMLNode, into settings: inout ServerSettings) {
        each(node, "server", SettingsShapes.server.names) { key, value in
            switch key {
            case "listen": listen(value, &settings)
            case "trusted_proxies": proxies(value, &settings)
            case "proxy_field":
                guard let field = value.text.flatMap({ ProxyField(rawValue: $0.lowercased()) }) else {
                    report.report(
                        .wrongSetting, value,
                        "`proxy_field` must be one of \(ProxyField.allCases.map(\.rawValue).joined(separator: ", "))")
                    return
                }
                settings.proxyField = field
            default: limits(value, &settings)
            }
        }
    }

    private func listen(_ node: YAMLNode, _ settings: inout ServerSettings) {
        let text = node.text
        if text == "off" {
            settings.address = nil
            return
        }
        guard let address = text.flatMap(ListenAddress.init) else {
            report.report(
                .wrongSetting, node, "`listen` must be an address and a port, or `off`",
                help: "write `listen: 127.0.0.1:8420`; `0.0.0.0:8420` listens on every address of this machine")
            return
        }
        settings.address = address
    }

    private func proxies(_ node: YAMLNode, _ settings: inout ServerSettings) {
        guard let items = node.items, items.count <= 100 else {
            report.report(.wrongSetting, node, "`trusted_proxies` must be a list of at most 100 addresses or ranges")
            return
        }
        settings.trustedProxies = items.compactMap { item in
            guard let range = item.text.flatMap(AddressRange.init) else {
                report.report(
                    .wrongSetting, item, "a trusted proxy must be an IP address or a range such as 10.0.0.0/8")
                return nil
            }
            return range
        }
    }

    private func limits(_ node: YAMLNode, _ settings: inout ServerSettings) {
        each(node, "limits", SettingsShapes.serverLimits.names) { key, value in
            if let count = counts.first(where: { $0.key == key }),
                let range = SettingsShapes.counts.first(where: { $0.key == key })?.range
            {
                guard case .int(let wide)? = value.scalar?.resolved, let number = Int(exactly: wide),
                    range.contains(number)
                else {
                    report.report(
                        .wrongSetting, value,
                        "`\(key)` must be a whole number from \(range.lowerBound) to \(range.upperBound)")
                    return
                }
                settings[keyPath: count.place] = number
            } else if let time = times.first(where: { $0.key == key }) {
                guard let text = value.text, let duration = DurationText.parse(text), duration > .zero,
                    duration <= .seconds(3600)
                else {
                    report.report(.wrongSetting, value, "`\(key)` must be a duration from 1ms to 1h such as 30s")
                    return
                }
                settings[keyPath: time.place] = duration
            } else if let rate = rates.first(where: { $0.key == key }) {
                settings[keyPath: rate.place] = limit(value, key, settings[keyPath: rate.place])
            }
        }
    }

    /// `{ requests: 600, per: 1m, burst: 100 }`; what it does not say stays as it is, but `burst` follows `requests`.
    private func limit(_ node: YAMLNode, _ name: String, _ standard: RateLimit) -> RateLimit {
        var (requests, per, burst) = (standard.requests, standard.period, Int?.none)
        each(node, name, SettingsShapes.rate.names) { key, value in
            if key == "per" {
                guard let text = value.text, let span = DurationText.parse(text), span >= .seconds(1),
                    span <= .seconds(86_400)
                else {
                    report.report(.wrongSetting, value, "`per` must be a duration from 1s to 1d such as 1m")
                    return
                }
                per = span
                return
            }
            guard case .int(let number)? = value.scalar?.resolved, (1...1_000_000).contains(number) else {
                report.report(.wrongSetting, value, "`\(key)` must be a whole number from 1 to 1000000")
                return
            }
            if key == "burst" { burst = Int(number) } else { requests = Int(number) }
        }
        return RateLimit(requests: requests, per: per, burst: burst)
    }

    private func each(_ node: YAMLNode, _ name: String, _ keys: [String], _ body: (String, YAMLNode) -> Void) {
        guard !node.isNull, !node.isDamaged else { return }
        guard let entries = node.entries else {
            report.report(.wrongSetting, node, "`\(name)` must be a map, is \(node.kindInWords)")
            return
        }
        for entry in entries where !entry.value.isDamaged {
            let key = entry.key.text ?? ""
            if keys.contains(key) {
                body(key, entry.value)
            } else {
                let near = Similarity.nearest(to: key, among: keys)
                report.report(
                    .unknownSetting, entry.key, "`\(key)` is not a key of `\(name)`",
                    help: near.map { "did you mean `\($0)`?" } ?? "known keys: \(keys.joined(separator: ", "))")
            }
        }
    }
}
