import Foundation
import Testing
import WorkflowModel

/// Hooks whose settings and manifests change while the server is at work.
@Suite("Hooks that change", .timeLimit(.minutes(3)), .serialized)
struct HookChangeTests {
    /// A manifest whose rule looks at this field.
    private static func manifest(_ field: String) -> String {
        """
        plugin: shop
        version: 0.1.0
        summary: For a test.
        emits: [ticket.created]
        webhooks:
          verify: { token: { kind: header, header: X-Token } }
          delivery: { header: X-Delivery }
          actor: =body.by
          events:
            - when: has(body.\(field))
              type: ticket.created
              data: { ticket: { id: =text(body.\(field)), title: =body.title, priority: P1 } }
        """
    }

    /// What comes of a delivery: the status, and the outcome or the code.
    private func deliver(
        _ served: Served, _ name: String, by: String = "person", _ ticket: String, token: String
    ) async throws -> String {
        let answer = try await served.wire.ask(
            "/hooks/shop", method: "POST",
            fields: ["X-Token: \(token)", "X-Delivery: \(name)", "Content-Type: application/json"],
            body: #"{"number":"\#(ticket)","title":"An order is stuck","by":"\#(by)"}"#)
        return "\(answer.status) \(try answer.json["outcome"]?.string ?? answer.code ?? "")"
    }

    /// Whether the events that the hook made about a ticket are echoes, and how many runs there are about it.
    private func seen(_ served: Served, _ token: String, _ ticket: String) async throws -> String {
        let events = try await served.wire.ask(
            "/api/v1/events?type=ticket.created&subject=ticket:\(ticket)", token: token
        ).json["items"]?.list
        let runs = try await served.wire.ask("/api/v1/runs?subject=ticket:\(ticket)", token: token).json["items"]?.list
        let origins = (events ?? []).map { $0["event"]?["origin"]?.string ?? "outside" }
        return "\(origins.joined(separator: ", ")), \(runs?.isEmpty == true ? "no runs" : "runs")"
    }

    @Test func `hooks follow the files, and what was kept is mapped anew as what it was`() async throws {
        let copy = try WorkspaceCopy(environment: ["E2E_ONE": "first-token", "E2E_TWO": "second-token"])
        let made = try await copy.json("tokens", "create", "metrics", "--role", "viewer")
        let viewer = try #require(made["token"]?.string)
        let served = try await Served(copy, "--no-watch", "--log-format", "json")
        #expect(try await deliver(served, "d-0", "1", token: "first-token") == "404 unknown_hook")

        try copy.write(Self.manifest("nummer"), to: "plugins/shop/plugin.yaml")
        try copy.addSettings([
            "secrets": ["SHOP: { env: E2E_ONE }"], "hooks": ["shop: { secret: =secrets.SHOP, own: [bot] }"],
        ])
        #expect(try await copy.run("reload").status == 0)
        #expect(try await deliver(served, "d-1", by: "bot", "7701", token: "first-token") == "202 unmapped")
        #expect(try await deliver(served, "d-2", by: "bot", "7702", token: "first-token") == "202 unmapped")
        #expect(try await deliver(served, "d-3", "7703", token: "first-token") == "202 unmapped")

        // Mended: what was kept is mapped anew beside the server, and what comes from now on by the server.
        try copy.write(Self.manifest("number"), to: "plugins/shop/plugin.yaml")
        for (name, ticket, wanted) in [("d-1", "7701", "own, no runs"), ("d-3", "7703", "outside, runs")] {
            let again = try await copy.json("hooks", "again", "unmapped:\(name)")
            #expect(again["receipts"]?[0]?["duplicate"] == false, "\(again)")
            #expect(try await seen(served, viewer, ticket) == wanted)
        }
        #expect(try await copy.run("reload").status == 0)
        #expect(try await deliver(served, "d-4", by: "bot", "7704", token: "first-token") == "202 accepted")
        #expect(try await seen(served, viewer, "7704") == "own, no runs")

        // The secret is looked for in another place.
        let settings = try copy.text("signalbox.yaml")
        try copy.write(settings.replacing("env: E2E_ONE", with: "env: E2E_TWO"), to: "signalbox.yaml")
        #expect(try await copy.run("reload").status == 0)
        #expect(try await deliver(served, "d-5", "7705", token: "first-token") == "401 signature_wrong")
        #expect(try await deliver(served, "d-5", "7705", token: "second-token") == "202 accepted")

        let metrics = try await served.wire.ask("/metrics", token: viewer).body
        #expect(
            metrics.contains("signalbox_webhook_deliveries_total{hook=\"shop\",outcome=\"unmapped\"} 3\n"), "\(metrics)"
        )
        #expect(try OtherProgram.complaints(about: metrics, in: copy) == "")
        #expect(await served.stop().status == 0)

        // Without a server the command accepts by itself.
        let last = try await copy.json("hooks", "again", "unmapped:d-2")
        #expect(last["receipts"]?[0]?["duplicate"] == false, "\(last)")
        let why = try await copy.json("why", "ticket:7702").list ?? []
        let created = why.filter { $0["event"]?["type"] == "ticket.created" }
        #expect(created.map { $0["event"]?["origin"] } == ["own"], "\(why)")
    }
}
