import PluginKit
import WorkflowModel

/// What may go into an action, and what may come out of it.
struct ActionCheck {
    /// The code of an output that is larger than may be kept.
    static let tooLarge = "output_too_large"

    private let entry: PluginRegistry.Entry
    /// The most bytes of inputs and of an output.
    private let limit: Int

    init(_ entry: PluginRegistry.Entry, _ limit: Int) {
        self.entry = entry
        self.limit = limit
    }

    /// `values` as the action declares its inputs: typed, and with its defaults.
    ///
    /// - Throws: ``Failure`` `invalid_input`, with all that does not fit.
    func input(_ values: Value) throws(Failure) -> Value {
        let bound = entry.manifest.input.bound(values)
        let violations = entry.manifest.input.violations(of: bound)
        guard violations.isEmpty else {
            throw .invalidInput("\(entry.fullName): " + violations.map(\.description).joined(separator: "; "))
        }
        guard !ValueSize.exceeds(limit, bound) else {
            throw .invalidInput("the inputs of \(entry.fullName) are larger than \(limit) bytes")
        }
        return bound
    }

    /// `output` as the action declares it.
    ///
    /// - Throws: ``Failure`` `output_too_large` or `bad_output`.
    func output(_ output: Value) throws(Failure) -> Value {
        guard !ValueSize.exceeds(limit, output) else {
            throw Failure(
                code: ActionCheck.tooLarge, message: "the output of \(entry.fullName) is larger than \(limit) bytes")
        }
        let bound = entry.manifest.output.bound(output)
        let violations = entry.manifest.output.violations(of: bound)
        guard violations.isEmpty else {
            throw Failure(
                code: "bad_output",
                message: "the output of \(entry.fullName) is not as its plugin declares: "
                    + violations.map(\.description).joined(separator: "; "))
        }
        return bound
    }
}

/// How large a value is, roughly as many bytes as it is stored in.
enum ValueSize {
    /// Whether `value` is larger than `limit` bytes. Looks at no more than it must.
    static func exceeds(_ limit: Int, _ value: Value) -> Bool {
        var left = limit
        count(value, &left)
        return left < 0
    }

    private static func count(_ value: Value, _ left: inout Int) {
        guard left >= 0 else { return }
        switch value {
        case .string(let text): left -= text.utf8.count + 2
        case .bytes(let bytes): left -= bytes.count / 3 * 4 + 12
        case .list(let items): for item in items { count(item, &left) }
        case .map(let map):
            for entry in map {
                left -= (entry.key.string?.utf8.count ?? 8) + 4
                count(entry.value, &left)
            }
        case .secret(let secret): left -= secret.redacted.utf8.count + 16
        default: left -= 8
        }
    }
}
