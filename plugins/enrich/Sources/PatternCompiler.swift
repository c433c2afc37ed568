/// Reads the text of a pattern into instructions.
struct PatternCompiler {
    private static let mostInstructions = 1000
    private static let deepest = 50

    private indirect enum Node {
        case empty
        case set(CharacterSetPattern)
        case assertion(PatternAssertion)
        case sequence([Node])
        case choice([Node])
        case repetition(Node, least: Int, most: Int?, isLazy: Bool)
    }

    private let text: [Character]
    private var position = 0
    private var program: [PatternInstruction] = []

    init(_ source: String) { text = Array(source) }

    /// One character without case and accent.
    static func fold(_ character: Character) -> Character {
        if let ascii = character.asciiValue {
            return (0x41...0x5A).contains(ascii) ? Character(UnicodeScalar(ascii + 32)) : character
        }
        return FoldedText.of(String(character)).first ?? character
    }

    mutating func compile() throws -> [PatternInstruction] {
        let node = try choice(depth: 0)
        guard position == text.count else { throw LinearPattern.Malformed(message: "a ) without its (") }
        try emit(node)
        try append(.match)
        return program
    }

    private func bad(_ message: String) -> LinearPattern.Malformed { LinearPattern.Malformed(message: message) }

    private var next: Character? { position < text.count ? text[position] : nil }

    private mutating func take(_ character: Character) -> Bool {
        guard next == character else { return false }
        position += 1
        return true
    }

    private mutating func choice(depth: Int) throws -> Node {
        guard depth < Self.deepest else { throw bad("groups more than \(Self.deepest) deep") }
        var choices = [try sequence(depth: depth)]
        while take("|") { choices.append(try sequence(depth: depth)) }
        return choices.count == 1 ? choices[0] : .choice(choices)
    }

    private mutating func sequence(depth: Int) throws -> Node {
        var nodes: [Node] = []
        while let character = next, character != "|", character != ")" {
            nodes.append(try repeated(try atom(depth: depth)))
        }
        return nodes.count == 1 ? nodes[0] : nodes.isEmpty ? .empty : .sequence(nodes)
    }

    private mutating func atom(depth: Int) throws -> Node {
        guard let character = next else { return .empty }
        position += 1
        switch character {
        case "(":
            if take("?") {
                guard take(":") else { throw bad("(? is known only as (?: here; there is no look-around") }
            }
            let inner = try choice(depth: depth + 1)
            guard take(")") else { throw bad("a ( without its )") }
            return inner
        case "[": return .set(try bracket())
        case ".": return .set(.any)
        case "^": return .assertion(.start)
        case "$": return .assertion(.end)
        case "*", "+", "?": throw bad("\(character) has nothing before it to repeat")
        case "\\":
            if take("b") { return .assertion(.boundary) }
            if take("B") { return .assertion(.noBoundary) }
            return .set(try escape())
        default: return .set(.character(Self.fold(character)))
        }
    }

    private mutating func repeated(_ node: Node) throws -> Node {
        var node = node
        while let character = next {
            let least: Int
            let most: Int?
            switch character {
            case "*": (least, most) = (0, nil)
            case "+": (least, most) = (1, nil)
            case "?": (least, most) = (0, 1)
            case "{":
                guard let counts = counts() else { return node }
                guard counts.least <= counts.most ?? counts.least, (counts.most ?? counts.least) <= 100 else {
                    throw bad("the counts in {…} must rise and be at most 100")
                }
                (least, most) = counts
                position -= 1
            default: return node
            }
            position += 1
            let isLazy = take("?")
            node = .repetition(node, least: least, most: most, isLazy: isLazy)
        }
        return node
    }

    /// `{2}`, `{2,}`, `{2,5}`; anything else is an ordinary brace.
    private mutating func counts() -> (least: Int, most: Int?)? {
        let rest = text[position...]
        guard let close = rest.firstIndex(of: "}") else { return nil }
        let parts = rest[(position + 1)..<close].split(separator: ",", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let least = Int(String(parts[0])), least >= 0 else { return nil }
        if parts.count == 2, !parts[1].isEmpty {
            guard let most = Int(String(parts[1])) else { return nil }
            position = close + 1
            return (least, most)
        }
        position = close + 1
        return (least, parts.count == 2 ? nil : least)
    }

    private mutating func escape() throws -> CharacterSetPattern {
        guard let character = next else { throw bad("a \\ at the end") }
        position += 1
        switch character {
        case "d": return .digit
        case "D": return .not(.digit)
        case "w": return .word
        case "W": return .not(.word)
        case "s": return .space
        case "S": return .not(.space)
        case "n": return .character("\n")
        case "t": return .character("\t")
        default:
            guard !character.isLetter, !character.isNumber else {
                throw bad("\\\(character) is not known; there are \\d \\w \\s \\b and their capitals")
            }
            return .character(character)
        }
    }

    private mutating func bracket() throws -> CharacterSetPattern {
        let isNegated = take("^")
        var parts: [CharacterSetPattern] = []
        while let character = next, character != "]" || parts.isEmpty {
            position += 1
            if character == "\\" {
                parts.append(try escape())
                continue
            }
            guard next == "-", position + 1 < text.count, text[position + 1] != "]" else {
                parts.append(.character(Self.fold(character)))
                continue
            }
            let high = text[position + 1]
            position += 2
            let (low, folded) = (Self.fold(character), Self.fold(high))
            guard low <= folded else { throw bad("the range \(character)-\(high) runs backwards") }
            parts.append(.range(low, folded))
        }
        guard take("]") else { throw bad("a [ without its ]") }
        return isNegated ? .not(.union(parts)) : .union(parts)
    }

    private mutating func append(_ instruction: PatternInstruction) throws {
        guard program.count < Self.mostInstructions else { throw bad("it is too long, or repeats too much") }
        program.append(instruction)
    }

    private mutating func emit(_ node: Node) throws {
        switch node {
        case .empty: break
        case .set(let set): try append(.one(set))
        case .assertion(let assertion): try append(.assertion(assertion))
        case .sequence(let nodes): for node in nodes { try emit(node) }
        case .choice(let choices):
            var jumps: [Int] = []
            for (index, choice) in choices.enumerated() {
                guard index < choices.count - 1 else {
                    try emit(choice)
                    break
                }
                let split = program.count
                try append(.jump(0))
                try emit(choice)
                jumps.append(program.count)
                try append(.jump(0))
                program[split] = .split(split + 1, program.count)
            }
            for jump in jumps { program[jump] = .jump(program.count) }
        case .repetition(let inner, let least, let most, let isLazy):
            for _ in 0..<least { try emit(inner) }
            if let most {
                for _ in 0..<(most - least) { try emitOptional(inner, isLazy) }
            } else {
                let split = program.count
                try append(.jump(0))
                try emit(inner)
                try append(.jump(split))
                program[split] = isLazy ? .split(program.count, split + 1) : .split(split + 1, program.count)
            }
        }
    }

    private mutating func emitOptional(_ node: Node, _ isLazy: Bool) throws {
        let split = program.count
        try append(.jump(0))
        try emit(node)
        program[split] = isLazy ? .split(program.count, split + 1) : .split(split + 1, program.count)
    }
}
