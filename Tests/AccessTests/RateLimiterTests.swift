import Access
import Testing
import WorkflowModel

@Suite struct RateLimiterTests {
    private let start = Timestamp(seconds: 1_800_000_000)

    @Test func `a burst is let through, then one per interval`() {
        var limiter = RateLimiter(RateLimit(requests: 60, per: .seconds(60), burst: 3))
        #expect((0..<3).map { _ in limiter.take("a", now: start).isAllowed } == [true, true, true])
        let refused = limiter.take("a", now: start)
        #expect(!refused.isAllowed)
        #expect(refused.remaining == 0)
        #expect(refused.retryAfter == .seconds(1))
        #expect(refused.retryAfterSeconds == 1)
        #expect(refused.fullAfterSeconds == 3)
        #expect(limiter.take("b", now: start).isAllowed, "another key has a limit of its own")
        #expect(!limiter.take("a", now: start + .milliseconds(999)).isAllowed)
        #expect(limiter.take("a", now: start + .seconds(1)).isAllowed)
        #expect(!limiter.take("a", now: start + .seconds(1)).isAllowed)
    }

    @Test func `what is left is counted down and comes back`() {
        var limiter = RateLimiter(RateLimit(requests: 10, per: .seconds(10)))
        #expect((0..<4).map { _ in limiter.take("a", now: start).remaining } == [9, 8, 7, 6])
        #expect(limiter.look("a", now: start).remaining == 5)
        #expect(limiter.look("a", now: start).remaining == 5, "looking counts nothing")
        #expect(limiter.take("a", now: start + .seconds(60)).remaining == 9)
    }

    @Test(arguments: [1, 7, 60, 333, 1_000_000])
    func `on the long run as many are let through as the limit says`(requests: Int) {
        let limit = RateLimit(requests: requests, per: .seconds(60), burst: 5)
        var limiter = RateLimiter(limit)
        var allowed = 0
        for step in 0..<60_000 where limiter.take("a", now: start + .milliseconds(step * 10)).isAllowed {
            allowed += 1
        }
        let wanted = min(requests * 10, 60_000)
        #expect(abs(allowed - wanted) <= 5 + wanted / 100, "\(allowed) of \(wanted)")
    }

    @Test func `a clock that is set back locks nobody out for longer than the limit`() {
        var limiter = RateLimiter(RateLimit(requests: 1, per: .seconds(60), burst: 1))
        #expect(limiter.take("a", now: start).isAllowed)
        let back = start - .seconds(86_400)
        #expect(limiter.take("a", now: back).retryAfter <= .seconds(60))
    }

    @Test func `a flood of keys costs bounded memory and frees nobody`() {
        var limiter = RateLimiter(RateLimit(requests: 1, per: .seconds(60), burst: 1), maximumKeys: 100)
        #expect(limiter.take("mine", now: start).isAllowed)
        let allowed = (0..<10_000).count { limiter.take("flood-\($0)", now: start).isAllowed }
        #expect(allowed == 100, "99 places and the one that is shared")
        #expect(limiter.keyCount == 100)
        #expect(!limiter.take("mine", now: start).isAllowed)
        #expect(limiter.take("later", now: start + .seconds(61)).isAllowed)
        #expect(limiter.keyCount == 1, "who has paid is forgotten")
    }

    @Test func `limits out of range are taken to the nearest`() {
        let limit = RateLimit(requests: 0, per: .zero, burst: -4)
        #expect(limit == RateLimit(requests: 1, per: .seconds(1), burst: 1))
        var limiter = RateLimiter(RateLimit(requests: .max, per: .seconds(Int64.max), burst: .max))
        #expect(limiter.limit == RateLimit(requests: 1_000_000, per: .seconds(86_400), burst: 1_000_000))
        #expect(limiter.take("a", now: .latest).isAllowed)
        #expect(limiter.take("a", now: .earliest).retryAfter <= .seconds(1))
    }
}
