/// The schemas of the things that known events speak of, as JSON Schema texts.
///
/// A field that the sender does not give is null in conditions; only what a schema lists as required must be there.
enum EventSchemaTexts {
    /// Thing to schema.
    static let things: [(name: String, schema: String)] = [
        (
            "ticket",
            #"""
            {"type":"object","description":"A ticket as it is after the event","required":["id"],"properties":{
            "id":{"type":"string","minLength":1,"description":"The desk's own id"},
            "title":{"type":["string","null"],"x-present":true},
            "text":{"type":["string","null"],"description":"The first message"},
            "status":{"type":["string","null"],"x-present":true,"description":"new, open, pending, hold, solved or closed",
            "x-words":["new","open","pending","hold","solved","closed"]},
            "priority":{"type":["string","null"],"description":"P1 to P4",
            "x-words":["P1","P2","P3","P4"]},
            "impact":{"type":["string","null"]},
            "urgency":{"type":["string","null"]},
            "severity":{"type":["string","null"]},
            "service":{"type":["string","null"]},
            "category":{"type":["string","null"]},
            "subcategory":{"type":["string","null"]},
            "type":{"type":["string","null"]},
            "tags":{"type":["array","null"],"x-present":true,"items":{"type":"string"}},
            "channel":{"type":["string","null"]},
            "queue":{"type":["string","null"]},
            "team":{"type":["string","null"]},
            "assignee":{"type":["string","null"],"description":"The person's id"},
            "requester":{"type":["object","null"],"properties":{"id":{"type":["string","null"]},
            "name":{"type":["string","null"]},"email":{"type":["string","null"]}}},
            "customer":{"type":["object","null"],"properties":{"id":{"type":["string","null"]},
            "name":{"type":["string","null"]},"tier":{"type":["string","null"]},"domain":{"type":["string","null"]},
            "region":{"type":["string","null"]}}},
            "created_at":{"type":["string","null"],"x-present":true,"format":"date-time"},
            "updated_at":{"type":["string","null"],"x-present":true,"format":"date-time"},
            "resolved_at":{"type":["string","null"],"format":"date-time"},
            "closed_at":{"type":["string","null"],"format":"date-time"},
            "due_at":{"type":["string","null"],"format":"date-time"},
            "last_public_reply_at":{"type":["string","null"],"format":"date-time",
            "description":"The last public answer of ours"},
            "last_customer_message_at":{"type":["string","null"],"format":"date-time"},
            "last_message_at":{"type":["string","null"],"format":"date-time",
            "description":"The last message between us and the customer"},
            "last_message_by":{"type":["string","null"],"description":"customer or agent: who wrote it",
            "x-words":["customer","agent"]},
            "last_message_author":{"type":["string","null"]},
            "reopened_at":{"type":["string","null"],"format":"date-time"},
            "reopen_count":{"type":["integer","null"]},
            "reassignment_count":{"type":["integer","null"]},
            "comment_count":{"type":["integer","null"]},
            "merged_into":{"type":["string","null"],"description":"The ticket that goes on in its place"},
            "duplicate_of":{"type":["string","null"]},
            "parent":{"type":["string","null"],"description":"The ticket that it is a part of"},
            "incident":{"type":["string","null"],"description":"The major incident that it belongs to"},
            "problem":{"type":["string","null"]},
            "related":{"type":["array","null"],"items":{"type":"string"}},
            "url":{"type":["string","null"]}}}
            """#
        ),
        (
            "changes",
            #"""
            {"type":["object","null"],"description":"What changed: field to {from, to}"}
            """#
        ),
        (
            "S",
            #"""
            {"type":["string","null"]}
            """#
        ),
        (
            "comment",
            #"""
            {"type":["object","null"],"properties":{
            "id":{"type":["string","null"]},
            "author":{"type":["object","null"],"properties":{"id":{"type":["string","null"]},
            "name":{"type":["string","null"]},"email":{"type":["string","null"]}}},
            "by":{"type":["string","null"],"description":"customer, agent or system"},
            "public":{"type":["boolean","null"]},
            "automatic":{"type":["boolean","null"],"description":"An auto-reply, bounce or list mail"},
            "text":{"type":["string","null"]},
            "at":{"type":["string","null"],"format":"date-time"}}}
            """#
        ),
        (
            "sla",
            #"""
            {"type":"object","description":"An SLA clock at the event","required":["metric"],"properties":{
            "clock":{"type":["string","null"]},
            "metric":{"type":"string","description":"first_reply, next_reply, resolution, …"},
            "policy":{"type":["string","null"]},
            "priority":{"type":["string","null"]},
            "cycle":{"type":["integer","null"]},
            "state":{"type":["string","null"]},
            "threshold":{"type":["string","null"],"description":"The threshold crossed, such as 75%"},
            "target":{"type":["string","null"],"format":"duration"},
            "elapsed":{"type":["string","null"],"format":"duration"},
            "remaining":{"type":["string","null"],"format":"duration"},
            "due_at":{"type":["string","null"],"x-present":true,"format":"date-time"},
            "late_by":{"type":["string","null"],"format":"duration"},
            "breached":{"type":["boolean","null"]},
            "cause":{"type":["string","null"],
            "description":"Why it stopped, such as replied, solved or merged; target_changed when a change reached the threshold"},
            "paused_by":{"type":["string","null"],"description":"What pauses it, such as status pending"},
            "unanswered":{"type":["boolean","null"],
            "description":"Whether it is paused though the customer waits for an answer"},
            "pinned_by":{"type":["string","null"],"description":"Who set its due date by hand"}}}
            """#
        ),
        (
            "incident",
            #"""
            {"type":"object","description":"A major incident as it is after the event","required":["id"],
            "properties":{
            "id":{"type":"string","minLength":1},
            "title":{"type":["string","null"],"x-present":true},
            "severity":{"type":["string","null"],"description":"SEV1 to SEV4"},
            "status":{"type":["string","null"],"x-present":true,
            "description":"investigating, identified, monitoring, resolved or merged"},
            "state":{"type":["string","null"],"x-present":true,"description":"open or closed",
            "x-words":["open","closed"]},
            "summary":{"type":["string","null"]},
            "impact":{"type":["string","null"]},
            "services":{"type":["array","null"],"items":{"type":"string"}},
            "tickets":{"type":["array","null"],"items":{"type":"string"}},
            "commander":{"type":["string","null"]},
            "roles":{"type":["object","null"],"description":"Role to the person's id"},
            "news":{"type":["string","null"],"description":"The latest news, as people told it"},
            "news_at":{"type":["string","null"],"format":"date-time","description":"When there last were news"},
            "next_news_at":{"type":["string","null"],"format":"date-time","description":"When the next are promised"},
            "customers_affected":{"type":["integer","null"]},
            "data_loss":{"type":["boolean","null"]},
            "regulatory":{"type":["boolean","null"]},
            "detected_by":{"type":["string","null"]},
            "started_at":{"type":["string","null"],"format":"date-time"},
            "declared_at":{"type":["string","null"],"format":"date-time"},
            "declared_by":{"type":["string","null"]},
            "acknowledged_at":{"type":["string","null"],"format":"date-time"},
            "acknowledged_by":{"type":["string","null"]},
            "mitigated_at":{"type":["string","null"],"format":"date-time"},
            "resolved_at":{"type":["string","null"],"format":"date-time"},
            "resolved_by":{"type":["string","null"]},
            "updated_at":{"type":["string","null"],"format":"date-time"},
            "reopened_at":{"type":["string","null"],"format":"date-time"},
            "reopen_count":{"type":["integer","null"]},
            "time_to_acknowledge":{"type":["string","null"],"format":"duration"},
            "time_to_mitigate":{"type":["string","null"],"format":"duration"},
            "time_to_resolve":{"type":["string","null"],"format":"duration"},
            "external_id":{"type":["string","null"],"description":"Its id in another system"},
            "merged_into":{"type":["string","null"],"description":"The incident that goes on in its place"},
            "related":{"type":["array","null"],"items":{"type":"string"}},
            "url":{"type":["string","null"]}}}
            """#
        ),
        (
            "alert",
            #"""
            {"type":"object","description":"An alert of a monitoring system as it is after the event","required":["id"],
            "properties":{
            "id":{"type":"string","minLength":1,"description":"The same as long as the alert's labels are"},
            "name":{"type":["string","null"]},
            "title":{"type":["string","null"]},
            "text":{"type":["string","null"]},
            "status":{"type":["string","null"],"x-present":true,"description":"firing or resolved",
            "x-words":["firing","resolved"]},
            "severity":{"type":["string","null"],"description":"critical, error, warning or info"},
            "service":{"type":["string","null"]},
            "labels":{"type":["object","null"]},
            "annotations":{"type":["object","null"]},
            "receiver":{"type":["string","null"]},
            "group":{"type":["string","null"],"description":"What the sender groups by"},
            "started_at":{"type":["string","null"],"format":"date-time"},
            "ended_at":{"type":["string","null"],"format":"date-time"},
            "runbook":{"type":["string","null"]},
            "url":{"type":["string","null"]}}}
            """#
        ),
        (
            "webhook",
            #"""
            {"type":"object","description":"A delivery to a hook that is no known event","required":["hook"],
            "properties":{
            "id":{"type":["string","null"]},
            "hook":{"type":"string","minLength":1},
            "plugin":{"type":["string","null"]},
            "delivery":{"type":["string","null"],"description":"The sender's name for it"},
            "reason":{"type":["string","null"],"description":"Why it became no other event"},
            "received_at":{"type":["string","null"],"format":"date-time"},
            "headers":{"type":["object","null"]},
            "payload":{"description":"The body, when it could be read"},
            "body":{"type":["string","null"],"description":"The body as it came"},
            "size":{"type":["integer","null"],"description":"The length of the body in bytes"},
            "truncated":{"type":["boolean","null"],"description":"Whether the body was longer than what is kept"}}}
            """#
        ),
        (
            "notification",
            #"""
            {"type":"object","description":"A message that was acknowledged","required":[],"properties":{
            "token":{"type":["string","null"]},
            "run":{"type":["string","null"]},
            "step":{"type":["string","null"]},
            "playbook":{"type":["string","null"]},
            "to":{"type":["string","null"]},
            "by":{"type":["string","null"],"description":"The channel: chat, email, …"},
            "acknowledged_by":{"type":["string","null"]},
            "acknowledged_at":{"type":["string","null"],"format":"date-time"},
            "subject":{"type":["string","null"]}}}
            """#
        ),
        (
            "maintenance",
            #"""
            {"type":"object","description":"A maintenance window","required":["id"],"properties":{
            "id":{"type":"string","minLength":1},
            "title":{"type":["string","null"],"x-present":true},
            "services":{"type":["array","null"],"items":{"type":"string"}},
            "starts_at":{"type":["string","null"],"x-present":true,"format":"date-time"},
            "ends_at":{"type":["string","null"],"x-present":true,"format":"date-time"},
            "original_ends_at":{"type":["string","null"],"format":"date-time"},
            "zone":{"type":["string","null"]},
            "state":{"type":["string","null"],"x-present":true},
            "kind":{"type":["string","null"],"description":"normal, standard or emergency",
            "x-words":["normal","standard","emergency"]},
            "impact":{"type":["string","null"]},
            "owner":{"type":["string","null"]},
            "requested_by":{"type":["string","null"]},
            "reason":{"type":["string","null"]},
            "conflicts":{"type":["array","null"],"items":{"type":"object"}}}}
            """#
        ),
        (
            "postmortem",
            #"""
            {"type":"object","description":"A post-mortem","required":["id"],"properties":{
            "id":{"type":"string","minLength":1},
            "incident":{"type":["string","null"]},
            "title":{"type":["string","null"],"x-present":true},
            "status":{"type":["string","null"],"x-present":true,"description":"draft, in_review, reviewed, closed",
            "x-words":["draft","in_review","reviewed","closed"]},
            "owner":{"type":["string","null"]},
            "due_at":{"type":["string","null"],"format":"date-time"},
            "document":{"type":["string","null"]},
            "reviewed_by":{"type":["string","null"]}}}
            """#
        ),
        (
            "action",
            #"""
            {"type":"object","description":"An action item of a post-mortem","required":["id"],"properties":{
            "id":{"type":"string","minLength":1},
            "postmortem":{"type":["string","null"]},
            "incident":{"type":["string","null"]},
            "title":{"type":["string","null"],"x-present":true},
            "type":{"type":["string","null"],"description":"prevent, mitigate, detect, repair,\#
             process or investigate"},
            "owner":{"type":["string","null"]},
            "team":{"type":["string","null"]},
            "priority":{"type":["string","null"]},
            "state":{"type":["string","null"],"x-present":true,"description":"open, in_progress, done_claimed, verified, wont_do",
            "x-words":["open","in_progress","done_claimed","verified","wont_do"]},
            "due_at":{"type":["string","null"],"format":"date-time"},
            "overdue_by":{"type":["string","null"],"format":"duration"},
            "evidence":{"type":["string","null"]},
            "url":{"type":["string","null"]}}}
            """#
        ),
        (
            "ask",
            #"""
            {"type":"object","description":"A question to people","required":[],"properties":{
            "id":{"type":["string","null"],"x-present":true},
            "kind":{"type":["string","null"],"description":"approval or form"},
            "run":{"type":["string","null"]},
            "step":{"type":["string","null"]},
            "playbook":{"type":["string","null"]},
            "about":{"type":["string","null"],"description":"What the run is about, such as ticket:4711"},
            "question":{"type":["string","null"],"x-present":true},
            "who":{"type":["array","null"],"items":{"type":"string"},"description":"Who can answer: ids of people, addresses"},
            "quorum":{"type":["integer","null"]},
            "fields":{"type":["array","null"],"items":{"type":"object","properties":{
            "name":{"type":"string"},"type":{"type":"string"},"required":{"type":"boolean"},
            "description":{"type":["string","null"]},"choices":{"type":["array","null"]},"default":{}}}},
            "opened_at":{"type":["string","null"],"format":"date-time"},
            "due_at":{"type":["string","null"],"format":"date-time"},
            "state":{"type":["string","null"],"x-present":true,"description":"open, answered, expired or withdrawn",
            "x-words":["open","answered","expired","withdrawn"]},
            "how_to_answer":{"type":["string","null"],"description":"What to type on the command line"},
            "reminder":{"type":["integer","null"],"description":"The number of the reminder, from 1"},
            "answer":{"description":"approve, reject, or the values of the fields"},
            "answers":{"type":["integer","null"],"description":"How many people have answered"},
            "answered_by":{"type":["string","null"]},
            "answered_at":{"type":["string","null"],"format":"date-time"},
            "comment":{"type":["string","null"]}}}
            """#
        ),
        (
            "routing",
            #"""
            {"type":"object","description":"A ticket for which nobody was found","required":[],"properties":{
            "ticket":{"type":["string","null"]},
            "queue":{"type":["string","null"]},
            "reason":{"type":["string","null"]},
            "eliminated":{"type":["array","null"],"items":{"type":"object"}}}}
            """#
        ),
        (
            "oncall",
            #"""
            {"type":"object","description":"A time in which nobody is on call","required":[],"properties":{
            "schedule":{"type":["string","null"]},
            "from":{"type":["string","null"],"format":"date-time"},
            "until":{"type":["string","null"],"format":"date-time"}}}
            """#
        ),
        (
            "schedule",
            #"""
            {"type":"object","description":"A schedule that fired","required":[],"properties":{
            "id":{"type":["string","null"]},
            "playbook":{"type":["string","null"],"description":"The playbook that it started"},
            "cron":{"type":["string","null"]},
            "rrule":{"type":["string","null"]},
            "zone":{"type":["string","null"]},
            "calendar":{"type":["string","null"],"description":"The business calendar that it keeps to"},
            "due_at":{"type":["string","null"],"x-present":true,"format":"date-time"},
            "late_by":{"type":["string","null"],"format":"duration"},
            "missed":{"type":["integer","null"],"description":"Fires before it that were passed over"}}}
            """#
        ),
        (
            "playbook",
            #"""
            {"type":"object","description":"A playbook that was stopped","required":["id"],"properties":{
            "id":{"type":"string","minLength":1},
            "title":{"type":["string","null"],"x-present":true},
            "owner":{"type":["string","null"],"x-present":true},
            "why":{"type":["string","null"],"x-present":true,"description":"What it was stopped for, in a sentence"},
            "subject":{"type":["string","null"],"description":"What it ran too often for, if it was for one"},
            "since":{"type":["string","null"],"format":"date-time"},
            "until":{"type":["string","null"],"format":"date-time","description":"When it may run again"}}}
            """#
        ),
        (
            "run",
            #"""
            {"type":"object","description":"A run of a playbook","required":[],"properties":{
            "id":{"type":["string","null"],"x-present":true},
            "playbook":{"type":["string","null"],"x-present":true},
            "about":{"type":["string","null"],"description":"What the run is about, such as incident:INC-1"},
            "state":{"type":["string","null"],"x-present":true},
            "event":{"type":["string","null"]},
            "step":{"type":["string","null"]},
            "failure":{"type":["object","null"],"properties":{"code":{"type":["string","null"]},
            "message":{"type":["string","null"]},"step":{"type":["string","null"]}}},
            "url":{"type":["string","null"]},
            "owner":{"type":["string","null"]}}}
            """#
        ),
    ]

    /// Event type to its data: field to thing, with a `?` where it may be null; the fields in `required` must be there.
    static let types: [(type: String, required: [String], fields: [(name: String, thing: String)])] = [
        ("ticket.created", ["ticket"], [("ticket", "ticket"), ("sla", "sla?")]),
        ("ticket.resolved", ["ticket"], [("ticket", "ticket"), ("sla", "sla?")]),
        ("ticket.reopened", ["ticket"], [("ticket", "ticket"), ("sla", "sla?")]),
        ("ticket.closed", ["ticket"], [("ticket", "ticket"), ("sla", "sla?")]),
        ("ticket.updated", ["ticket"], [("ticket", "ticket"), ("changes", "changes"), ("sla", "sla?")]),
        (
            "ticket.assigned", ["ticket"],
            [("ticket", "ticket"), ("changes", "changes"), ("previous_assignee", "S"), ("sla", "sla?")]
        ),
        ("ticket.commented", ["ticket"], [("ticket", "ticket"), ("comment", "comment"), ("sla", "sla?")]),
        ("ticket.merged", ["ticket"], [("ticket", "ticket"), ("into", "S"), ("sla", "sla?")]),
        ("sla.started", ["sla"], [("sla", "sla"), ("ticket", "ticket?")]),
        ("sla.paused", ["sla"], [("sla", "sla"), ("ticket", "ticket?")]),
        ("sla.resumed", ["sla"], [("sla", "sla"), ("ticket", "ticket?")]),
        ("sla.at_risk", ["sla"], [("sla", "sla"), ("ticket", "ticket?")]),
        ("sla.breached", ["sla"], [("sla", "sla"), ("ticket", "ticket?")]),
        ("sla.met", ["sla"], [("sla", "sla"), ("ticket", "ticket?")]),
        ("incident.declared", ["incident"], [("incident", "incident"), ("changes", "changes")]),
        ("incident.updated", ["incident"], [("incident", "incident"), ("changes", "changes")]),
        ("incident.resolved", ["incident"], [("incident", "incident"), ("changes", "changes")]),
        ("alert.firing", ["alert"], [("alert", "alert")]),
        ("alert.resolved", ["alert"], [("alert", "alert")]),
        ("webhook.received", ["webhook"], [("webhook", "webhook")]),
        ("webhook.unmapped", ["webhook"], [("webhook", "webhook")]),
        (
            "notification.acknowledged", ["notification"],
            [("notification", "notification"), ("ticket", "ticket?"), ("incident", "incident?")]
        ),
        ("maintenance.proposed", ["maintenance"], [("maintenance", "maintenance")]),
        ("maintenance.scheduled", ["maintenance"], [("maintenance", "maintenance")]),
        ("maintenance.starting", ["maintenance"], [("maintenance", "maintenance")]),
        ("maintenance.started", ["maintenance"], [("maintenance", "maintenance")]),
        ("maintenance.extended", ["maintenance"], [("maintenance", "maintenance")]),
        ("maintenance.overrun", ["maintenance"], [("maintenance", "maintenance")]),
        ("maintenance.ending", ["maintenance"], [("maintenance", "maintenance")]),
        ("maintenance.completed", ["maintenance"], [("maintenance", "maintenance")]),
        ("maintenance.cancelled", ["maintenance"], [("maintenance", "maintenance")]),
        ("postmortem.opened", ["postmortem"], [("postmortem", "postmortem"), ("incident", "incident?")]),
        ("postmortem.reviewed", ["postmortem"], [("postmortem", "postmortem"), ("incident", "incident?")]),
        ("action.created", ["action"], [("action", "action")]),
        ("action.due_soon", ["action"], [("action", "action")]),
        ("action.overdue", ["action"], [("action", "action")]),
        ("action.completed", ["action"], [("action", "action")]),
        ("action.verified", ["action"], [("action", "action")]),
        ("ask.opened", ["ask"], [("ask", "ask")]),
        ("ask.answered", ["ask"], [("ask", "ask")]),
        ("ask.reminded", ["ask"], [("ask", "ask")]),
        ("ask.expired", ["ask"], [("ask", "ask")]),
        ("routing.unrouted", ["routing"], [("routing", "routing"), ("ticket", "ticket?")]),
        ("oncall.gap", ["oncall"], [("oncall", "oncall")]),
        ("schedule.fired", ["schedule"], [("schedule", "schedule")]),
        ("run.failed", ["run"], [("run", "run")]),
        ("run.needs_attention", ["run"], [("run", "run")]),
        ("playbook.breaker_opened", ["playbook"], [("playbook", "playbook")]),
        ("playbook.loop_stopped", ["playbook"], [("playbook", "playbook")]),
    ]
}
