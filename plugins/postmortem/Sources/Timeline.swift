import PluginKit
import WorkflowModel

/// The timeline of a post-mortem: recorded events and entries that people wrote, each once, in order of time.
struct Timeline {
    /// The most events that are read.
    static let maximumEvents = 10_000
    /// The most entries that a document holds.
    static let maximumEntries = 500

    let entries: [TimelineEntry]
    /// How many entries of less weight found no room.
    let leftOut: Int

    /// The timeline of the recorded `events`, the entries `kept` elsewhere and the entries `given`. A given entry beats a kept one, and
    /// that the event, of its id.
    init(events: [Event], kept: [TimelineEntry] = [], given: [Value]) {
        var found: [TimelineEntry] = []
        var ids = Set<String>()
        var words = Set<String>()
        func add(_ entries: [TimelineEntry]) {
            for entry in entries {
                if let id = entry.id, !ids.insert(id).inserted { continue }
                guard words.insert("\(entry.at.rfc3339) \(entry.text)").inserted else { continue }
                found.append(entry)
            }
        }
        add(given.compactMap(TimelineEntry.init))
        let givenCount = found.count
        add(kept)
        add(events.compactMap(EventWords.entry))
        // When there is no room for all: the given and the pinned ones first, then the newest.
        let ranked = found.enumerated().sorted { a, b in
            let one = a.offset < givenCount || a.element.isPinned
            let other = b.offset < givenCount || b.element.isPinned
            if one != other { return one }
            return a.element.at == b.element.at ? a.offset < b.offset : a.element.at > b.element.at
        }
        leftOut = max(0, found.count - Self.maximumEntries)
        entries = ranked.prefix(Self.maximumEntries).sorted { a, b in
            a.element.at == b.element.at ? a.offset < b.offset : a.element.at < b.element.at
        }.map(\.element)
    }
}
