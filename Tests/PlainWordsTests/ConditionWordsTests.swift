import PlainWords
import Testing

@Suite("Conditions in words")
struct ConditionWordsTests {
    private let words = ConditionWords(NameWords(steps: ["owner": "step 3", "similar": "step 1.4"]))

    @Test(
        "a condition and its opposite say what they mean",
        arguments: [
            (#"ticket.priority == "P1""#, "the ticket's priority is P1", "the ticket's priority is not P1"),
            (#"ticket.priority != "P1""#, "the ticket's priority is not P1", "the ticket's priority is P1"),
            (#""P1" == ticket.priority"#, "the ticket's priority is P1", "the ticket's priority is not P1"),
            (
                #"ticket.priority in ["P1", "P2"]"#, "the ticket's priority is P1 or P2",
                "the ticket's priority is neither P1 nor P2"
            ),
            (#"ticket.priority in ["P1"]"#, "the ticket's priority is P1", "the ticket's priority is not P1"),
            (#"ticket.priority in []"#, "never", "always"),
            (#""vip" in ticket.tags"#, "vip is among the ticket's tags", "vip is not among the ticket's tags"),
            ("missing(ticket.assignee)", "the ticket has no assignee", "the ticket has an assignee"),
            ("!missing(ticket.assignee)", "the ticket has an assignee", "the ticket has no assignee"),
            ("missing(ticket.due_at)", "the ticket's due time is missing", "the ticket's due time is not missing"),
            ("missing(changes.severity)", "the severity has not changed", "the severity has changed"),
            ("has(ticket.owner)", "the ticket's owner is present", "the ticket's owner is not present"),
            (
                "ticket.reopen_count >= 2", "the ticket's reopen count is at least 2",
                "the ticket's reopen count is not at least 2"
            ),
            (
                "2 < ticket.reopen_count", "the ticket's reopen count is more than 2",
                "the ticket's reopen count is not more than 2"
            ),
            (
                #"ticket.created_at < ago("2d")"#, "the ticket's created time is more than 2 days ago",
                "the ticket's created time is not more than 2 days ago"
            ),
            (
                "incident.next_news_at <= now", "the incident's next news time is at or before now",
                "the incident's next news time is not at or before now"
            ),
            (
                #"sla.elapsed > duration("90m")"#, "the SLA clock's elapsed time is more than 1 hour and 30 minutes",
                "the SLA clock's elapsed time is not more than 1 hour and 30 minutes"
            ),
            (
                #"open_now("support-hours")"#, "the calendar support-hours is open now",
                "the calendar support-hours is closed now"
            ),
            (
                #"mentions(ticket, ["manager", "cancel our contract"])"#,
                "the ticket mentions “manager” or “cancel our contract”",
                "the ticket mentions neither “manager” nor “cancel our contract”"
            ),
            ("comment.automatic != true", "the comment is not automatic", "the comment is automatic"),
            ("comment.automatic == false", "the comment's automatic is false", "the comment's automatic is not false"),
            ("steps.owner.timed_out", "step 3 has timed out", "step 3 has not timed out"),
            (#"steps.owner.status == "succeeded""#, "step 3 succeeded", "step 3 did not succeed"),
            ("steps.owner.flag", "the flag from step 3 is true", "the flag from step 3 is not true"),
            ("size(steps.similar.same) > 0", "“same” from step 1.4 is not empty", "“same” from step 1.4 is empty"),
            (
                "size(default(ask.who, [])) > 0", "who is asked is neither missing nor empty",
                "who is asked is missing or empty"
            ),
            (
                #"ticket.title.startsWith("[ext]")"#, "the ticket's title begins with “[ext]”",
                "the ticket's title does not begin with “[ext]”"
            ),
            (
                #"default(ticket.customer.tier, "") in ["gold", "platinum"]"#,
                "the tier of the ticket's customer is gold or platinum",
                "the tier of the ticket's customer is neither gold nor platinum"
            ),
            (
                #"comment.by == "customer""#, "who wrote the comment is customer",
                "who wrote the comment is not customer"
            ),
            (
                #""vip" in default(ticket.tags, [])"#, "vip is among the ticket's tags",
                "vip is not among the ticket's tags"
            ),
            (
                #"default(ticket.priority, "P1") == "P1""#, "the ticket's priority (P1 if missing) is P1",
                "the ticket's priority (P1 if missing) is not P1"
            ),
            ("default(sla.breached, false)", "the SLA is breached", "the SLA is not breached"),
            ("default(sla.paused, true)", "the SLA clock's paused is not false", "the SLA clock's paused is false"),
            (
                #"ticket.tags.exists(t, t == "vip" || t.startsWith("sev"))"#,
                "(for at least one “t” among the ticket's tags: (“t” is vip, or “t” begins with “sev”))",
                "(for no “t” among the ticket's tags: (“t” is vip, or “t” begins with “sev”))"
            ),
            (
                #"ticket.tags.all(t, t != "spam")"#, "(for every “t” among the ticket's tags: “t” is not spam)",
                "(for at least one “t” among the ticket's tags: “t” is spam)"
            ),
            (
                "ticket.resolved_at == null", "the ticket's resolved time has no value",
                "the ticket's resolved time has a value"
            ),
            (
                "ticket.team == vars.team", "the ticket's team is the same as the variable team",
                "the ticket's team is not the same as the variable team"
            ),
            (
                "ticket.created_at.getHours() > 8", "`ticket.created_at.getHours()` is more than 8",
                "`ticket.created_at.getHours()` is not more than 8"
            ),
            (
                "base64.decode(ticket.text)", "`base64.decode(ticket.text)` holds",
                "`base64.decode(ticket.text)` does not hold"
            ),
            ("true", "always", "never"),
        ])
    func statements(expression: String, holds: String, not: String) {
        #expect(words.condition(expression) == holds)
        #expect(words.condition(expression, holds: false) == not)
        #expect(words.condition("!(\(expression))") == not)
        #expect(words.condition("!!(\(expression))") == holds)
    }

    @Test(
        "what belongs together stays together",
        arguments: [
            ("a.x && b.y", "the x of “a” is true, and the y of “b” is true"),
            ("a.x && b.y && c.z", "the x of “a” is true, and the y of “b” is true, and the z of “c” is true"),
            ("a.x || b.y && c.z", "the x of “a” is true, or (the y of “b” is true, and the z of “c” is true)"),
            ("(a.x || b.y) && c.z", "(the x of “a” is true, or the y of “b” is true), and the z of “c” is true"),
            ("!(a.x && b.y)", "the x of “a” is not true, or the y of “b” is not true"),
            ("!(a.x || b.y)", "the x of “a” is not true, and the y of “b” is not true"),
            (
                "!(a.x || b.y) || c.z",
                "(the x of “a” is not true, and the y of “b” is not true), or the z of “c” is true"
            ),
            ("!a.x && b.y", "the x of “a” is not true, and the y of “b” is true"),
            ("!(a.x && !(b.y || c.z))", "the x of “a” is not true, or the y of “b” is true, or the z of “c” is true"),
            (
                "!(a.x ? b.y : c.z)",
                "(if the x of “a” is true: the y of “b” is not true; otherwise: the z of “c” is not true)"
            ),
        ])
    func precedence(expression: String, expected: String) {
        #expect(words.condition(expression) == expected)
    }

    @Test(
        "values read as nouns",
        arguments: [
            ("ticket.customer.tier", "the tier of the ticket's customer"),
            ("steps.owner.assignee", "the assignee from step 3"),
            ("steps.other.row.skill", "the skill in the row from step “other”"),
            ("vars.severity", "the variable severity"),
            ("secrets.TOKEN", "the secret TOKEN"),
            (#"default(action.owner, "lead-2")"#, "the action item's owner (lead-2 if missing)"),
            (#"now + duration("4h")"#, "4 hours from now"),
            (#"maintenance.starts_at + duration("1h")"#, "1 hour after the maintenance window's start"),
            (#"ticket.due_at - duration("1h")"#, "1 hour before the ticket's due time"),
            (#"sla.elapsed + duration("1h")"#, "the SLA clock's elapsed time plus 1 hour"),
            (#""list:" + steps.owner.audience"#, "the text “list:” + [the audience from step 3]"),
            ("steps.similar.same[0].id", "the id of the first entry of “same” from step 1.4"),
            (#"missing(a.b) ? "x" : "y""#, "x if the b of “a” is missing; otherwise y"),
            ("(1 + x.y) * 2", "(1 plus the y of “x”) times 2"),
            ("a.b ? 1 : c.d ? 2 : 3", "1 if the b of “a” is true; 2 if the d of “c” is true; otherwise 3"),
            (
                #"default(comment.text, default(ticket.text, "nothing"))"#,
                "(the first that is not missing of the comment's text, the ticket's text or “nothing”)"
            ),
            ("now + duration(steps.owner.span)", "now plus the span from step 3"),
            ("changes.severity.from", "the previous severity"),
            (#"duration("90s")"#, "1 minute and 30 seconds"),
            ("[steps.owner.skill]", "the skill from step 3"),
            ("not an expression", "`not an expression`"),
        ])
    func nouns(expression: String, expected: String) {
        #expect(words.value(expression) == expected)
    }
}
