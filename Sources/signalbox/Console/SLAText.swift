import WorkflowModel

/// What the actions of the SLA plugin give, as lines for people.
struct SLAText {
    let paint: Paint
    let moments: LocalMoments

    /// `55h`, `23h 56m`: never in days, since a day of open hours is none of the calendar.
    static func hours(_ duration: Duration) -> String {
        let minutes = duration.components.seconds / 60
        guard minutes >= 24 * 60 else { return DurationText.forPeople(duration) }
        return minutes % 60 == 0 ? "\(minutes / 60)h" : "\(minutes / 60)h \(minutes % 60)m"
    }

    // MARK: The board

    /// Each clock on a line, the least time first.
    ///
    /// - Parameter skipped: how many of the first were left out.
    func board(_ output: Value, skipped: Int = 0) -> [String] {
        let clocks = output["clocks"]?.list ?? []
        let total = output["total"]?.int ?? 0
        guard !clocks.isEmpty else {
            return [total > 0 ? "there are only \(total) clocks" : "no clock is open"]
        }
        var table = TextTable(["LEFT", "DUE", "TICKET", "METRIC", "PRIORITY", "POLICY", "OF", "FOR"].map(paint.bold))
        for clock in clocks {
            table.add([
                left(clock), due(clock), clock["ticket"]?.string ?? "", metric(clock), word(clock, "priority"),
                word(clock, "policy"), duration(clock["target"]),
                clock["assignee"]?.string ?? clock["team"]?.string ?? paint.dim("nobody"),
            ])
        }
        var lines = table.lines()
        if output["more"]?.bool == true {
            lines.append(
                paint.dim("\(clocks.count) of \(total) clocks; --skip \(skipped + clocks.count) shows the next"))
        }
        return lines
    }

    /// The time left; what is over is red, what is in its last quarter yellow, what stands still dim.
    private func left(_ clock: Value) -> String {
        guard let left = clock["remaining"]?.duration else { return paint.dim("-") }
        let text = left < .zero ? "-\(SLAText.hours(.zero - left))" : SLAText.hours(left)
        if clock["state"]?.string == "paused" { return paint.dim("\(text) paused") }
        if left < .zero { return paint.red(text) }
        if let target = clock["target"]?.duration, left * 4 <= target { return paint.yellow(text) }
        return text
    }

    /// When it is due; nobody knows of a paused one.
    private func due(_ clock: Value) -> String {
        if clock["state"]?.string == "paused" {
            return paint.dim(clock["paused_by"]?.string.map { "waits: \($0)" } ?? "waits")
        }
        let text = clock["due_at"]?.timestamp.map(moments.text) ?? "-"
        return clock["pinned_by"]?.string.map { "\(text) (set by \($0))" } ?? text
    }

    private func metric(_ clock: Value) -> String {
        var text = clock["metric"]?.string ?? ""
        if clock["kind"]?.string == "ola" { text = "ola:\(text)" }
        if let cycle = clock["cycle"]?.int, cycle > 1 { text += " #\(cycle)" }
        return clock["breached"]?.bool == true ? text + paint.red(" missed") : text
    }

    private func word(_ value: Value, _ key: String) -> String { value[key]?.string ?? "-" }

    func duration(_ value: Value?) -> String { value?.duration.map(SLAText.hours) ?? "-" }

    // MARK: Explaining

    /// The arithmetic of each clock of a ticket, interval by interval.
    func explanation(_ output: Value) -> [String] {
        let ticket = output["ticket"]?.string ?? ""
        guard output["found"]?.bool == true else { return ["no event has told of ticket \(ticket)"] }
        var lines: [String] = []
        for clock in output["clocks"]?.list ?? [] {
            if !lines.isEmpty { lines.append("") }
            lines += explanation(of: clock)
        }
        if lines.isEmpty { lines = ["ticket \(ticket) has no clock"] }
        if let folded = output["folded"], let until = folded["until"]?.timestamp {
            lines.append(
                paint.dim(
                    "Of the \(folded["count"]?.int ?? 0) things that happened up to \(moments.text(until)) only the outcome is kept."
                ))
        }
        for item in output["unmeasured"]?.list ?? [] {
            let why =
                item["reason"]?.string == "no_target"
                ? "policy \(word(item, "policy")) has no target for \(item["priority"]?.string ?? "a ticket without priority")"
                : "no policy fits the ticket"
            lines.append(paint.yellow("\(word(item, "metric")) is not measured: \(why)"))
        }
        return lines
    }

    private func explanation(of clock: Value) -> [String] {
        var lines = [paint.bold("\(word(clock, "clock"))") + "  " + summary(clock)]
        let hours = clock["calendar"]?.string.map { "the open hours of \($0) (\(word(clock, "zone")))" } ?? "every hour"
        if let start = clock["start"]?.timestamp {
            lines.append("  It began on \(moments.text(start)) and counts \(hours).")
        }
        for target in clock["targets"]?.list ?? [] { lines.append("  " + self.target(target)) }
        for row in clock["rows"]?.list ?? [] { lines.append("  " + self.row(row)) }
        for breach in clock["breaches"]?.list ?? [] {
            guard let at = breach["at"]?.timestamp else { continue }
            let why = breach["cause"]?.string == "target_changed" ? ", because the target was changed" : ""
            lines.append(
                paint.red("  On \(moments.text(at)) the target of \(duration(breach["target"])) was missed\(why)."))
        }
        for threshold in clock["thresholds"]?.list ?? [] { lines.append("  " + self.threshold(threshold)) }
        return lines
    }

