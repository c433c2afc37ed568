import NIOCore
import Testing

@testable import SignalboxServer

/// What a connection is waited for, without one.
@Suite struct ConnectionWatchTests {
    private let times = ConnectionWatch.Times(
        head: .seconds(10), body: .seconds(30), answer: .seconds(60), silence: .seconds(75))

    private static func at(_ seconds: Int64) -> NIODeadline {
        .uptimeNanoseconds(UInt64(1000 + seconds) * 1_000_000_000)
    }

    @Test("Each thing has its own end, counted from where it began")
    func course() {
        var watch = ConnectionWatch(times: times, now: Self.at(0))
        func due() -> String { watch.due.map { "\($0.reason) \($0.at - Self.at(0))" } ?? "never" }
        func told(_ reason: ConnectionWatch.Reason, _ seconds: Int64) -> String {
            "\(reason) \(TimeAmount.seconds(seconds))"
        }
        // The first byte is waited for as long as a head.
        #expect(due() == told(.silence, 10))
        watch.bytesCame(now: Self.at(1))
        watch.bytesCame(now: Self.at(5))
        #expect(due() == told(.head, 11))
        watch.headCame(now: Self.at(6))
        #expect(!watch.isSilent)
        watch.bytesCame(now: Self.at(20))
        #expect(due() == told(.body, 36))
        watch.endCame(now: Self.at(21))
        #expect(due() == told(.answer, 81))
        watch.answerBegan()
        // An answer may go on for as long as it likes: a stream does.
        #expect(due() == "never")
        watch.answerEnded(now: Self.at(30))
        #expect(watch.isSilent)
        #expect(due() == told(.silence, 105))
    }

    @Test("Of two requests at once, the second is waited for from the end of the first's answer")
    func pipelined() {
        var watch = ConnectionWatch(times: times, now: Self.at(0))
        for _ in 0..<2 {
            watch.bytesCame(now: Self.at(1))
            watch.headCame(now: Self.at(1))
            watch.endCame(now: Self.at(1))
        }
        watch.answerBegan()
        watch.answerEnded(now: Self.at(9))
        #expect(watch.open == 1)
        #expect(watch.due?.at == Self.at(69))
    }
}
