/// A regular expression whose search takes time in proportion to the text, whatever the pattern is.
///
/// A set of states walks over the text once (Thompson, "Regular expression search algorithm", 1968), so no text makes it slow. There are
/// `.`, `[…]`, `\d \w \s \b` and their capitals, groups, `|`, `* + ?`, `{m,n}`, `^` and `$`; there are no back-references and
/// no look-around. Case and accents do not count.
struct LinearPattern {
    /// Why a pattern cannot be read.
    struct Malformed: Error {
        var message: String
    }

    /// No more of a text is searched, in characters.
    static let longestText = 20_000

    let source: String
    private let program: [PatternInstruction]

    init(_ source: String) throws {
        self.source = source
        var compiler = PatternCompiler(source)
        program = try compiler.compile()
    }

    /// The first part of `text` that the pattern fits, leftmost first; nil when there is none.
    func firstMatch(in text: String) -> String? {
        let written = Array(text.prefix(Self.longestText))
        let folded = written.map(PatternCompiler.fold)
        var current = PatternThreads(count: program.count)
        var next = PatternThreads(count: program.count)
        var found: Range<Int>?
        for position in 0...folded.count {
            // A match that began earlier wins over one that would begin here.
            if found == nil { add(0, start: position, at: position, folded, &current) }
            if current.list.isEmpty, found != nil { break }
            threads: for thread in current.list {
                switch program[thread.pc] {
                case .match:
                    found = thread.start..<position
                    break threads
                case .one(let set):
                    if position < folded.count, set.contains(folded[position]) {
                        add(thread.pc + 1, start: thread.start, at: position + 1, folded, &next)
                    }
                default: break
                }
            }
            swap(&current, &next)
            next.removeAll()
        }
        return found.map { String(written[$0]) }
    }

    /// Follows everything that takes no character, in order of preference.
    private func add(
        _ first: Int, start: Int, at position: Int, _ text: [Character], _ threads: inout PatternThreads
    ) {
        var stack = [first]
        while let pc = stack.popLast() {
            guard threads.insert(pc) else { continue }
            switch program[pc] {
            case .jump(let target): stack.append(target)
            case .split(let preferred, let other):
                stack.append(other)
                stack.append(preferred)
            case .assertion(let assertion):
                if assertion.holds(at: position, in: text) { stack.append(pc + 1) }
            case .one, .match: threads.list.append((pc, start))
            }
        }
    }
}

/// The states that the search is in, each once, in order of preference.
private struct PatternThreads {
    var list: [(pc: Int, start: Int)] = []
    private var seen: [Bool]
    private var marked: [Int] = []

    init(count: Int) { seen = Array(repeating: false, count: count) }

    mutating func insert(_ pc: Int) -> Bool {
        guard !seen[pc] else { return false }
        seen[pc] = true
        marked.append(pc)
        return true
    }

    mutating func removeAll() {
        for pc in marked { seen[pc] = false }
        marked.removeAll(keepingCapacity: true)
        list.removeAll(keepingCapacity: true)
    }
}

/// One instruction of a compiled pattern.
enum PatternInstruction {
    /// Takes one character of the set.
    case one(CharacterSetPattern)
    case jump(Int)
    /// Goes on at both places; the first is preferred.
    case split(Int, Int)
    case assertion(PatternAssertion)
    case match
}

/// A condition on a place in the text.
enum PatternAssertion {
    case start, end, boundary, noBoundary

    func holds(at position: Int, in text: [Character]) -> Bool {
        func word(_ index: Int) -> Bool { text.indices.contains(index) && CharacterSetPattern.isWord(text[index]) }
        return switch self {
        case .start: position == 0
        case .end: position == text.count
        case .boundary: word(position - 1) != word(position)
        case .noBoundary: word(position - 1) == word(position)
        }
    }
}

/// Which characters fit at a place.
indirect enum CharacterSetPattern {
    case any
    case character(Character)
    case range(Character, Character)
    case digit, word, space
    case union([CharacterSetPattern])
    case not(CharacterSetPattern)

    func contains(_ character: Character) -> Bool {
        switch self {
        case .any: !character.isNewline
        case .character(let own): own == character
        case .range(let low, let high): low <= character && character <= high
        case .digit: character.isASCII && character.isNumber
        case .word: Self.isWord(character)
        case .space: character.isWhitespace
        case .union(let parts): parts.contains { $0.contains(character) }
        case .not(let part): !part.contains(character)
        }
    }

    static func isWord(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || character == "_"
    }
}
