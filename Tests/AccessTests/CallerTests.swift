import Access
import Testing
import WorkflowModel

@Suite struct CallerTests {
    @Test func `each role may do what the ones below it may`() {
        #expect(Role.allCases == Role.allCases.sorted())
        for (place, role) in Role.allCases.enumerated() {
            let caller = Caller(name: "t", role: role)
            for (other, needed) in Role.allCases.enumerated() {
                #expect((caller.refusal(for: .act(needed)) == nil) == (place >= other))
            }
        }
    }

    @Test func `a token without scopes sends events as a coordinator and reads metrics as a viewer`() {
        #expect(Caller(name: "t", role: .coordinator).refusal(for: .events) == nil)
        #expect(
            Caller(name: "t", role: .viewer).refusal(for: .events)
                == .role(needed: .coordinator, has: .viewer, caller: "t"))
        #expect(Caller(name: "t", role: .viewer).refusal(for: .metrics) == nil)
    }

    @Test(arguments: [
        (TokenScope.events, AccessNeed.events, true), (.events, .metrics, false), (.events, .read(), false),
        (.events, .act(.viewer), false), (.metrics, .metrics, true), (.metrics, .events, false),
        (.read, .read(), true), (.read, .read(.lead), false), (.read, .act(.viewer), false),
        (.act, .act(.viewer), true), (.act, .act(.coordinator), false), (.act, .read(), false),
    ])
    func `a scope allows what it names, and no scope lifts a role`(scope: TokenScope, need: AccessNeed, allowed: Bool) {
        let caller = Caller(name: "t", role: .viewer, scopes: [scope])
        #expect((caller.refusal(for: need) == nil) == allowed)
    }

    @Test func `a refusal names what is needed and what the caller has`() {
        let clerk = Caller(name: "desk", role: .coordinator)
        #expect(
            clerk.refusal(for: .act(.lead))?.description
                == "this needs the role lead; \"desk\" has the role coordinator")
        let probe = Caller(name: "probe", role: .admin, scopes: [.metrics, .events])
        #expect(
            probe.refusal(for: .read())?.description
                == "this needs a token with the scope read; \"probe\" is restricted to events, metrics")
    }

    @Test func `the audit log names the person, else the token`() {
        #expect(Caller(name: "laptop", person: "mara", role: .lead).actor == "mara")
        #expect(Caller(name: "desk", role: .coordinator).actor == "token:desk")
    }
}
