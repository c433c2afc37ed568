import Playbooks
import WorkflowModel
import YAML

/// Makes slips in one playbook.
struct Mutator {
    let file: SourceFile
    private let actions: [String: ActionSignature]
    private var keys: [YAMLNode] = []
    private var scalars: [(key: String, node: YAMLNode)] = []
    private var uses: [YAMLNode] = []
    /// Entries that may not be left out.
    private var required: [YAMLNode.Entry] = []
    private let steps: [YAMLNode]

    init?(_ file: SourceFile, actions: [String: ActionSignature]) {
        guard let root = YAMLParser.parse(file).root else { return nil }
        self.file = file
        self.actions = actions
        steps = root["steps"]?.items ?? []
        collect(root, key: "", isFree: false)
        required += ["playbook", "trigger", "steps"].compactMap { root.entry($0) }
    }

    /// A slip of `kind`; nil when the playbook has no place for one.
    func mutation(_ kind: Mutation.Kind, _ random: inout MutationRandom) -> Mutation? {
        switch kind {
        case .key: keys.randomElement(using: &random).flatMap { misspelt(kind, $0.byteRange, &random) }
        case .action: uses.randomElement(using: &random).flatMap { misspelt(kind, $0.byteRange, &random) }
        case .field: fields().randomElement(using: &random).flatMap { misspelt(kind, $0, &random) }
        case .type: scalars.randomElement(using: &random).flatMap { otherType($0.node, &random) }
        case .required: required.randomElement(using: &random).flatMap(dropped)
        case .order: moved(&random)
        case .expression: broken(&random)
        }
    }

    // MARK: Places

    /// Below `with`, `set`, `vars` and the like people choose the names.
    private static let free: Set<String> = ["set", "vars", "data", "mock", "inputs", "outputs", "fields"]

    private mutating func collect(_ node: YAMLNode, key: String, isFree: Bool) {
        if node.aliased != nil { return }
        for item in node.items ?? [] { collect(item, key: key, isFree: isFree) }
        for entry in node.entries ?? [] {
            let name = entry.key.text ?? ""
            if !isFree { keys.append(entry.key) }
            if name == "uses" { uses.append(entry.value) }
            collect(entry.value, key: name, isFree: isFree || Self.free.contains(name))
        }
        if let called = node["uses"]?.text, let signature = actions[called], let with = node["with"] {
            required += (with.entries ?? []).filter { signature.input.required.contains($0.key.text ?? "") }
        }
        if node.scalar != nil { scalars.append((key, node)) }
    }

    private var bytes: [UInt8] { file.bytes }

    private func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    /// The words behind a dot in expressions.
    private func fields() -> [Range<Int>] {
        expressions().flatMap { range in
            let words = text(range).matches(
                of:
                    /\b(?:ticket|steps|vars|sla|comment|incident|maintenance|alert|failure|run|event|action|playbook|ask)((?:\.[a-z_]+)+)/
            )
            return words.flatMap { match -> [Range<Int>] in
                var found: [Range<Int>] = []
                let whole = text(range)
                for word in match.1.matches(of: /[a-z_]+/) {
                    let start = whole.utf8.distance(from: whole.startIndex, to: word.range.lowerBound)
                    found.append(range.lowerBound + start..<range.lowerBound + start + word.0.utf8.count)
                }
                return found
            }
        }
    }

    /// Scalars that are expressions: conditions, and values that begin with `=` or have a `${{` in them.
    private func expressions() -> [Range<Int>] {
        scalars.flatMap { key, node -> [Range<Int>] in
            let text = node.text ?? ""
            let isCondition = ["if", "when", "any", "all", "not", "until", "for_each", "switch"].contains(key)
            if isCondition || text.hasPrefix("=") { return [node.byteRange] }
            let whole = self.text(node.byteRange)
            return whole.matches(of: /\$\{\{.*?\}\}/).map { part in
                let start = whole.utf8.distance(from: whole.startIndex, to: part.range.lowerBound)
                let length = part.0.utf8.count
                return node.byteRange.lowerBound + start..<node.byteRange.lowerBound + start + length
            }
        }
    }

    // MARK: Slips

