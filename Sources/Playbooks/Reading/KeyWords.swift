import WorkflowModel

/// Words that people write for a key that is called otherwise here.
enum KeyWords {
    /// The keys that a word may stand for; the first that exists at the place is meant.
    private static let meanings: [String: [String]] = [
        "action": ["uses"], "do": ["uses"], "run": ["uses"], "plugin": ["uses"],
        "params": ["with"], "parameters": ["with"], "args": ["with"], "arguments": ["with"], "input": ["with"],
        "inputs": ["with"],
        "on": ["trigger", "event"], "when": ["trigger", "if"], "event": ["trigger"], "events": ["trigger", "event"],
        "type": ["event"], "condition": ["when", "if"], "conditions": ["when"], "where": ["when"], "if": ["when"],
        "dedupe": ["ignore_repeats_for"], "debounce": ["collect_for"], "batch": ["collect_for"],
        "rate_limit": ["throttle"], "ratelimit": ["throttle"], "max_concurrent": ["concurrency"], "group": ["group_by"],
        "on_error": ["on_failure"], "on_fail": ["on_failure"], "catch": ["rescue", "on_failure"], "finally": ["always"],
        "onerror": ["on_failure"],
        "name": ["title"], "id": ["playbook"], "status": ["mode"], "state": ["mode"], "enabled": ["mode"],
        "variables": ["vars"], "actions": ["steps"], "tasks": ["steps"],
        "loop": ["for_each"], "for": ["for_each"], "foreach": ["for_each"], "each": ["for_each"],
        "otherwise": ["else"], "abort": ["fail"], "error": ["fail"], "end": ["stop"], "exit": ["stop"],
        "every": ["cron"], "cron": ["schedule"], "dtstart": ["start"], "tz": ["zone"], "timezone": ["zone"],
        "time_zone": ["zone"], "catchup": ["catch_up"], "misfire": ["catch_up"], "hours": ["calendar"],
        "only": ["within"], "if_busy": ["overlap"],
        "times": ["attempts"], "count": ["attempts"], "tries": ["attempts"], "retries": ["retry"],
        "delay": ["initial", "wait"], "sleep": ["wait"], "pause": ["wait"], "after": ["wait"], "wait": ["initial"],
        "to": ["by", "who"], "who": ["by"], "by": ["who"], "approvers": ["by"], "people": ["who"],
        "question": ["prompt"], "prompt": ["question"], "text": ["question", "prompt"],
        "message": ["question", "prompt", "text"], "body": ["text"], "content": ["text"], "recipient": ["to"],
        "recipients": ["to"],
        "form": ["fields"], "remind": ["remind_every"], "reminder": ["remind_every"],
        "deadline": ["timeout"], "on_deny": ["on_reject"], "on_decline": ["on_reject"],
        "interval": ["initial"], "max_wait": ["max"],
        "max_delay": ["max"], "ignore_errors": ["continue_on_error"], "values": ["enum"], "options": ["enum"],
    ]

    /// The key out of `known` that was probably meant by `key`.
    static func meant(by key: String, among known: [String]) -> String? {
        if let key = meanings[key.lowercased()]?.first(where: known.contains) { return key }
        return Similarity.nearest(to: key, among: known)
    }
}
