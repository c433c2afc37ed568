public import Expressions
public import WorkflowModel

/// The gates of a playbook with their keys planned.
public struct GateKeys: Sendable {
    /// A gate that has a key.
    public enum Gate: Sendable, Hashable {
        case repeats, throttle, concurrency
    }

    /// Why an event has no key: a code and a sentence with the place.
    public struct Failure: Error, Sendable, Hashable {
        /// The code, such as `no_such_field`.
        public var code: String
        /// The sentence.
        public var detail: String
    }

    /// The longest key, in bytes.
    public static let longest = 1000

    private let programs: [Gate: (program: Program, text: ExpressionText)]

    /// Plans the keys of `gates`.
    ///
    /// - Throws: ``CompiledCondition/Unplannable`` for the first expression with a mistake.
    public init(_ gates: PlaybookGates) throws(CompiledCondition.Unplannable) {
        var programs: [Gate: (program: Program, text: ExpressionText)] = [:]
        for (gate, key) in [
            (Gate.repeats, gates.repeats?.key), (.throttle, gates.throttle?.key),
            (.concurrency, gates.concurrency?.key),
        ] {
            guard let key else { continue }
            do throws(ExpressionError) {
                programs[gate] = (try Program(parsing: key.text), key)
            } catch {
                throw CompiledCondition.Unplannable(place: key.place, error: error)
            }
        }
        self.programs = programs
    }

    /// The key of what `scope` shows at a gate; without an expression the subject, and "" when there is none. Null is a key like any
    /// other.
    ///
    /// - Throws: ``Failure`` when it has no value, or one that is no key.
    public func key(at gate: Gate, in scope: some Scope, subject: String?) throws(Failure) -> String {
        guard let (program, text) = programs[gate] else { return subject ?? "" }
        let value: Value
        do throws(EvaluationError) {
            value = try program.evaluate(scope)
        } catch {
            throw Failure(
                code: error.code.rawValue, detail: "\(text.place): the key \(text.text) has no value: \(error.message)")
        }
        let key: String
        switch value {
        case .string(let plain): key = plain
        case .null, .bool, .int, .uint, .double, .timestamp, .duration, .list, .map:
            key = JSONWriter.text(value)
        default:
            throw Failure(
                code: "bad_key",
                detail: "\(text.place): the key \(text.text) is \(value.kindForPeople); a text was expected")
        }
        guard key.utf8.count <= GateKeys.longest else {
            throw Failure(
                code: "bad_key",
                detail:
                    "\(text.place): the key \(text.text) has \(key.utf8.count) bytes, at most \(GateKeys.longest) are taken"
            )
        }
        return key
    }

    /// A key as messages name it.
    public static func name(_ key: String) -> String { key.isEmpty ? "this playbook" : key }
}
