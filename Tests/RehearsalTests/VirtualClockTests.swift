import Rehearsal
import Testing
import WorkflowModel

/// The clock of rehearsals.
@Suite("The virtual clock")
struct VirtualClockTests {
    let start = Timestamp(seconds: 1_795_334_400)

    @Test func `it stands still until it is moved, and never goes back`() {
        let clock = VirtualClock(start: start)
        #expect(clock.now == start)
        clock.advance(to: start + .seconds(3600))
        #expect(clock.now == start + .seconds(3600))
        clock.advance(to: start)
        #expect(clock.now == start + .seconds(3600))
    }

    @Test func `whoever sleeps until an instant that has come goes on at once`() async throws {
        let clock = VirtualClock(start: start)
        try await clock.sleep(until: start)
        try await clock.sleep(until: start + .seconds(-5))
    }

    @Test func `sleepers wake when the clock reaches their instant and not before`() async throws {
        let clock = VirtualClock(start: start)
        let order = try await withThrowingTaskGroup(of: Int.self) { group in
            for hours in [3, 1, 2] {
                group.addTask {
                    try await clock.sleep(until: start + .seconds(Int64(hours) * 3600))
                    #expect(clock.now >= start + .seconds(Int64(hours) * 3600))
                    return hours
                }
            }
            var order: [Int] = []
            for hours in 1...3 {
                clock.advance(to: start + .seconds(Int64(hours) * 3600))
                order.append(try #require(try await group.next()))
            }
            return order
        }
        #expect(order == [1, 2, 3])
    }

    @Test func `a cancelled sleeper ends with the cancellation`() async throws {
        let clock = VirtualClock(start: start)
        let sleeper = Task { try await clock.sleep(until: start + .seconds(3600)) }
        sleeper.cancel()
        await #expect(throws: CancellationError.self) { try await sleeper.value }
        #expect(clock.now == start)
    }
}
