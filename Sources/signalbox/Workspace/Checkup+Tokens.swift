import RunStore
import WorkflowModel

extension Checkup {
    /// How long before a token's end it is told.
    static let tokenNotice = Duration.seconds(14 * 86_400)

    /// Whether somebody can call the server, and who soon no longer can.
    static func tokens(_ reader: any StoreReader, _ now: Timestamp) throws -> Finding {
        let live = try reader.tokens().filter { $0.state(at: now) == .live }
        guard !live.isEmpty else { return Finding("tokens", .ok, "there is none; the server answers nobody") }
        let text = live.count == 1 ? "1 is live" : "\(live.count) are live"
        let ending = live.filter { $0.expiresAt.map { $0 <= now + tokenNotice } ?? false }
            .sorted { ($0.expiresAt ?? .latest, $0.id) < ($1.expiresAt ?? .latest, $1.id) }
        guard let first = ending.first, let end = first.expiresAt else { return Finding("tokens", .ok, text) }
        let others =
            switch ending.count {
            case 1: ""
            case 2: ", and 1 other soon after"
            default: ", and \(ending.count - 1) others soon after"
            }
        return Finding(
            "tokens", .warn, "\(text); \(first.name) expires in \(DurationText.forPeople(end - now))\(others)",
            help: "make another one in time: signalbox tokens create NAME …")
    }
}
