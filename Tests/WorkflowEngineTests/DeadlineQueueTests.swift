import Testing
import WorkflowModel

@testable import WorkflowEngine

@Suite("Deadlines")
struct DeadlineQueueTests {
    private func at(_ seconds: Int) -> Timestamp { Timestamp(seconds: Int64(seconds)) }

    @Test func `come in the order of their times, equal ones in the order in which they were added`() {
        var queue = DeadlineQueue<String>()
        for (name, second) in [("c", 5), ("a", 1), ("d", 5), ("b", 2), ("e", 9)] {
            _ = queue.add(name, due: at(second))
        }
        #expect(queue.earliest == at(1))
        var names = ""
        while let name = queue.next(dueBy: at(5)) { names += name }
        #expect(names == "abcd")
        #expect(queue.earliest == at(9))
    }

    @Test func `what is removed is not seen again, whatever is removed`() {
        var queue = DeadlineQueue<Int>()
        // Times that come in no order.
        let numbers = (0..<1000).map { ($0, queue.add($0, due: at($0 * 7919 % 1000))) }
        for (value, number) in numbers where value % 10 != 3 { queue.remove(number) }
        queue.remove(12_345)
        var left: [Int] = []
        while let value = queue.next(dueBy: .latest) { left.append(value) }
        #expect(left == (0..<1000).filter { $0 % 10 == 3 }.sorted { $0 * 7919 % 1000 < $1 * 7919 % 1000 })
        #expect(queue.isEmpty)
        #expect(queue.earliest == nil)
    }
}
