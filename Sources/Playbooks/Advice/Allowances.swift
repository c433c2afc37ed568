import WorkflowModel
public import YAML

/// A warning that a comment of its file allows: `# signalbox: allow SB1904 The condition waits for the new desk`.
public struct AllowedWarning: Sendable, Hashable {
    /// What would have been said.
    public var diagnostic: Diagnostic
    /// Why it is allowed, in the words of the file.
    public var reason: String
}

/// The comments of a file that allow warnings: on the line of the warning, on the line above it, or at the top for the whole file.
public struct Allowances: Sendable {
    private struct Allowance {
        var codes: [(code: String, range: SourceRange)]
        var reason: String
        /// nil for the whole file.
        var line: Int?
    }

    private var allowances: [Allowance] = []
    private let path: String
    /// What is wrong with the comments themselves.
    public private(set) var diagnostics: [Diagnostic] = []

    /// The codes of this part of the product that a comment may name.
    public static let ownCodes: Set<String> =
        Set(PlaybookCode.allCases.map(\.rawValue)).union(YAMLParser.codes)

    /// Reads the comments of `source`.
    ///
    /// - Parameters:
    ///   - root: its tree, by which texts are told from comments.
    ///   - codes: the codes that there are.
    public init(_ source: SourceFile, _ root: YAMLNode?, codes: () -> Set<String>) {
        path = source.path
        let remarks = source.remarks("signalbox:", in: root)
        guard !remarks.isEmpty else { return }
        let known = codes()
        for remark in remarks { read(remark, source, known) }
    }

    /// Whether the file allows nothing.
    public var isEmpty: Bool { allowances.isEmpty }

    /// Parts what is said about the file into what stays and what is allowed. What allows nothing is said too.
    ///
    /// - Parameter judges: whether all was looked at that could give a warning of this code.
    public func settle(
        _ found: [Diagnostic], judges: (_ code: String) -> Bool
    ) -> (kept: [Diagnostic], allowed: [AllowedWarning]) {
        guard !allowances.isEmpty else { return (found, []) }
        var kept: [Diagnostic] = []
        var allowed: [AllowedWarning] = []
        var used: Set<[Int]> = []
        var errors: Set<[Int]> = []
        for diagnostic in found {
            var reason: String?
            for (index, allowance) in allowances.enumerated() {
                guard allowance.line == nil || allowance.line == diagnostic.range?.start.line,
                    let position = allowance.codes.firstIndex(where: { $0.code == diagnostic.code })
                else { continue }
                if diagnostic.severity == .error {
                    errors.insert([index, position])
                } else {
                    used.insert([index, position])
                    reason = reason ?? allowance.reason
                }
            }
            if let reason {
                allowed.append(AllowedWarning(diagnostic: diagnostic, reason: reason))
            } else {
                kept.append(diagnostic)
            }
        }
        for (index, allowance) in allowances.enumerated() {
            for (position, named) in allowance.codes.enumerated() where !used.contains([index, position]) {
                if errors.contains([index, position]) {
                    kept.append(
                        warning(
                            .allowedError, named.range, "\(named.code) is an error here, and errors cannot be allowed",
                            help: "mend it, and remove this comment"))
                } else if judges(named.code) {
                    kept.append(
                        warning(
                            .idleAllow, named.range,
                            "\(named.code) is allowed here, and nothing \(allowance.line == nil ? "in this file" : "on this line") gives it",
                            help: "remove \(allowance.codes.count > 1 ? named.code : "the comment")"
                                + (allowance.line == nil ? "" : ", or move it to the line of the warning")))
                }
            }
        }
        return (kept, allowed)
    }

    private func warning(
        _ code: PlaybookCode, _ range: SourceRange, _ message: String, help: String? = nil
    ) -> Diagnostic {
        Diagnostic(
            severity: .warning, code: code.rawValue, file: path, range: range, message: message, help: help)
    }

    // MARK: Reading