    /// A letter left out, doubled, or two letters changed.
    private func misspelt(_ kind: Mutation.Kind, _ range: Range<Int>, _ random: inout MutationRandom) -> Mutation? {
        var letters = Array(text(range).unicodeScalars)
        let places = letters.indices.filter { letters[$0].properties.isAlphabetic }
        guard letters.count > 1, let at = places.randomElement(using: &random) else { return nil }
        switch Int.random(in: 0..<3, using: &random) {
        case 0: letters.remove(at: at)
        case 1: letters.insert(letters[at], at: at)
        default:
            let other = at + 1 < letters.count ? at + 1 : at - 1
            guard letters[other].properties.isAlphabetic else { return nil }
            letters.swapAt(at, other)
        }
        return Mutation(kind, file.path, bytes, range, with: String(String.UnicodeScalarView(letters)))
    }

    /// A number for a text, a text for a number or true, a list for either.
    private func otherType(_ node: YAMLNode, _ random: inout MutationRandom) -> Mutation? {
        guard let scalar = node.scalar, scalar.style != .folded, scalar.style != .literal else { return nil }
        let new: String
        switch scalar.resolved {
        case .bool, .int, .float: new = ["soon", "[1]", "{ a: 1 }"].randomElement(using: &random) ?? ""
        default: new = ["[1, 2]", "{ a: 1 }", "42.5", "true"].randomElement(using: &random) ?? ""
        }
        return Mutation(.type, file.path, bytes, node.byteRange, with: new)
    }

    /// An entry left out, with its line when it has one of its own.
    private func dropped(_ entry: YAMLNode.Entry) -> Mutation? {
        var range = entry.key.byteRange.lowerBound..<entry.value.byteRange.upperBound
        let start = bytes[..<range.lowerBound].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        if bytes[start..<range.lowerBound].allSatisfy({ $0 == 0x20 }) {
            let end = bytes[range.upperBound...].firstIndex(of: 0x0A) ?? bytes.count
            range = start..<min(bytes.count, end + 1)
        } else if text(range.upperBound..<min(bytes.count, range.upperBound + 2)) == ", " {
            range = range.lowerBound..<range.upperBound + 2
        } else if range.lowerBound > 1, text(range.lowerBound - 2..<range.lowerBound) == ", " {
            range = range.lowerBound - 2..<range.upperBound
        } else if range.lowerBound > 1, text(range.lowerBound - 2..<range.lowerBound) == "- " {
            return nil
        }
        return Mutation(.required, file.path, bytes, range, with: "")
    }

    /// A step that uses another one, put before it.
    private func moved(_ random: inout MutationRandom) -> Mutation? {
        var pairs: [(Range<Int>, Range<Int>)] = []
        let ranges = steps.map(lines)
        for (giver, step) in steps.enumerated() {
            guard let id = step["id"]?.text else { continue }
            for taker in steps.indices.dropFirst(giver + 1) where text(ranges[taker]).contains("steps.\(id).") {
                pairs.append((ranges[giver], ranges[taker]))
            }
        }
        guard let (giver, taker) = pairs.randomElement(using: &random) else { return nil }
        let new = text(taker) + text(giver.lowerBound..<taker.lowerBound)
        return Mutation(.order, file.path, bytes, giver.lowerBound..<taker.upperBound, with: new)
    }

    /// The lines of a step with its dash.
    private func lines(_ step: YAMLNode) -> Range<Int> {
        let start = bytes[..<step.byteRange.lowerBound].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        var end = step.byteRange.upperBound
        while end > start, [0x20, 0x0A].contains(bytes[end - 1]) { end -= 1 }
        return start..<min(bytes.count, (bytes[end...].firstIndex(of: 0x0A) ?? bytes.count - 1) + 1)
    }

    private static let slips = [
        ("==", "="), ("==", "==="), ("&&", "and"), ("||", "or"), ("(", ""), (")", ""), ("}}", "}"), ("${{", "{{"),
        (" in ", " is in "), ("\"", ""), (".", ".."), ("[", ""), ("!", "not "), (",", ";"), ("=", "=="),
    ]

    /// An operator, a bracket or a quote of an expression, wrong or left out.
    private func broken(_ random: inout MutationRandom) -> Mutation? {
        guard let range = expressions().randomElement(using: &random) else { return nil }
        let whole = text(range)
        let possible = Self.slips.filter { whole.contains($0.0) }
        guard let slip = possible.randomElement(using: &random) else { return nil }
        let places = whole.ranges(of: slip.0)
        guard let place = places.randomElement(using: &random) else { return nil }
        let start = range.lowerBound + whole.utf8.distance(from: whole.startIndex, to: place.lowerBound)
        return Mutation(.expression, file.path, bytes, start..<start + slip.0.utf8.count, with: slip.1)
    }
}
