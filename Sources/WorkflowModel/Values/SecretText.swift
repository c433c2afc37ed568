/// A text that holds at least one secret, as segments: plain text, or the name of a secret.
///
/// The secret itself is never in it. It is looked up inside the call of an action and nowhere else, so that the journal, the
/// logs, a dry run and every page can show the text without showing the secret.
public struct SecretText: Sendable, Hashable {
    /// A piece of the text.
    public enum Segment: Sendable, Hashable {
        /// Text as it is.
        case plain(String)
        /// The secret of this name (`secrets.NAME`).
        case reference(String)
    }

    /// The pieces in order; neighbouring plain pieces are joined.
    public private(set) var segments: [Segment] = []

    /// A text that is just the secret `name`.
    public init(secret name: String) {
        segments = [.reference(name)]
    }

    /// A text of `segments`.
    public init(_ segments: [Segment]) {
        for segment in segments { append(segment) }
    }

    /// Adds a piece at the end.
    public mutating func append(_ segment: Segment) {
        if case .plain(let more) = segment {
            guard !more.isEmpty else { return }
            if case .plain(let text)? = segments.last {
                segments[segments.count - 1] = .plain(text + more)
                return
            }
        }
        segments.append(segment)
    }

    /// Adds all pieces of `other` at the end.
    public mutating func append(_ other: SecretText) {
        for segment in other.segments { append(segment) }
    }

    /// The names of the secrets inside.
    public var names: [String] {
        segments.compactMap { if case .reference(let name) = $0 { name } else { nil } }
    }

    /// The text with `‹secret NAME›` in each secret's place: what may be shown.
    public var redacted: String {
        segments.map { segment in
            switch segment {
            case .plain(let text): text
            case .reference(let name): "‹secret \(name)›"
            }
        }.joined()
    }

    /// The real text, each secret looked up by `lookup`. Only for use inside the call of an action.
    public func revealed(by lookup: (String) throws -> String) rethrows -> String {
        var text = ""
        for segment in segments {
            switch segment {
            case .plain(let plain): text += plain
            case .reference(let name): text += try lookup(name)
            }
        }
        return text
    }
}
