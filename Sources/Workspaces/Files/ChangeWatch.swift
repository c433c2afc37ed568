/// Decides when files that change are to be read again: once they have been left alone for a while, since an editor, a copy or a checkout
/// changes many of them one after the other; and in any case after ``longest``.
///
/// It looks at nothing itself: ``look(_:after:)`` is told what the files are like.
public struct ChangeWatch: Sendable {
    /// How long files must stay as they are.
    public static let rest = Duration.seconds(1)
    /// After so long they are read although they still change.
    public static let longest = Duration.seconds(15)

    private var known: UInt64
    private var seen: UInt64
    private var restedFor = Duration.zero
    private var changingFor = Duration.zero

    /// A watch that begins with files that are like `fingerprint`.
    public init(_ fingerprint: UInt64) {
        known = fingerprint
        seen = fingerprint
    }

    /// Told what the files are like, and how long after it was told before; true when they are to be read now.
    public mutating func look(_ fingerprint: UInt64, after duration: Duration) -> Bool {
        restedFor = fingerprint == seen ? restedFor + duration : .zero
        seen = fingerprint
        guard fingerprint != known else {
            // They are again as they were when they were read.
            changingFor = .zero
            return false
        }
        changingFor = changingFor + duration
        guard restedFor >= ChangeWatch.rest || changingFor >= ChangeWatch.longest else { return false }
        known = fingerprint
        restedFor = .zero
        changingFor = .zero
        return true
    }

    /// Told that the files were read for another reason when they were like `fingerprint`.
    public mutating func wereRead(_ fingerprint: UInt64) {
        known = fingerprint
        changingFor = .zero
    }
}
