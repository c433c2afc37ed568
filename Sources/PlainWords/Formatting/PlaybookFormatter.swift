public import YAML

/// Formats a playbook: indentation of 2, the keys in the order of the reference, an empty line between steps, no quotes that are not
/// needed. Texts of several lines, comments and the distance of comments at the ends of lines stay as they are.
public enum PlaybookFormatter {
    /// Why a file was left alone.
    public enum Problem: Error, Sendable, Hashable {
        /// It is no YAML that can be read; `signalbox check` says more.
        case unreadable([Diagnostic])
        /// It is no playbook: there is no key `playbook` at its top.
        case noPlaybook
        /// It has something that cannot be formatted: what.
        case unsupported(String)
        /// The formatted text would mean something else, or lack a comment; a mistake of ours, so the file is left alone.
        case wouldChange(String)
    }

    /// The largest file that is formatted, in bytes.
    public static let largest = 1 << 20

    /// The text of `source`, formatted. Lines end in a line feed; the last one, too.
    ///
    /// - Throws: ``Problem``. What is given back has been read again: its tree is that of the source, and no comment is lost.
    public static func format(_ source: SourceFile) throws(Problem) -> String {
        guard source.bytes.count <= largest else { throw .unsupported("it is larger than 1 MiB") }
        let text = source.text.replacing("\r\n", with: "\n").replacing("\r", with: "\n")
        let (root, problems) = YAMLParser.parse(SourceFile(path: source.path, text: text))
        guard let root, !problems.contains(where: { $0.severity == .error }) else { throw .unreadable(problems) }
        guard root["playbook"] != nil, root.style == .block else { throw .noPlaybook }
        let comments = SourceComments(root)
        if let obstacle = comments.obstacle { throw .unsupported(obstacle) }
        var emitter = FormattedText(comments)
        emitter.document(root)
        let formatted = emitter.text
        let (again, errors) = YAMLParser.parse(SourceFile(path: source.path, text: formatted))
        guard let again, !errors.contains(where: { $0.severity == .error }) else {
            throw .wouldChange(
                errors.first.map { "\($0.message) (line \($0.range?.start.line ?? 0))" } ?? "it cannot be read")
        }
        guard SameMeaning(keepsOrder: comments.hasAnchors).same(root, again, .playbook) else {
            throw .wouldChange("the values would differ")
        }
        guard SourceComments(again).all == comments.all else { throw .wouldChange("a comment would be lost") }
        return formatted
    }
}

/// Whether two trees mean the same: equal but for the order of keys that has no meaning.
struct SameMeaning {
    /// Whether the order was not to be touched at all.
    let keepsOrder: Bool

    func same(_ a: YAMLNode, _ b: YAMLNode, _ place: KeyOrder.Place) -> Bool {
        guard a.anchor == b.anchor, (a.aliased == nil) == (b.aliased == nil) else { return false }
        switch (a.content, b.content) {
        case (.scalar(let left), .scalar(let right)):
            return left.text.unicodeScalars.elementsEqual(right.text.unicodeScalars) && left.resolved == right.resolved
        case (.sequence(let left), .sequence(let right)):
            let inner = KeyOrder.element(of: place)
            return left.count == right.count && zip(left, right).allSatisfy { same($0, $1, inner) }
        case (.mapping(let left), .mapping(let right)):
            guard left.count == right.count else { return false }
            let ordered = FormattedText.ordered(left, place, keepsOrder: keepsOrder)
            return zip(ordered, right).allSatisfy { old, new in
                old.key.text == new.key.text
                    && same(old.value, new.value, KeyOrder.below(new.key.text ?? "", of: place))
            }
        default: return false
        }
    }
}