    private func summary(_ clock: Value) -> String {
        let (passed, target) = (duration(clock["elapsed"]), duration(clock["target"]))
        switch clock["state"]?.string {
        case "running":
            let due = clock["due_at"]?.timestamp.map(moments.text) ?? "at a time that nobody can say"
            let text = "\(passed) of \(target) have passed, due \(due)"
            return (clock["remaining"]?.duration ?? .zero) < .zero ? paint.red(text) : text
        case "paused":
            return "paused by \(word(clock, "paused_by")), \(passed) of \(target) have passed, "
                + "\(duration(clock["remaining"])) are left"
        case "met":
            let inTime = clock["breached"]?.bool != true
            let text = "\(clock["cause"]?.string ?? "met") after \(passed) of \(target)"
            return inTime ? paint.green("\(text), in time") : paint.red("\(text), too late")
        default: return "not measured any more: \(clock["cause"]?.string ?? "cancelled")"
        }
    }

    private func target(_ target: Value) -> String {
        let from = target["from"]?.timestamp.map(moments.text) ?? ""
        let who = [target["policy"]?.string.map { "policy \($0)" }, target["priority"]?.string].compactMap { $0 }
        let what =
            target["target"]?.duration.map { "the target is \(SLAText.hours($0))" } ?? "there is no target"
        let why = target["cause"]?.string.flatMap { $0 == "start" ? nil : " (\($0) changed)" } ?? ""
        return "From \(from) \(what), by \(who.isEmpty ? "no policy" : who.joined(separator: " for "))\(why)."
    }

    private func row(_ row: Value) -> String {
        guard let from = row["from"]?.timestamp, let to = row["to"]?.timestamp else { return row["text"]?.string ?? "" }
        let span = "\(moments.text(from)) to \(moments.text(to))"
        switch row["kind"]?.string {
        case "counted": return "\(span): \(duration(row["counted"])) count, \(duration(row["total"])) so far."
        case "paused": return paint.dim("\(span): paused by \(word(row, "why")), nothing counts.")
        default: return paint.dim("\(span): \(row["why"]?.string ?? "closed"), nothing counts.")
        }
    }

    private func threshold(_ threshold: Value) -> String {
        let at = threshold["at"]?.timestamp.map(moments.text) ?? ""
        let label = word(threshold, "threshold")
        switch threshold["outcome"]?.string {
        case "ahead": return paint.dim("\(label) will be reached on \(at).")
        case "told":
            let late = threshold["late_by"]?.duration.map { ", \(SLAText.hours($0)) late" } ?? ""
            return "\(label) was reached on \(at) and told\(late)."
        case "skipped": return paint.dim("\(label) was reached on \(at) together with a higher one, which was told.")
        case "quiet":
            return paint.dim("\(label) was reached on \(at) by a change of the target; the policy tells nobody.")
        default: return paint.dim("\(label) was reached on \(at).")
        }
    }

    // MARK: Other

    /// When a clock would be due.
    func due(_ output: Value) -> [String] {
        let from = output["from"]?.timestamp.map(moments.text) ?? ""
        let due = output["due_at"]?.timestamp.map(moments.text) ?? ""
        let priority = output["priority"]?.string.map { " for \($0)" } ?? ""
        var lines = [
            "\(word(output, "metric")) of policy \(word(output, "policy"))\(priority): "
                + "\(duration(output["target"])) from \(from)",
            paint.bold("due \(due)"),
        ]
        for row in output["rows"]?.list ?? [] { lines.append("  " + self.row(row)) }
        for threshold in output["thresholds"]?.list ?? [] {
            guard let at = threshold["at"]?.timestamp else { continue }
            lines.append(paint.dim("  \(word(threshold, "threshold")) on \(moments.text(at))"))
        }
        return lines
    }

    /// What putting clocks on other policies changes, or has changed.
    func rebased(_ output: Value, isDone: Bool) -> [String] {
        let clocks = output["clocks"]?.list ?? []
        guard !clocks.isEmpty else {
            return ["every open clock is on the present policies; nothing \(isDone ? "was" : "would be") changed"]
        }
        var table = TextTable(["CLOCK", "POLICY", "TARGET", "DUE", ""].map(paint.bold))
        for clock in clocks where clock["changes"]?.bool == true {
            let (from, to) = (clock["from"] ?? .null, clock["to"] ?? .null)
            func pair(_ text: (Value) -> String) -> String {
                let (before, after) = (text(from), to.isNull ? "none" : text(to))
                return before == after ? after : "\(before) → \(after)"
            }
            table.add([
                word(clock, "clock"), pair { word($0, "policy") }, pair { duration($0["target"]) },
                pair { $0["due_at"]?.timestamp.map(moments.text) ?? "-" },
                clock["breaches"]?.bool == true ? paint.red("is missed by it") : "",
            ])
        }
        let changed = output["changed"]?.int ?? 0
        var lines = changed > 0 ? table.lines() : []
        lines.append(
            (changed > 0 ? "\(changed)" : "none")
                + " of \(clocks.count) clocks \(isDone ? "have changed" : "would change")"
                + (output["more"]?.bool == true ? "; there are more tickets: do it again, or raise --limit" : ""))
        return lines
    }

    /// A clock that somebody has changed by hand.
    func changed(_ output: Value) -> [String] {
        let after = output["after"] ?? .null
        return ["\(word(output, "clock")): \(summary(after))"]
    }
}