    private mutating func read(_ remark: YAMLRemark, _ source: SourceFile, _ known: Set<String>) {
        var words = Words(remark)
        guard let first = words.next() else { return }
        guard first.text == "allow" else {
            // Anything may stand in a comment; only what was probably meant as this one is refused.
            let isMeant =
                ["ignore", "disable", "suppress", "permit", "allows", "alow", "noqa", "off"].contains(
                    first.text.lowercased()) || first.text.lowercased() == "allow"
                || words.next().map { Self.isCode($0.text) } == true
            if isMeant {
                refuse(
                    source.range(ofBytes: first.range), "`signalbox: \(first.text)` is not understood", "write allow")
            }
            return
        }
        var codes: [(code: String, range: SourceRange)] = []
        var isGoingOn = true
        while isGoingOn, let word = words.next() {
            let range = source.range(ofBytes: word.range)
            guard known.contains(word.text) else {
                guard !codes.isEmpty || Self.isCode(word.text) else {
                    refuse(
                        range, "`allow` names no code", "write the code of the warning, such as SB1904, and then why")
                    return
                }
                let upper = word.text.uppercased()
                let near = known.contains(upper) ? upper : Similarity.nearest(to: upper, among: known.sorted())
                refuse(range, "there is no code \(word.text)", near.map { "did you mean \($0)?" } ?? "check shows it")
                return
            }
            codes.append((word.text, range))
            isGoingOn = word.endsInComma
        }
        guard !codes.isEmpty else {
            refuse(
                source.range(ofBytes: first.range), "`allow` names no code",
                "write the code of the warning, such as SB1904, and then why")
            return
        }
        let reason = words.rest
        guard reason.contains(where: \.isLetter) else {
            refuse(
                codes[codes.count - 1].range,
                "it is not said why \(codes.map(\.code).joined(separator: ", ")) is allowed",
                "write the reason after the code")
            return
        }
        allowances.append(Allowance(codes: codes, reason: reason, line: remark.isAtTop ? nil : remark.line))
    }

    private mutating func refuse(_ range: SourceRange, _ message: String, _ help: String) {
        diagnostics.append(
            Diagnostic(
                code: PlaybookCode.unclearAllow.rawValue, file: path, range: range, message: message, help: help))
    }

    private static func isCode(_ text: String) -> Bool {
        text.count > 3 && text.lowercased().hasPrefix("sb") && text.dropFirst(2).allSatisfy(\.isNumber)
    }

    /// The words of a remark, with their bytes; commas and colons end a word.
    private struct Words {
        let bytes: [UInt8]
        let offset: Int
        var at = 0

        init(_ remark: YAMLRemark) {
            bytes = Array(remark.text.utf8)
            offset = remark.byteRange.lowerBound
        }

        mutating func next() -> (text: String, range: Range<Int>, endsInComma: Bool)? {
            while at < bytes.count, bytes[at] == 0x20 || bytes[at] == 0x09 { at += 1 }
            let start = at
            while at < bytes.count, !Self.ends(bytes[at]) { at += 1 }
            guard at > start else { return nil }
            let range = offset + start..<offset + at
            let text = String(decoding: bytes[start..<at], as: UTF8.self)
            while at < bytes.count, bytes[at] == 0x20 || bytes[at] == 0x09 { at += 1 }
            let isComma = at < bytes.count && bytes[at] == UInt8(ascii: ",")
            if at < bytes.count, isComma || bytes[at] == UInt8(ascii: ":") { at += 1 }
            return (text, range, isComma)
        }

        /// What has not been read, without dashes before it.
        var rest: String {
            let text = String(decoding: bytes[min(at, bytes.count)...], as: UTF8.self)
            return String(text.drop { $0 == " " || $0 == "\t" || $0 == "-" || $0 == "–" || $0 == "—" })
        }

        private static func ends(_ byte: UInt8) -> Bool {
            byte == 0x20 || byte == 0x09 || byte == UInt8(ascii: ",") || byte == UInt8(ascii: ":")
        }
    }
}
