@testable import SignalboxServer
import PluginHost
import Testing
import WorkflowModel

/// What the server remembers of deliveries.
@Suite struct DeliveryMemoryTests {
    private let start = Timestamp(seconds: 1_768_469_400)

    @Test func `the same body, and the same name, are known for the window and no longer`() {
        let memory = DeliveryMemory()
        #expect(memory.begin(["body", "name"], now: start) == .new)
        memory.end(["body", "name"], until: start + .seconds(600))
        #expect(memory.begin(["body", "other"], now: start + .seconds(599)) == .known)
        #expect(memory.begin(["another", "name"], now: start + .seconds(599)) == .known)
        #expect(memory.begin(["another", "other"], now: start + .seconds(599)) == .new)
        #expect(memory.begin(["body", "name"], now: start + .seconds(600)) == .new)
    }

    @Test func `while one is being accepted the same waits, and one that failed is new again`() {
        let memory = DeliveryMemory()
        #expect(memory.begin(["body"], now: start) == .new)
        #expect(memory.begin(["body"], now: start) == .busy)
        memory.end(["body"], until: nil)
        #expect(memory.begin(["body"], now: start) == .new)
    }

    @Test func `what is accepted again later is known for longer`() {
        let memory = DeliveryMemory()
        memory.end(["body"], until: start + .seconds(10))
        memory.end(["body"], until: start + .seconds(100))
        #expect(memory.begin(["x"], now: start + .seconds(50)) == .new)
        #expect(memory.begin(["body"], now: start + .seconds(50)) == .known)
    }

    @Test func `of more than are remembered the oldest are forgotten`() {
        let memory = DeliveryMemory()
        for number in 0..<DeliveryMemory.limit + 10 { memory.end(["\(number)"], until: start + .seconds(600)) }
        #expect(memory.begin(["\(DeliveryMemory.limit + 9)"], now: start) == .known)
        #expect(memory.begin(["9"], now: start) == .new)
        #expect(memory.begin(["20"], now: start) == .known)
    }

    @Test(
        arguments: [
            (nil, []), ("", []), ("a=1&b=%41%2B&c", [("a", "1"), ("b", "A+"), ("c", "")]), ("a=x+y", [("a", "x y")]),
            ("a=%FF", []), ("a=%4", [("a", "%4")]),
        ] as [(String?, [(String, String)])])
    func `the parameters of an address are decoded`(_ text: String?, _ wanted: [(String, String)]) {
        #expect(HookRoute.query(text).map { [$0.name, $0.value] } == wanted.map { [$0.0, $0.1] })
    }
}
