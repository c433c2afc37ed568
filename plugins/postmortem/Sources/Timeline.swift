import PluginKit
import WorkflowModel

/// The timeline of a post-mortem: recorded events and entries that people wrote, each once, in order of time.
struct Timeline {
    /// The most events that are read.
    static let maximumEvents = 2_000

    let entries: [TimelineEntry]

    /// The timeline of the recorded `events` and the entries `given`. A given entry beats the event of its id.
    init(events: [Event], given: [Value]) {
        var found: [TimelineEntry] = []
        var ids = Set<String>()
        var words = Set<String>()
        for entry in given.compactMap(TimelineEntry.init) + events.compactMap(EventWords.entry) {
            if let id = entry.id, !ids.insert(id).inserted { continue }
            guard words.insert("\(entry.at.rfc3339) \(entry.text)").inserted else { continue }
            found.append(entry)
        }
        entries = found.enumerated().sorted { a, b in
            a.element.at == b.element.at ? a.offset < b.offset : a.element.at < b.element.at
        }.map(\.element)
    }
}
