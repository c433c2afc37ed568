/// How types go together.
extension ExpressionType {
    /// The most words that are remembered of a text.
    private static let wordLimit = 64
    /// The most kinds that are remembered of a value.
    private static let memberLimit = 6

    /// A type that has the values of both.
    public func joined(_ other: ExpressionType) -> ExpressionType {
        if self == other { return self }
        switch (self, other) {
        case (.free, _): return other
        case (_, .free): return self
        case (.dyn, _), (_, .dyn), (.space, _), (_, .space): return .dyn
        case (.absent(let inner), _): return .absent(inner.joined(other))
        case (_, .absent(let inner)): return .absent(joined(inner))
        case (.null, _): return other.orNull
        case (_, .null): return orNull
        case (.nullable(let inner), .nullable(let other)): return inner.joined(other).orNull
        case (.nullable(let inner), _): return inner.joined(other).orNull
        case (_, .nullable(let inner)): return joined(inner).orNull
        case (.words(let a), .words(let b)):
            let all = a + b.filter { !a.contains($0) }
            return all.count > Self.wordLimit ? .string : .words(all)
        case (.words, .string), (.string, .words): return .string
        case (.list(let a), .list(let b)): return .list(a.joined(b))
        case (.map(let k, let v), .map(let l, let w)): return .map(k.joined(l), v.joined(w))
        case (.optional(let a), .optional(let b)): return .optional(a.joined(b))
        case (.type, .type): return .type(.dyn)
        case (.named(let a, let parts), .named(let b, let others)) where a == b && parts.count == others.count:
            return .named(a, zip(parts, others).map { $0.joined($1) })
        default: break
        }
        var all = members
        for member in other.members where !all.contains(member) {
            if let same = all.firstIndex(where: { $0.isLike(member) }) {
                all[same] = all[same].joined(member)
            } else {
                all.append(member)
            }
        }
        if all.count == 1 { return all[0] }
        return all.count > Self.memberLimit ? .dyn : .oneOf(all)
    }

    /// Whether two types are of one kind and are better kept as one.
    private func isLike(_ other: ExpressionType) -> Bool {
        switch (self, other) {
        case (.words, .words), (.words, .string), (.string, .words), (.list, .list), (.map, .map): true
        default: false
        }
    }

    /// Whether values of both can ever be equal, as far as that is known.
    func canEqual(_ other: ExpressionType) -> Bool {
        if mayBeNull, other.mayBeNull { return true }
        let (a, b) = (present, other.present)
        if a == b || a.isUnknown || b.isUnknown { return true }
        switch (a, b) {
        case (.oneOf(let members), _): return members.contains { $0.canEqual(b) }
        case (_, .oneOf(let members)): return members.contains { a.canEqual($0) }
        // Whether something is null may always be asked.
        case (.null, _), (_, .null): return true
        case (.list(let x), .list(let y)), (.optional(let x), .optional(let y)): return x.canEqual(y)
        case (.named(let x, _), .named(let y, _)): return x == y
        case (.space, _), (_, .space): return true
        default:
            return a.isNumber && b.isNumber || a.isText && b.isText || a.isMap && b.isMap
                || a.isTypeValue && b.isTypeValue
        }
    }

    private var isTypeValue: Bool {
        if case .type = self { return true }
        return false
    }

    /// Whether `<` and its like have an answer for both.
    func canOrder(_ other: ExpressionType) -> Bool {
        let (a, b) = (present, other.present)
        if case .oneOf(let members) = a { return members.contains { $0.canOrder(b) } }
        if case .oneOf(let members) = b { return members.contains { a.canOrder($0) } }
        if a.isUnknown { return b.isUnknown || b.hasOrder }
        if b.isUnknown { return a.hasOrder }
        return a.hasOrder && (a == b || a.isNumber && b.isNumber || a.isText && b.isText)
    }

    private var hasOrder: Bool {
        switch self {
        case .bool, .int, .uint, .double, .string, .words, .bytes, .timestamp, .duration: true
        case .space: false
        default: isUnknown
        }
    }
}

/// What the open parts of a signature turned out to be in a call.
struct TypeBindings {
    private var types: [ExpressionType?] = []

    subscript(number: Int) -> ExpressionType? {
        get { number < types.count ? types[number] : nil }
        set {
            while types.count <= number { types.append(nil) }
            types[number] = newValue
        }
    }

    /// Whether a value of type `given` can stand where `wanted` is asked for; what `wanted` leaves open is noted.
    mutating func fits(_ given: ExpressionType, _ wanted: ExpressionType) -> Bool {
        switch (given, wanted) {
        case (_, .dyn), (.free, _), (.parameter, _): return true
        case (_, .parameter(let number)): return bind(number, given)
        case (.dyn, _):
            loosen(wanted)
            return true
        case (.space, _): return fits(.openMap, wanted)
        case (.oneOf(let members), _):
            for member in members where fits(member, wanted) { return true }
            return false
        case (_, .oneOf(let members)):
            for member in members where fits(given, member) { return true }
            return false
        case (.nullable(let inner), .nullable(let other)): return fits(inner, other)
        case (.nullable(let inner), _), (.absent(let inner), _): return fits(inner, wanted)
        case (.null, .nullable): return true
        case (_, .nullable(let inner)): return fits(given, inner)
        case (.words, .string), (.words, .words): return true
        case (.list(let a), .list(let b)), (.optional(let a), .optional(let b)), (.type(let a), .type(let b)):
            return fits(a, b)
        case (.map(let k, let v), .map(let l, let w)): return fits(k, l) && fits(v, w)
        case (.object, .map(let key, let value)): return fits(.string, key) && fits(.dyn, value)
        case (.named(let a, let parts), .named(let b, let others)):
            guard a == b, parts.count == others.count else { return false }
            for (part, other) in zip(parts, others) where !fits(part, other) { return false }
            return true
        default: return given == wanted
        }
    }

    private mutating func bind(_ number: Int, _ given: ExpressionType) -> Bool {
        guard let bound = self[number] else {
            self[number] = given
            return true
        }
        if bound == given { return true }
        if given == .dyn || bound == .dyn {
            self[number] = .dyn
            return true
        }
        var trial = self
        guard trial.fits(given, bound) || trial.fits(bound, given) else { return false }
        self[number] = bound.joined(given)
        return true
    }

    /// A value of which nothing is known leaves open parts unknown.
    private mutating func loosen(_ wanted: ExpressionType) {
        switch wanted {
        case .parameter(let number): self[number] = .dyn
        case .list(let part), .optional(let part), .type(let part): loosen(part)
        case .map(let key, let value):
            loosen(key)
            loosen(value)
        default: break
        }
    }

    /// `type` with its open parts filled in; what nothing was found out about is free.
    func filled(_ type: ExpressionType) -> ExpressionType {
        switch type {
        case .parameter(let number): self[number] ?? .free
        case .list(let part): .list(filled(part))
        case .optional(let part): .optional(filled(part))
        case .type(let part): .type(filled(part))
        case .map(let key, let value): .map(filled(key), filled(value))
        case .named(let name, let parts): parts.isEmpty ? type : .named(name, parts.map(filled))
        default: type
        }
    }
}
