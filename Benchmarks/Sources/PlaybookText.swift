/// Playbooks in Signalbox's own language for the check, each of 80 lines and different from the others, the same on every machine.
/// They refer to the people, teams, tables and templates of the sample workspace.
enum PlaybookText {
    private static let words = [
        "refund", "invoice", "log in", "password", "timeout", "export", "webhook", "slow", "error", "upgrade",
        "manager", "complaint", "cancel", "urgent", "latency", "missing",
    ]
    private static let tiers = ["standard", "silver", "gold", "platinum"]
    private static let services = ["checkout", "payments", "accounts", "search", "email-delivery", "reporting"]
    private static let teams = ["support", "tier-2"]
    private static let strategies = ["most_capacity", "least_loaded", "longest_idle", "cyclic"]

    /// The text of playbook `number`.
    static func text(_ number: Int) -> String {
        var random = SplitMix64(seed: 33_001_122 &+ UInt64(number) &* 1_000_003)
        func one(_ list: [String]) -> String { list[random.below(list.count)] }
        let (first, second, third) = (one(words), one(words), one(words))
        let (team, service) = (one(teams), one(services))
        let (tier, other, strategy) = (one(tiers), one(tiers), one(strategies))
        let (minutes, limit, seats) = (10 + random.below(50), 2 + random.below(8), random.below(2000))
        return """
            playbook: generated-\(number)
            title: Look after tickets about \(first) and \(second)
            owner: support-process
            mode: active

            # Tickets of some customers, or about some words, that nobody has yet, and what such customers add later. Others
            # are left to the playbook for every new ticket.
            trigger:
              - event: ticket.created
                when:
                  - ticket.status in ["new", "open"]
                  - missing(ticket.assignee)
                  - any:
                      - default(ticket.customer.tier, "") in ["\(tier)", "\(other)"]
                      - default(ticket.service, "") == "\(service)" && ticket.priority in ["P1", "P2"]
                      - mentions(ticket, ["\(first)", "\(second)", "\(third)"])
              - event: ticket.commented
                when:
                  - comment.by == "customer" && comment.automatic != true
                  - mentions(comment, ["\(second)", "\(third)"])

            vars:
              sender: =default(ticket.requester.name, default(ticket.requester.id, "somebody"))
              title: =default(ticket.title, "(no title)")
              limit: \(seats)

            steps:
              - id: facts
                parallel:
                  - { id: customer, uses: enrich.customer }
                  - { id: priority, uses: enrich.priority, with: { default: P3 } }
                  - { id: kind, uses: enrich.classify, with: { table: classification, default: other } }
                  - id: similar
                    uses: enrich.similar_tickets
                    with: { title: =vars.title, text: "=default(ticket.text, '')", limit: \(limit) }
                    continue_on_error: true

              - id: desk
                name: Which team the category needs
                uses: enrich.lookup
                with:
                  table: routing
                  value: =default(steps.kind.category, "other")
                  default: { team: \(team), skill: english }

              - id: owner
                uses: route.assign
                with: { team: =steps.desk.row.team, skills: "=[steps.desk.row.skill]", strategy: \(strategy) }
                retry: { attempts: 3, backoff: exponential, initial: 2s, max: \(minutes)s }

              - uses: ticket.update
                with:
                  priority: =steps.priority.priority
                  category: =default(steps.kind.category, "other")
                timeout: \(minutes)s

              - if: '!missing(steps.owner.assignee)'
                then:
                  - uses: notify.send
                    with:
                      to: =steps.owner.assignee
                      subject: "${{ steps.priority.priority }}: ${{ vars.title }}"
                      text: |
                        ${{ vars.sender }} (${{ steps.customer.tier }}) writes about \(first).
                        Please answer within ${{ vars.limit }} minutes.
                      dedupe_key: "\(service)-${{ ticket.id }}"
                  - if: steps.customer.tier in ["\(tier)", "\(other)"] && size(steps.similar.same) > 0
                    then:
                      - uses: ticket.link
                        with: { to: "=steps.similar.same[0].id", relation: related }
                else:
                  - for_each: default(ticket.tags, [])
                    as: tag
                    steps:
                      - if: tag.startsWith("\(third)")
                        uses: ticket.note
                        with: { text: "${{ vars.sender }}: ${{ tag }}, nobody is free" }

            outputs:
              assignee: =steps.owner.assignee
            """
    }
}
