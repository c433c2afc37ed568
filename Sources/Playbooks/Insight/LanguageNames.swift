extension PlaybookInsight {
    /// What the names that the language itself gives mean, in Markdown.
    public static let languageNames = [
        "event": "The event itself: `id`, `source`, `type`, `subject`, `time` and `data`.",
        "events": "The events that `collect_for` has collected, in order.",
        "trigger": "The data of the run's own event, in case another name hides it.",
        "vars": "The variables of `vars` and `set`.", "inputs": "What the person who started the run gave.",
        "steps": "The results of the steps above: their outputs, `status`, and `failure` if they failed.",
        "run": "The run: `id`, `url` and `started_at`.",
        "failure": "What failed: `code`, `message` and `step`. It is there in `rescue` and `on_failure`.",
        "now": "In a condition the moment of acceptance, in a step its start.",
        "secrets": "The secrets of `signalbox.yaml`, in `with` only.",
    ]
}
