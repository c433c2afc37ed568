import WorkflowModel

/// What W6 sends, and the workspace that takes it: every hundredth event fits one playbook, and starts a run of three steps; every other
/// one has the service of a playbook and misses its condition by the priority.
enum IngestionTexts {
    /// How many different events there are; the ids of what is sent are all different.
    static let kinds = 4000
    /// Of so many events one fits.
    static let share = 100
    private static let types = ["ticket.created", "ticket.updated", "comment.added", "alert.firing"]
    private static let tiers = ["free", "bronze", "silver", "gold", "platinum"]

    private static func priority(_ playbook: Int) -> Int { playbook % 4 }

    /// Event `kind` as a CloudEvent of exactly 2,048 bytes, and where in it the eight digits of its id are.
    static func event(_ kind: Int, playbooks: Int) -> (body: String, digits: Int) {
        var random = SplitMix64(seed: 60_001_122 &+ UInt64(kind) &* 1_000_003)
        let fits = kind % share == share / 2
        let playbook = fits ? kind / share % playbooks : random.below(playbooks)
        let priority = (priority(playbook) + (fits ? 0 : 1 + random.below(3))) % 4
        let tier = fits ? playbook % 5 : random.below(5)
        let type = types[fits ? 0 : random.below(4)]
        let head = #"{"specversion":"1.0","id":"evt-"#
        let rest =
            #"00000000","source":"/bench/\#(["helpdesk", "monitor"][random.below(2)])","type":"\#(type)","#
            + #""subject":"ticket:TCK-\#(kind)","data":{"ticket":{"id":"TCK-\#(kind)","title":"Load \#(kind)","#
            + #""status":"open","priority":"P\#(priority + 1)","service":"svc-\#(playbook)","tags":["api","sla"],"#
            + #""customer":{"id":"cus-\#(random.below(5000))","tier":"\#(tiers[tier])","region":"eu-west"},"#
            + #""assignee":"agent-\#(random.below(40))","text":""#
        let tail = #""},"metrics":{"error_permille":\#(random.below(1000)),"latency_ms":\#(random.below(5000))}}}"#
        let words = Workloads.words(3000, random: &random)
        let text = words.prefix(2048 - head.utf8.count - rest.utf8.count - tail.utf8.count)
        return (head + rest + text + tail, head.utf8.count)
    }

    /// Playbook `number`.
    static func playbook(_ number: Int) -> String {
        """
        playbook: load-\(number)
        owner: lead@example.com
        mode: active
        trigger:
          event: [\(types.joined(separator: ", "))]
          when:
            - ticket.priority == "P\(priority(number) + 1)"
            - ticket.customer.tier in ["\(tiers[number % 5])", "\(tiers[(number + 1) % 5])"]
            - ticket.service == "svc-\(number)"
        steps:
          - { id: priority, uses: enrich.priority, with: { default: P3 } }
          - { id: owner, uses: route.assign, with: { from: "group:support", respect_capacity: false } }
          - id: tell
            uses: notify.send
            with: { to: lead@example.com, subject: "=ticket.id", text: "Ticket ${{ ticket.id }} is for ${{ steps.owner.assignee }}" }

        """
    }

    /// The files of the workspace beside the playbooks, by path.
    static func files(keepingMinutes: Int) -> [String: String] {
        [
            "signalbox.yaml": """
            name: Load
            zone: UTC
            channels:
              default: { by: outbox }
            plugins:
              notify: { default_channel: default }
            limits:
              breaker: off
              runs_per_subject: off
            retention: { runs: \(keepingMinutes)m, events: \(keepingMinutes)m }
            """,
            "people.yaml": """
            lead:
              name: Lead
              email: lead@example.com
              groups: [support]
            agent-1:
              name: Agent One
              email: agent-1@example.com
              groups: [support]
            """,
        ]
    }
}
