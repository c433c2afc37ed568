import Expressions
import WorkflowModel
import YAML

/// Finds event types in conditions that do not exist: `event.type == "ticket.craeted"`, which never holds.
struct EventTypeCheck {
    let reading: PlaybookReading

    func run() {
        // Nearly no playbook asks for the type, and the files are short: one look spares a walk through all expressions.
        guard let events = reading.environment.events, asksForType(reading.source.bytes) else { return }
        for site in reading.sites where !reading.isFull { check(site.expression.root, site, events) }
    }

    private func asksForType(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBufferPointer { bytes in
            let word = Array(".type".utf8)
            var at = 0
            while at + word.count <= bytes.count {
                if bytes[at] == word[0], bytes[at..<at + word.count].elementsEqual(word) { return true }
                at += 1
            }
            return false
        }
    }

    private func check(_ node: Node, _ site: PlaybookReading.Site, _ events: [String: Schema]) {
        for child in node.kind.children { check(child, site, events) }
        guard case .call(let function, nil, let args) = node.kind, args.count == 2,
            [Operator.equals, Operator.notEquals, Operator.in].contains(function),
            args.contains(where: { $0.path == ["event", "type"] || $0.path == ["trigger", "type"] })
        else { return }
        var texts = args
        if case .list(let items) = args[1].kind { texts = items }
        for text in texts {
            // Types without a dot, or of a family that nobody knows, may be somebody's own.
            guard let type = text.literal?.string, events[type] == nil,
                let family = type.split(separator: ".").first, family != type[...],
                events.keys.contains(where: { $0.hasPrefix("\(family).") })
            else { continue }
            let near = Similarity.nearest(to: type, among: events.keys.sorted())
            let range = text.range.lowerBound + site.offset..<text.range.upperBound + site.offset
            reading.report(
                .unknownEventType, site.node.sourceRange(ofScalars: range),
                "there is no event type `\(type)`, so this is never so", help: near.map { "did you mean `\($0)`?" },
                severity: .warning)
        }
    }
}
