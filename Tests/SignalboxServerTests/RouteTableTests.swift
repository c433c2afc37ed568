import Access
import Hummingbird
import Logging
import Prometheus
import RESTInterface
import RunStore
import Testing
import WorkflowEngine
import WorkflowModel
import WorkflowTesting
import Workspaces

@testable import SignalboxServer

@Suite("The routes and the document that tells of them", .timeLimit(.minutes(1)))
struct RouteTableTests {
    private struct Nobody: CallerSource {
        func caller(of request: Request, from peerAddress: String) async throws -> Caller? { nil }
    }

    @Test func `every route is in the OpenAPI document, and nothing else is`() async throws {
        let fixture = try EngineFixture(workflows: [])
        let engine = try await fixture.open()
        let set = try ActiveSet([])
        let api = API(
            APIServices(
                store: fixture.store, requests: RequestClient(store: fixture.store), registry: try fixture.registry,
                playbooks: { set }, directory: { Directory(zone: "UTC") }, look: { _, _ in .null },
                feed: ChangeFeed(start: fixture.clock.now), workspace: "test", version: "1"))
        let metrics = PrometheusRegistry(ServerMetrics.definitions)
        let routes = Routes(
            settings: ServerSettings(),
            services: ServerServices(
                engine: engine, store: fixture.store, callers: Nobody(), registry: try fixture.registry,
                clock: fixture.clock, log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, metrics: metrics,
                workspace: "test", version: "1", api: api), metrics: ServerMetrics(metrics), state: ServerState())
        let registered = Set(routes.known().routes.map { "\($0.method.rawValue) \($0.path)" })
        var described = Set<String>()
        for path in try #require(OpenAPIDocument(api).value["paths"]?.map) {
            for method in try #require(path.value.map) {
                described.insert("\(method.key.jsonText.uppercased()) \(path.key.jsonText)")
            }
        }
        #expect(registered.subtracting(described).sorted() == [], "routes without a description (PlainRoute)")
        // A server of a workspace without hooks has none.
        let missing = described.subtracting(registered).subtracting(["POST /hooks/{name}"])
        #expect(missing.sorted() == [], "descriptions without a route")
        await engine.close()
    }

    @Test(
        arguments: [
            ("a%20b", "a b"), ("ticket%3A4711", "ticket:4711"), ("%C3%A9", "é"), ("a+b", "a+b"), ("%", nil),
            ("%4", nil),
            ("%zz", nil), ("%FF", nil), ("", ""),
        ] as [(String, String?)])
    func `parts of a path are read as they were written`(_ text: String, _ expected: String?) {
        #expect(PercentText.decode(text) == expected)
    }

    @Test func `parameters are read in their order, with plus as a space`() throws {
        let read = try #require(PercentText.query("a=1&b=x+y%2B&a=2&c&=d&&e=f=g"))
        #expect(read.map { "\($0.name)=\($0.value)" } == ["a=1", "b=x y+", "a=2", "c=", "=d", "e=f=g"])
        #expect(PercentText.query("a=%FF") == nil)
        #expect(PercentText.query("")?.isEmpty == true)
    }
}
