import Access
import HTTPTypes
import Hummingbird
import InMemoryRunStore
import Logging
import RunStore
import Testing
import WorkflowModel
import WorkflowTesting

@testable import SignalboxServer

@Suite struct TokenDoorTests {
    /// A door over a store in memory, with a clock of its own.
    private final class House: Sendable {
        let store: InMemoryRunStore
        let clock = ManualClock(Timestamp(seconds: 1_800_000_000))
        let door: TokenDoor

        init(people: [String: TokenDoor.Standing] = [:]) {
            store = InMemoryRunStore()
            door = TokenDoor(
                store: store, failures: RateLimit(requests: 10, per: .seconds(60), burst: 3), clock: clock,
                log: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
            ) { person in people[person] ?? .gone }
        }

        func token(_ seed: UInt8 = 1) throws -> TokenText {
            try #require(TokenText(random: (0..<37).map { UInt8(truncatingIfNeeded: Int($0) * 5) &+ seed }))
        }

        @discardableResult
        func issue(_ seed: UInt8 = 1, role: Role = .lead, person: String? = nil, until end: Timestamp? = nil)
            async throws -> TokenText
        {
            let token = try token(seed)
            let record = TokenRecord(
                id: token.id, name: "t\(seed)", person: person, role: role, hash: token.hash, createdAt: clock.now,
                createdBy: "user@example.com", expiresAt: end)
            try await store.write { try $0.issue(record) }
            return token
        }

        func caller(_ fields: String..., from address: String = "203.0.113.9") async throws -> Caller? {
            var request = HTTPRequest(method: .get, scheme: "http", authority: "localhost", path: "/api/v1/runs")
            for field in fields { request.headerFields.append(HTTPField(name: .authorization, value: field)) }
            return try await door.caller(
                of: Request(head: request, body: RequestBody(buffer: .init())), from: address)
        }

        /// The code by which a request is refused.
        func refusal(_ field: String, from address: String = "203.0.113.9") async throws -> Problem? {
            do {
                _ = try await caller(field, from: address)
                return nil
            } catch let problem as Problem {
                return problem
            }
        }
    }

