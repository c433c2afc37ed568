import WorkflowModel

/// The events, rules and playbooks of the workloads, the same bytes on every machine: `Benchmarks/README.md` has their digests.
enum Workloads {
    private static let types = ["ticket.created", "ticket.updated", "comment.added", "alert.firing"]
    private static let sources = ["helpdesk", "email", "chat", "monitor"]
    private static let priorities = ["P1", "P2", "P3", "P4"]
    private static let statuses = ["new", "open", "pending", "closed"]
    private static let tiers = ["free", "bronze", "silver", "gold", "platinum"]
    private static let regions = ["eu-west", "eu-north", "us-east", "ap-south"]
    private static let tags = [
        "vip", "sev1", "sev2", "billing", "login", "api", "export", "mobile", "sla", "refund", "bug", "question",
    ]
    private static let words = [
        "payment", "timeout", "customer", "cannot", "login", "after", "update", "error", "invoice", "webhook", "retry",
        "failed",
        "since", "morning", "region", "latency", "dashboard", "export", "missing", "slow", "token", "expired",
        "account", "upgrade",
        "service", "restart", "database", "queue", "delayed", "report", "urgent", "please",
    ]
    private static let stride: UInt64 = 1_000_003
    private static let firstEvent: Int64 = 1_795_305_600

    /// At least `length` letters of words.
    static func words(_ length: Int, random: inout SplitMix64) -> String {
        var text = words[random.below(32)]
        while text.utf8.count < length { text += " " + words[random.below(32)] }
        return text
    }

    private static func padded(_ number: Int, _ digits: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }

    /// Event `number` as JSON of exactly 2,048 bytes.
    static func event(_ number: Int, services: Int = 10) -> String {
        var random = SplitMix64(seed: 20_261_122 &+ UInt64(number) &* stride)
        let type = types[random.below(4)]
        let source = sources[random.below(4)]
        let priority = priorities[random.below(4)]
        let status = statuses[random.below(4)]
        let service = random.below(services)
        let tier = tiers[random.below(5)]
        let region = regions[random.below(4)]
        let customer = random.below(5000)
        let seats = 1 + random.below(2000)
        let assignee = random.below(60)
        let chosen = (0..<3).map { _ in tags[random.below(12)] }
        let errors = random.below(1000)
        let latency = random.below(5000)
        let age = random.below(7200)
        let subject = (0..<4).map { _ in words[random.below(32)] }.joined(separator: " ")
        let time = firstEvent + Int64(number) * 7
        let head =
            #"{"id":"evt-\#(padded(number, 8))","type":"\#(type)","time":"\#(Timestamp(seconds: time))","source":"\#(source)","#
            + #""ticket":{"id":"TCK-\#(padded(number, 8))","subject":"\#(subject)","priority":"\#(priority)","status":"\#(status)","#
            + #""service":"svc-\#(padded(service, 4))","tags":["\#(chosen.joined(separator: "\",\""))"],"#
            + #""created_at":"\#(Timestamp(seconds: time - Int64(age)))","#
            + (assignee >= 20 ? #""assignee":"agent-\#(padded(assignee - 20, 2))","# : "") + #""description":""#
        let tail =
            #""},"customer":{"id":"cus-\#(padded(customer, 5))","tier":"\#(tier)","region":"\#(region)","seats":\#(seats)},"#
            + #""metrics":{"error_permille":\#(errors),"latency_ms":\#(latency)}}"#
        let need = 2048 - head.utf8.count - tail.utf8.count
        var text = words[random.below(32)]
        while text.utf8.count < need { text += " " + words[random.below(32)] }
        return head + text.prefix(need) + tail
    }

    /// How many services there are for so many rules: in `sparse` about one rule matches an event at any number.
    static func services(rules: Int, mode: String) -> Int { mode == "dense" ? 10 : max(10, rules / 10) }

    /// The condition of rule `number`; `root` stands before the paths.
    static func rule(_ number: Int, services: Int = 10, root: String = "event.") -> String {
        var random = SplitMix64(seed: 77_001_122 &+ UInt64(number) &* stride)
        let priority = priorities[random.below(4)]
        let first = random.below(5)
        let second = (first + 1 + random.below(4)) % 5
        let service = random.below(services)
        return
            #"\#(root)ticket.priority == "\#(priority)" && \#(root)customer.tier in ["\#(tiers[first])", "\#(tiers[second])"]"#
            + #" && \#(root)ticket.service == "svc-\#(padded(service, 4))""#
    }

    /// The conditions of the expression workload.
    static let expressions: [(name: String, text: String)] = [
        ("eq", #"event.ticket.priority == "P1""#), ("in", #"event.customer.tier in ["gold", "platinum"]"#),
        ("startsWith", #"event.ticket.subject.startsWith("payment")"#),
        ("contains", #"event.ticket.description.contains("zebra")"#),
        ("matches", #"event.ticket.service.matches("^svc-000[0-4]$")"#),
        ("has", #"has(event.ticket.assignee) && event.ticket.status != "closed""#),
        ("exists", #"event.ticket.tags.exists(t, t == "vip" || t.startsWith("sev"))"#),
        ("time", #"timestamp(event.time) - timestamp(event.ticket.created_at) > duration("30m")"#),
        (
            "and3",
            #"event.ticket.priority == "P1" && event.customer.tier in ["gold", "platinum"] && event.ticket.service == "svc-0003""#
        ),
    ]

    /// Playbook file `number`, about 80 lines of general YAML.
    static func playbook(_ number: Int, services: Int = 10) -> String {
        var random = SplitMix64(seed: 55_001_122 &+ UInt64(number) &* stride)
        func some(_ count: Int) -> String { (0..<count).map { _ in words[random.below(32)] }.joined(separator: " ") }
        var lines = [
            "# playbook \(number) (generated)", "version: 1", "name: playbook-\(padded(number, 5))", "description: >-",
            "  " + some(9), "  " + some(8), "owner: team-\(random.below(20))",
            "labels: {area: \(words[random.below(32)]), rev: \(random.below(99)), enabled: true}", "on:",
            "  trigger: webhook",
            "  types: [\(types[random.below(4)]), \(types[random.below(4)])]", "when: |-",
            "  "
                + rule(number, services: services).split(separator: " && ", omittingEmptySubsequences: false).joined(
                    separator: " &&\n  "),
            "vars:", "  threshold: \(random.below(500))", "  channel: \"#ops-\(random.below(50))\"",
            "  window: \(1 + random.below(59))m", "concurrency:", "  key: ${{ event.ticket.id }}", "  limit: 1",
            "steps:",
        ]
        let actions = ["http.request", "chat.post", "ticket.update", "script.run", "wait.until"]
        for step in 0..<5 {
            lines += [
                "  - id: step\(step + 1)", "    name: \"\(some(3))\"", "    uses: \(actions[step])",
                "    if: event.metrics.error_permille >= \(random.below(1000))", "    with:",
                "      target: https://\(words[random.below(32)]).example.invalid/api/\(random.below(999))",
                "      text: '\(some(5)) ${{ event.ticket.id }}'", "      retries: \(random.below(9))", "      fields:",
                "        - {key: priority, value: \(priorities[random.below(4)])}",
                "        - {key: note, value: \"\(some(2))\"}",
                "    timeout: \(5 + random.below(55))s",
            ]
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
