/// Where each character of a scalar's text stands in its file.
///
/// Made by reading the scalar's source again, by the rules of YAML 1.2 as libyaml applies them, when an error needs a place. Where
/// the second reading does not give libyaml's text, `isExact` is false and every place is that of the whole scalar.
public struct ScalarMap: Sendable {
    /// Whether the places are those of single characters.
    public let isExact: Bool
    private let source: SourceFile
    private let whole: Range<Int>
    /// For each Unicode scalar of the text, the bytes that stand for it; a folded line break is the break with its indentation.
    private let places: [Range<Int>]

    init(_ node: YAMLNode) {
        source = node.source
        whole = node.aliased?.byteRange ?? node.byteRange
        guard let scalar = node.scalar, !node.isDamaged else {
            isExact = false
            places = []
            return
        }
        let expected = Array(scalar.text.unicodeScalars)
        var found: [Range<Int>]?
        // Of a block scalar with an indentation indicator only the sum with the indentation around it is known: it is found by trying.
        let isBlock = scalar.style == .literal || scalar.style == .folded
        for indentation in isBlock ? 0...120 : 0...0 where found == nil {
            var reader = ScalarReader(source: source, range: whole)
            guard reader.read(scalar.style, indentation: indentation) else { break }
            if reader.scalars == expected { found = reader.places }
        }
        isExact = found != nil
        places = found ?? []
    }

    /// The place of characters of the text, counted in Unicode scalars. An empty range is the place before that character; what lies
    /// beyond the text is its end.
    public func sourceRange(ofScalars range: Range<Int>) -> SourceRange {
        source.range(ofBytes: byteRange(ofScalars: range))
    }

    /// The bytes of characters of the text; see `sourceRange(ofScalars:)`.
    public func byteRange(ofScalars range: Range<Int>) -> Range<Int> {
        guard isExact, let last = places.last else { return whole }
        let start = range.lowerBound < places.count ? places[max(0, range.lowerBound)].lowerBound : last.upperBound
        guard !range.isEmpty else { return start..<start }
        let end = range.upperBound <= places.count ? places[range.upperBound - 1].upperBound : last.upperBound
        return start..<max(start, end)
    }
}

extension YAMLNode {
    /// Where the characters of a scalar's text stand; worked out anew at every call.
    public var scalarMap: ScalarMap { ScalarMap(self) }

    /// The place of characters of the scalar's text, counted in Unicode scalars: exact in every style, through escapes, folding and
    /// indentation. For an alias, in the text that it repeats. For a list or a mapping the whole node.
    public func sourceRange(ofScalars range: Range<Int>) -> SourceRange {
        ScalarMap(self).sourceRange(ofScalars: range)
    }
}