    @Test func `a token makes its caller`() async throws {
        let house = House(people: ["mara": .known(.coordinator), "ada": .known(nil)])
        let token = try await house.issue()
        #expect(
            try await house.caller("Bearer \(token.text)") == Caller(name: "t1", role: .lead, tokenID: token.id))
        #expect(try await house.caller("bEARER \(token.text)") != nil, "schemes are written in any case")
        #expect(try await house.caller() == nil)
        let hers = try await house.issue(2, role: .coordinator, person: "mara")
        #expect(try await house.caller("Bearer \(hers.text)")?.actor == "mara")
        let adas = try await house.issue(3, role: .admin, person: "ada")
        #expect(try await house.caller("Bearer \(adas.text)")?.role == .admin)
    }

    @Test func `no token does more than its person may now, and none of somebody who is gone opens anything`()
        async throws
    {
        let house = House(people: ["mara": .known(.viewer)])
        let token = try await house.issue(role: .lead, person: "mara")
        #expect(try await house.caller("Bearer \(token.text)")?.role == .viewer)
        let gone = try await house.issue(2, person: "gone")
        #expect(try await house.refusal("Bearer \(gone.text)")?.code == "unknown_person")
    }

    @Test func `each way of being wrong is told, and what was sent is never repeated`() async throws {
        let house = House()
        let token = try await house.issue(until: house.clock.now + .seconds(3600))
        let unknown = try house.token(9)
        let damaged = String(token.text.dropLast()) + (token.text.last == "0" ? "1" : "0")
        let cases: [(String, String)] = [
            ("Basic dXNlcjpwYXNz", "unknown_scheme"), ("Bearer", "invalid_token"), ("Bearer ", "invalid_token"),
            ("Bearer  \(token.text)", "invalid_token"),
            ("Bearer \(token.text), Bearer \(token.text)", "invalid_token"), ("", "unknown_scheme"),
            (token.text, "unknown_scheme"), ("Bearer é\u{7f}", "invalid_token"),
            ("Bearer " + String(repeating: "a", count: 1 << 20), "invalid_token"),
            ("Bearer \(damaged)", "damaged_token"),
            ("Bearer \(unknown.text)", "unknown_token"),
        ]
        for (number, (field, code)) in cases.enumerated() {
            let problem = try await house.refusal(field, from: "198.51.100.\(number)")
            #expect(problem?.code == code, "\(field.prefix(30))")
            #expect(problem?.status == .unauthorized)
            let challenge = problem?.headers[.wwwAuthenticate] ?? ""
            #expect(challenge.hasPrefix("Bearer realm=\"signalbox\""), "\(challenge)")
            let said = "\(String(describing: problem))"
            #expect(!said.contains(token.text.suffix(20)) && !said.contains("dXNlcjpwYXNz"))
        }
        house.clock.advance(by: .seconds(3600))
        #expect(try await house.refusal("Bearer \(token.text)")?.code == "expired_token")
    }

    @Test func `two tokens in one request are refused`() async throws {
        let house = House()
        let token = try await house.issue()
        let problem = await #expect(throws: Problem.self) {
            try await house.caller("Bearer \(token.text)", "Bearer \(token.text)")
        }
        #expect(problem?.status == .badRequest)
        #expect(problem?.code == "repeated_authorization")
    }

    @Test func `a token that was revoked opens nothing half a second later`() async throws {
        let house = House()
        let token = try await house.issue()
        #expect(try await house.caller("Bearer \(token.text)") != nil)
        let now = house.clock.now
        _ = try await house.store.write { try $0.revoke("t1", by: "user@example.com", at: now) }
        house.clock.advance(by: TokenDoor.freshness)
        #expect(try await house.refusal("Bearer \(token.text)")?.code == "revoked_token")
        try await house.store.write { try $0.removeToken(token.id) }
        house.clock.advance(by: TokenDoor.freshness)
        #expect(try await house.refusal("Bearer \(token.text)")?.code == "unknown_token")
    }

    @Test func `an address that guesses has to wait, others and tokens that were right do not`() async throws {
        let house = House()
        let token = try await house.issue()
        #expect(try await house.caller("Bearer \(token.text)") != nil)
        var codes: [String] = []
        for seed in UInt8(10)..<16 {
            codes.append(try await house.refusal("Bearer \(house.token(seed).text)")?.code ?? "in")
        }
        #expect(codes == Array(repeating: "unknown_token", count: 3) + Array(repeating: "too_many_failures", count: 3))
        let blocked = try await house.refusal("Bearer \(house.token(20).text)")
        #expect(blocked?.status == .tooManyRequests)
        #expect(blocked?.headers[.retryAfter].flatMap(Int.init) ?? 0 > 0)
        #expect(try await house.refusal("Bearer nonsense")?.code == "too_many_failures")
        house.clock.advance(by: TokenDoor.freshness)
        #expect(try await house.caller("Bearer \(token.text)") != nil, "it was right before")
        // One that was never seen must wait, for letting it in would tell who guesses that the guess was right.
        let fresh = try await house.issue(30)
        #expect(try await house.refusal("Bearer \(fresh.text)")?.code == "too_many_failures")
        #expect(try await house.caller("Bearer \(fresh.text)", from: "198.51.100.1") != nil)
        house.clock.advance(by: .seconds(61))
        #expect(try await house.refusal("Bearer \(house.token(40).text)")?.code == "unknown_token")
    }

    @Test func `a wrong secret for a known id does not put its owner out of memory`() async throws {
        let house = House()
        let token = try await house.issue()
        #expect(try await house.caller("Bearer \(token.text)") != nil)
        var bytes = (0..<37).map { UInt8(truncatingIfNeeded: Int($0) * 5) &+ 1 }
        bytes[36] ^= 1
        let forged = try #require(TokenText(random: bytes))
        #expect(forged.id == token.id)
        for _ in 0..<5 { _ = try await house.refusal("Bearer \(forged.text)") }
        #expect(try await house.caller("Bearer \(token.text)") != nil)
    }

    @Test func `the use of a token is noted, and not for every request`() async throws {
        let house = House()
        let token = try await house.issue()
        let first = house.clock.now
        for _ in 0..<3 {
            _ = try await house.caller("Bearer \(token.text)")
            house.clock.advance(by: .seconds(100))
        }
        #expect(try await house.store.read(view: { try $0.token(token.id)?.lastUsedAt }) == first)
        house.clock.advance(by: TokenRecord.useGranularity)
        let later = house.clock.now
        _ = try await house.caller("Bearer \(token.text)")
        #expect(try await house.store.read(view: { try $0.token(token.id)?.lastUsedAt }) == later)
    }
}
