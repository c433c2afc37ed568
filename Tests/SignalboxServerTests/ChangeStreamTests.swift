import Access
import Glibc
import InMemoryRunStore
import Logging
import RESTInterface
import RunStore
import Testing
import WorkflowEngine
import WorkflowModel
import WorkflowTesting
import Workspaces

@testable import SignalboxServer

/// Those who listen to changes over a connection, and what ends it: that they do not read, or may no longer.
@Suite("Listeners of a server", .timeLimit(.minutes(1))) struct ChangeStreamTests {
    private static func api(_ fixture: EngineFixture, _ feed: ChangeFeed) throws -> API {
        let set = try ActiveSet([])
        return API(
            APIServices(
                store: fixture.store, requests: RequestClient(store: fixture.store), registry: try fixture.registry,
                playbooks: { set }, directory: { Directory(zone: "UTC") }, look: { _, _ in .null }, feed: feed,
                workspace: "test", version: "1", clock: fixture.clock))
    }

    private static let request = "GET /api/v1/stream HTTP/1.1\r\nHost: a\r\n"

    /// A run that failed with this message.
    private static func run(_ number: Int, message: String) -> RunRecord {
        var run = RunRecord(
            id: RunID("run_\(number)"), playbook: "p", kind: .live, bundle: "b", event: nil, subject: nil,
            createdAt: Timestamp(seconds: 1_795_334_400), inputs: [:])
        run.failure = Failure(code: "long", message: message)
        return run
    }

    /// Waits until `holds`, at most 20 s.
    private func wait(for what: String, until holds: () throws -> Bool) async throws {
        let end = ContinuousClock.now + .seconds(20)
        while try !holds() {
            try #require(ContinuousClock.now < end, "waited in vain for \(what)")
            await Task.yield()
        }
    }

    @Test func `one who does not read is cut off, and others hear on`() async throws {
        let fixture = try EngineFixture(workflows: [])
        let feed = ChangeFeed(start: fixture.clock.now)
        try await ServerFixture.with(
            fixture,
            services: { _, services in
                services.clock = fixture.clock
                services.api = try Self.api(fixture, feed)
            }
        ) { here in
            let (slow, quick) = try await here.away {
                (try Kept(RawClient(port: here.port, room: 4096)), try Kept(RawClient(port: here.port)))
            }
            for client in [slow, quick] { client.value.send(Self.request + "\r\n") }
            try await wait(for: "the listeners") { feed.listeners == 2 }
            // More than the buffers of a connection take.
            let large = String(repeating: "x", count: 100_000)
            for number in 1...80 { feed.note(.runChanged(Self.run(number, message: large))) }
            _ = try await here.away { try quick.value.text(until: "run_80\"") }
            // The writer of the slow one stands still, and its patience ends, while the other one has each change at once.
            var number = 1000
            while feed.listeners > 1, number < 1700 {
                fixture.clock.advance(by: .seconds(5))
                number += 1
                feed.note(.runChanged(Self.run(number, message: "short")))
                let mark = "run_\(number)\""
                _ = try await here.away { try quick.value.text(until: mark) }
            }
            #expect(feed.listeners == 1, "the slow one is cut off")
            #expect(try await here.away { try slow.value.isCutOff(within: 64 << 20) })
        }
    }

    @Test func `a token that is revoked hears no more, and is told so`() async throws {
        let fixture = try EngineFixture(workflows: [])
        let feed = ChangeFeed(start: fixture.clock.now)
        let door = TokenDoor(
            store: fixture.store, failures: RateLimit(requests: 10, per: .seconds(60), burst: 3), clock: fixture.clock,
            log: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        ) { _ in .gone }
        let token = try #require(TokenText(random: (0..<37).map { UInt8($0) }))
        let record = TokenRecord(
            id: token.id, name: "board", role: .viewer, hash: token.hash, createdAt: fixture.clock.now,
            createdBy: "user@example.com")
        try await fixture.store.write { try $0.issue(record) }
        try await ServerFixture.with(
            fixture, callers: door,
            services: { _, services in
                services.clock = fixture.clock
                services.api = try Self.api(fixture, feed)
            }
        ) { here in
            let client = try await here.away { try Kept(RawClient(port: here.port)) }
            client.value.send(Self.request + "Authorization: Bearer \(token.text)\r\n\r\n")
            try await wait(for: "the listener") { feed.listeners == 1 }
            _ = try await here.away { try client.value.text(until: "event: ready") }
            // A live token is looked at again and goes on.
            try await wait(for: "the look at the token") { fixture.clock.nextWake != nil }
            fixture.clock.advance(by: ChangeStream.quiet)
            _ = try await here.away { try client.value.text(until: "still here") }
            let now = fixture.clock.now
            try await fixture.store.write { _ = try $0.revoke(token.id, by: "user@example.com", at: now) }
            try await wait(for: "the next look at the token") { fixture.clock.nextWake != nil }
            fixture.clock.advance(by: ChangeStream.quiet)
            try await wait(for: "the stream to end") { feed.listeners == 0 }
            feed.note(.runChanged(Self.run(1, message: "after the end")))
            let last = try await here.away { try client.value.text(until: "not_allowed\"") }
            #expect(last.contains("event: end\ndata: {\"reason\":\"not_allowed\""), "\(last)")
            #expect(!last.contains("run_1"))
            let again = try await here.ask("GET", "/api/v1/stream", [("Authorization", "Bearer \(token.text)")])
            #expect(again.status == 401)
        }
    }
}
