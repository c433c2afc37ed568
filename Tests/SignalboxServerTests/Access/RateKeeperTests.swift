import Access
import HTTPTypes
import Testing
import WorkflowModel
import Workspaces

@testable import SignalboxServer

@Suite struct RateKeeperTests {
    private let now = Timestamp(seconds: 1_800_000_000)

    private var keeper: RateKeeper {
        var settings = ServerSettings()
        settings.requestsPerToken = RateLimit(requests: 2, per: .seconds(60))
        settings.eventRequestsPerToken = RateLimit(requests: 3, per: .seconds(60))
        settings.requestsPerAddress = RateLimit(requests: 1, per: .seconds(60))
        return RateKeeper(settings)
    }

    private func allowed(_ keeper: RateKeeper, _ caller: Caller?, _ address: String, events: Bool = false) -> Bool {
        keeper.take(caller, address, sendsEvents: events, now: now).verdict.isAllowed
    }

    @Test func `a token counts alone, wherever it is used, and sending events beside it`() {
        let keeper = keeper
        let desk = Caller(name: "desk", role: .coordinator, tokenID: "a")
        #expect(allowed(keeper, desk, "1.1.1.1") && allowed(keeper, desk, "2.2.2.2"))
        #expect(!allowed(keeper, desk, "3.3.3.3"))
        #expect((0..<4).map { _ in allowed(keeper, desk, "1.1.1.1", events: true) } == [true, true, true, false])
        #expect(allowed(keeper, Caller(name: "desk", role: .coordinator, tokenID: "b"), "1.1.1.1"), "of the same name")
    }

    @Test func `who has no token counts by address`() {
        let keeper = keeper
        #expect(allowed(keeper, nil, "1.1.1.1"))
        #expect(!allowed(keeper, nil, "1.1.1.1", events: true))
        #expect(allowed(keeper, nil, "2001:db8::1"))
        #expect(!allowed(keeper, nil, "2001:db8::2"))
        #expect(allowed(keeper, Caller(name: "desk", role: .viewer, tokenID: "a"), "1.1.1.1"))
    }

    @Test func `the fields say the limit and what is left`() {
        var limiter = RateLimiter(RateLimit(requests: 60, per: .seconds(60), burst: 5))
        let fields = AccessMiddleware.fields(.token, limiter.limit, limiter.take("a", now: now))
        #expect(fields[.rateLimitPolicy] == "\"token\";q=60;w=60")
        #expect(fields[.rateLimit] == "\"token\";r=4;t=1")
    }
}
