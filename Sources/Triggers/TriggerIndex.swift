public import Expressions
import Synchronization
import WorkflowModel

/// Finds the triggers that an event may fire without looking at the others.
///
/// Triggers are grouped by event type and by the paths that their conditions compare with constants; within a group a hash
/// table leads from the event's values to the triggers. The work for an event grows with the number of different shapes of
/// conditions and of answers, not with the number of playbooks.
public struct TriggerIndex: Sendable {
    /// A trigger that an event may fire.
    public struct Candidate: Sendable, Hashable {
        /// The number that the trigger was entered with.
        public let trigger: Int
        /// Whether the condition is known to hold; otherwise it must be evaluated.
        public let holds: Bool
    }

    private struct Shape {
        /// The triggers that must be looked at for every event of the type.
        var always: [Candidate] = []
        var groups: [[RequiredValues.Path]: Group] = [:]
    }

    private let types: [String: (always: [Candidate], groups: [Group])]

    /// An index of triggers: the event types of each with its condition, numbered from 0.
    public init(_ triggers: [(types: [String], condition: CompiledCondition?)]) {
        var shapes: [String: Shape] = [:]
        for (number, trigger) in triggers.enumerated() {
            let required = trigger.condition.map(RequiredValues.init) ?? RequiredValues(isExact: true)
            let clauses = TriggerIndex.clauses(of: required)
            let holds = required.isExact && clauses.count == required.sets.count
            let paths = clauses.map(\.path)
            for type in trigger.types {
                var shape = shapes[type] ?? Shape()
                if clauses.isEmpty {
                    shape.always.append(Candidate(trigger: number, holds: holds))
                } else {
                    let group = shape.groups[paths] ?? Group(paths: paths)
                    group.enter(Candidate(trigger: number, holds: holds), clauses.map(\.keys))
                    shape.groups[paths] = group
                }
                shapes[type] = shape
            }
        }
        types = shapes.mapValues { ($0.always, Array($0.groups.values)) }
    }

    /// The triggers that an event of `type` may fire, in the order of their numbers.
    public func candidates(type: String, in scope: some Scope) -> [Candidate] {
        guard let shape = types[type] else { return [] }
        var found = shape.always
        for group in shape.groups { group.find(in: scope, into: &found) }
        // One group answers in order already; several must be merged.
        if shape.groups.count > 1 || !shape.always.isEmpty { found.sort { $0.trigger < $1.trigger } }
        return found
    }

    /// At most three paths, those that divide best, whose combinations stay few.
    private static func clauses(of required: RequiredValues) -> [(path: RequiredValues.Path, keys: [MapKey])] {
        var chosen: [(path: RequiredValues.Path, keys: [MapKey])] = []
        var combinations = 1
        let sorted = required.sets.sorted {
            ($0.value.count, $0.key.joined(separator: ".")) < ($1.value.count, $1.key.joined(separator: "."))
        }
        for (path, keys) in sorted where chosen.count < 3 && combinations * keys.count <= 256 {
            combinations *= max(1, keys.count)
            chosen.append((path, Array(keys)))
        }
        return chosen.sorted { $0.path.joined(separator: ".") < $1.path.joined(separator: ".") }
    }
}

extension TriggerIndex {
    /// The values of up to three paths; nil where the path leads nowhere or is not part of the table.
    private struct Key: Hashable {
        var first: MapKey?
        var second: MapKey?
        var third: MapKey?

        subscript(position: Int) -> MapKey? {
            get { position == 0 ? first : position == 1 ? second : third }
            set {
                switch position {
                case 0: first = newValue
                case 1: second = newValue
                default: third = newValue
                }
            }
        }
    }

    private typealias Table = [Key: [Candidate]]

    /// The triggers whose conditions compare the same paths. Filled while the index is made, then only read.
    private final class Group: Sendable {
        private struct Entry {
            let candidate: Candidate
            let keys: [[MapKey]]
        }

        private struct State {
            var entries: [Entry] = []
            /// One table for each set of paths that an event has, as a bit mask; made when first needed.
            var tables: [UInt8: Table] = [:]
        }

        let paths: [RequiredValues.Path]
        private let state = Mutex(State())

        init(paths: [RequiredValues.Path]) { self.paths = paths }

        func enter(_ candidate: Candidate, _ keys: [[MapKey]]) {
            state.withLock { $0.entries.append(Entry(candidate: candidate, keys: keys)) }
        }

        func find(in scope: some Scope, into found: inout [Candidate]) {
            var key = Key()
            var present: UInt8 = 0
            for (position, path) in paths.enumerated() {
                guard let value = Group.value(at: path, in: scope) else { continue }
                present |= 1 << position
                // A value that can be no key equals no constant of the conditions: all of them are false.
                guard let part = MapKey(value) else { return }
                key[position] = part
            }
            let complete = present == (1 << paths.count) - 1
            state.withLock { state in
                let table = state.tables[present] ?? Group.table(state.entries, present, paths.count)
                if state.tables[present] == nil { state.tables[present] = table }
                guard let candidates = table[key] else { return }
                // Where a path leads nowhere the condition may fail, and only its evaluation tells.
                if complete {
                    found.append(contentsOf: candidates)
                } else {
                    found.append(contentsOf: candidates.map { Candidate(trigger: $0.trigger, holds: false) })
                }
            }
        }

        private static func value(at path: RequiredValues.Path, in scope: some Scope) -> Value? {
            guard var value = scope.value(of: path[0]) else { return nil }
            for field in path.dropFirst() {
                guard let next = value[field] else { return nil }
                value = next
            }
            return value
        }

        private static func table(_ entries: [Entry], _ present: UInt8, _ count: Int) -> Table {
            var table: Table = [:]
            for entry in entries {
                var keys = [Key()]
                for position in 0..<count where present & 1 << position != 0 {
                    keys = keys.flatMap { key in
                        entry.keys[position].map { part in
                            var more = key
                            more[position] = part
                            return more
                        }
                    }
                }
                for key in Set(keys) { table[key, default: []].append(entry.candidate) }
            }
            return table
        }
    }
}
