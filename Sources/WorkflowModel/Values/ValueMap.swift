/// A key of a map: the four kinds that CEL allows. `1` and `1u` are the same key; a text's case counts.
public enum MapKey: Sendable, Hashable {
    case string(String)
    case int(Int64)
    case uint(UInt64)
    case bool(Bool)

    /// The key for a value; nil when the value can be no key.
    public init?(_ value: Value) {
        switch value {
        case .string(let text): self = .string(text)
        case .int(let number): self = .int(number)
        case .uint(let number): self = .uint(number)
        case .bool(let flag): self = .bool(flag)
        case .double(let number):
            // A whole double finds the integer key, as CEL's cross-type lookup asks.
            if let int = Int64(exactly: number) {
                self = .int(int)
            } else if let uint = UInt64(exactly: number) {
                self = .uint(uint)
            } else {
                return nil
            }
        default: return nil
        }
    }

    /// The key as a value of its own kind.
    public var value: Value {
        switch self {
        case .string(let text): .string(text)
        case .int(let number): .int(number)
        case .uint(let number): .uint(number)
        case .bool(let flag): .bool(flag)
        }
    }

    /// The text of a text key.
    public var string: String? {
        if case .string(let text) = self { return text }
        return nil
    }

    /// The key as JSON's object key: texts as they are, the others by their CEL text form.
    public var jsonText: String {
        switch self {
        case .string(let text): text
        case .int(let number): String(number)
        case .uint(let number): String(number)
        case .bool(let flag): flag ? "true" : "false"
        }
    }

    /// Same kind and content; a signed and an unsigned number of the same value are one key, as CEL has it.
    public static func == (left: MapKey, right: MapKey) -> Bool {
        switch (left, right) {
        case (.string(let a), .string(let b)): a.sameCodePoints(as: b)
        case (.int(let a), .int(let b)): a == b
        case (.uint(let a), .uint(let b)): a == b
        case (.bool(let a), .bool(let b)): a == b
        case (.int(let a), .uint(let b)), (.uint(let b), .int(let a)): Int64(exactly: b) == a
        default: false
        }
    }

    /// Equal keys hash alike.
    public func hash(into hasher: inout Hasher) {
        switch self {
        case .string(let text): hasher.combine(text)
        case .int(let number): hasher.combine(number)
        case .uint(let number):
            if let int = Int64(exactly: number) { hasher.combine(int) } else { hasher.combine(number) }
        case .bool(let flag): hasher.combine(flag)
        }
    }
}

/// An ordered map from keys to values. Keys are unique; setting an existing key keeps its place. Two maps are equal when they
/// hold the same pairs in any order.
///
/// Small maps, nearly all of an event, are searched in line; larger ones carry an index.
public struct ValueMap: Sendable {
    /// One pair.
    public struct Entry: Sendable {
        /// The key.
        public var key: MapKey
        /// The value of the key.
        public var value: Value

        /// A pair of `key` and `value`.
        @inlinable
        public init(key: MapKey, value: Value) {
            self.key = key
            self.value = value
        }

        /// Whether the key is this text.
        func hasKey(_ text: String) -> Bool {
            if case .string(let key) = key { return key.sameCodePoints(as: text) }
            return false
        }
    }

    @usableFromInline static let indexFrom = 17

    /// The pairs, in the order in which their keys first came.
    public private(set) var entries: [Entry] = []
    private var positions: [MapKey: Int]?

    /// An empty map.
    public init() {}

    /// A map of `pairs`; of pairs with the same key the last wins.
    public init(_ pairs: some Sequence<(MapKey, Value)>) {
        for (key, value) in pairs { self[key] = value }
    }

    /// A map of text keys; of pairs with the same key the last wins.
    public init(strings pairs: some Sequence<(String, Value)>) {
        for (key, value) in pairs { self[.string(key)] = value }
    }

    /// A map from entries whose keys the caller knows to be unique (a parser that has just checked it).
    public init(uniqueEntries: [Entry]) {
        entries = uniqueEntries
        if entries.count >= Self.indexFrom { reindex() }
    }

    /// The number of pairs.
    public var count: Int { entries.count }

    /// True when there is no pair.
    public var isEmpty: Bool { entries.isEmpty }

    /// The keys in order.
    public var keys: [MapKey] { entries.map(\.key) }

    /// Reads, sets, or with nil removes the value of `key`.
    public subscript(key: MapKey) -> Value? {
        get { position(of: key).map { entries[$0].value } }
        set {
            switch (position(of: key), newValue) {
            case (let position?, let value?):
                entries[position].value = value
            case (let position?, nil):
                entries.remove(at: position)
                if positions != nil { reindex() }
            case (nil, let value?):
                entries.append(Entry(key: key, value: value))
                if positions != nil {
                    positions?[key] = entries.count - 1
                } else if entries.count >= Self.indexFrom {
                    reindex()
                }
            case (nil, nil):
                break
            }
        }
    }

    /// Reads, sets, or with nil removes the value of a text key.
    public subscript(key: String) -> Value? {
        get {
            if positions == nil {
                for entry in entries where entry.hasKey(key) { return entry.value }
                return nil
            }
            return self[MapKey.string(key)]
        }
        set { self[MapKey.string(key)] = newValue }
    }

    /// This map with the pairs of `other` over it.
    public func merging(_ other: ValueMap) -> ValueMap {
        var merged = self
        for entry in other.entries { merged[entry.key] = entry.value }
        return merged
    }

    /// The place of `key` among the entries; nil when it is not there.
    func place(of key: MapKey) -> Int? { position(of: key) }

    /// Sets the value of the entry at a place.
    mutating func setValue(at place: Int, _ value: Value) { entries[place].value = value }

    private func position(of key: MapKey) -> Int? {
        if let positions { return positions[key] }
        return entries.firstIndex { $0.key == key }
    }

    private mutating func reindex() {
        guard entries.count >= Self.indexFrom else {
            positions = nil
            return
        }
        var index = [MapKey: Int](minimumCapacity: entries.count)
        for (position, entry) in entries.enumerated() { index[entry.key] = position }
        positions = index
    }
}

extension ValueMap: Sequence {
    /// The entries in their order.
    public func makeIterator() -> IndexingIterator<[Entry]> { entries.makeIterator() }
}

extension ValueMap: Hashable {
    /// The same keys with the same values, in any order.
    public static func == (left: ValueMap, right: ValueMap) -> Bool {
        left.count == right.count && left.entries.allSatisfy { right[$0.key] == $0.value }
    }

    /// Equal maps hash alike, whatever their order.
    public func hash(into hasher: inout Hasher) {
        var sum = 0
        for entry in entries {
            var one = Hasher()
            one.combine(entry.key)
            one.combine(entry.value)
            sum &+= one.finalize()
        }
        hasher.combine(sum)
    }
}

extension ValueMap: ExpressibleByDictionaryLiteral {
    /// The map of these entries, in the order written.
    public init(dictionaryLiteral elements: (String, Value)...) {
        self.init(strings: elements)
    }
}
