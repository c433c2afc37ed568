import WorkflowModel
public import YAML

/// Looks at several playbooks together: which start themselves or each other without end, and which write different values into one
/// field for one event.
public enum SeveralAdvice {
    /// How many pairs are looked at; beyond, nothing is said.
    private static let pairLimit = 50_000

    /// What there is to say about `playbooks`, in no order.
    public static func run(_ playbooks: [PlaybookTraits]) -> [Diagnostic] {
        circles(playbooks) + conflicts(playbooks.filter { $0.mode == .active })
    }

    private static func warning(
        _ code: PlaybookCode, _ playbook: PlaybookTraits, _ range: SourceRange, _ message: String, help: String
    ) -> Diagnostic {
        Diagnostic(
            severity: .warning, code: code.rawValue, file: playbook.file, range: range, message: message, help: help)
    }

    // MARK: Circles

    private struct Edge {
        var from: Int
        var to: Int
        var emission: PlaybookTraits.Emission
        var type: String
    }

    private static func circles(_ playbooks: [PlaybookTraits]) -> [Diagnostic] {
        var listeners: [String: [(playbook: Int, start: Int)]] = [:]
        for (index, playbook) in playbooks.enumerated() where playbook.mode != .disabled {
            for (number, start) in playbook.starts.enumerated() {
                for type in start.types { listeners[type, default: []].append((index, number)) }
            }
        }
        var found: [Diagnostic] = []
        var edges: [[Edge]] = Array(repeating: [], count: playbooks.count)
        var pairs = 0
        for (index, playbook) in playbooks.enumerated() where playbook.mode != .disabled {
            for emission in playbook.emissions {
                var isReported = false
                for type in emission.types + emission.echoes {
                    for listener in listeners[type] ?? [] where pairs < pairLimit {
                        pairs += 1
                        let start = playbooks[listener.playbook].starts[listener.start]
                        guard fires(start, by: emission, type) else { continue }
                        if listener.playbook == index {
                            if !isReported { found.append(startsItself(playbook, emission, type)) }
                            isReported = true
                        } else if playbook.mode == .active, playbooks[listener.playbook].mode == .active {
                            edges[index].append(
                                Edge(from: index, to: listener.playbook, emission: emission, type: type))
                        }
                    }
                }
            }
        }
        return found + circles(playbooks, edges)
    }

    /// Whether an event that `emission` leads to may fire `start`.
    private static func fires(
        _ start: PlaybookTraits.Start, by emission: PlaybookTraits.Emission, _ type: String
    ) -> Bool {
        guard !start.isEdge(type), emission.types.contains(type) || start.includesOwn else { return false }
        guard let claim = start.claim else { return true }
        let family = String(type.prefix { $0 != "." })
        return !Facts.isImpossible(
            claim,
            known: { path in
                guard path.count > 1 else { return nil }
                if path[0] == "event", path[1] == "type" { return [.string(type)] }
                if path[0] == "changes", emission.absent.contains(path[1]) { return [.null] }
                if path[0] == family, path.count == 2, let value = emission.given[path[1]] { return [value] }
                return nil
            })
    }

    private static func startsItself(
        _ playbook: PlaybookTraits, _ emission: PlaybookTraits.Emission, _ type: String
    ) -> Diagnostic {
        warning(
            .startsItself, playbook, emission.range,
            "`\(emission.action)` leads to \(type), which starts this playbook again, and so on: "
                + "the chain is cut after 10 rounds",
            help: "add a condition to the trigger that the playbook's own change does not fulfil")
    }

    /// The shortest circle through each playbook that is in none reported before.
    private static func circles(_ playbooks: [PlaybookTraits], _ edges: [[Edge]]) -> [Diagnostic] {
        var found: [Diagnostic] = []
        var reported: Set<Int> = []
        var steps = 0
        for first in playbooks.indices where !edges[first].isEmpty && !reported.contains(first) {
            var came: [Int: Edge] = [:]
            var open = [first]
            var last: Edge?
            search: while !open.isEmpty, steps < pairLimit {
                let here = open.removeFirst()
                for edge in edges[here] where !reported.contains(edge.to) {
                    steps += 1
                    if edge.to == first {
                        last = edge
                        break search
                    }
                    guard came[edge.to] == nil else { continue }
                    came[edge.to] = edge
                    open.append(edge.to)
                }
            }
            guard var edge = last else { continue }
            var circle = [edge]
            while edge.from != first, let before = came[edge.from] {
                edge = before
                circle.insert(edge, at: 0)
            }
            reported.formUnion(circle.map(\.from))
            let chain = circle.map { "\($0.type) starts \(playbooks[$0.to].id)" }.joined(separator: ", ")
            found.append(
                warning(
                    .circle, playbooks[first], circle[0].emission.range,
                    "`\(circle[0].emission.action)` begins a circle: \(chain), and so on; the chain is cut after 10 rounds",
                    help: "give one of their triggers a condition that ends it"))
        }
        return found
    }

    // MARK: Conflicts

    private static func conflicts(_ playbooks: [PlaybookTraits]) -> [Diagnostic] {
        var groups: [[String]: [(playbook: Int, write: PlaybookTraits.Write)]] = [:]
        var found: [Diagnostic] = []
        for (index, playbook) in playbooks.enumerated() {
            var reported: Set<String> = []
            for write in playbook.writes {
                let key = [write.action, write.field, write.target ?? ""]
                let others = groups[key] ?? []
                if !reported.contains(write.field),
                    let (other, type) = others.prefix(100).lazy.compactMap({ other in
                        other.playbook == index
                            ? nil
                            : overlap(playbooks[other.playbook], other.write, playbook, write).map { (other, $0) }
                    }).first
                {
                    reported.insert(write.field)
                    found.append(conflict(playbook, write, playbooks[other.playbook], other.write, type))
                }
                groups[key, default: []].append((index, write))
            }
        }
        return found
    }

    /// A type of event for which both writes are made.
    private static func overlap(
        _ first: PlaybookTraits, _ one: PlaybookTraits.Write, _ second: PlaybookTraits, _ two: PlaybookTraits.Write
    ) -> String? {
        guard one.value != two.value, !excludes(one.domains, two.domains) else { return nil }
        for start in first.starts {
            for other in second.starts {
                guard let type = start.types.first(where: other.types.contains) else { continue }
                if excludes(start.domains, other.domains) || excludes(start.domains, two.domains)
                    || excludes(one.domains, other.domains)
                {
                    continue
                }
                return type
            }
        }
        return nil
    }

    private static func excludes(_ first: [String: ValueDomain], _ second: [String: ValueDomain]) -> Bool {
        first.contains { key, domain in
            guard !key.hasPrefix("steps."), !key.hasPrefix("vars."), let other = second[key] else { return false }
            var both = domain
            both.join(other)
            return both.isEmpty
        }
    }

    private static func conflict(
        _ playbook: PlaybookTraits, _ write: PlaybookTraits.Write, _ other: PlaybookTraits,
        _ theirs: PlaybookTraits.Write, _ type: String
    ) -> Diagnostic {
        warning(
            .conflictingWrites, playbook, write.range,
            "for one \(type) this sets \(write.field) to \(JSONWriter.text(write.value)), and the playbook \(other.id) sets it to "
                + "\(JSONWriter.text(theirs.value)) (\(other.file):\(theirs.range.start.line)): whichever comes last wins",
            help: "join the two, or give their triggers conditions that exclude each other")
    }
}
