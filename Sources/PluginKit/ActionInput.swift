public import WorkflowModel

/// An action's validated input with typed access. What is wrong with an input is a permanent failure `invalid_input`.
public struct ActionInput: Sendable, Hashable {
    /// All inputs.
    public let values: ValueMap

    /// The inputs `values`, already validated against the action's schema and filled with its defaults.
    public init(_ values: ValueMap) { self.values = values }

    /// The input `name`; nil when it is not given or null.
    public subscript(name: String) -> Value? {
        guard let value = values[name], !value.isNull else { return nil }
        return value
    }

    /// The text of `name`.
    ///
    /// - Throws: ``Failure`` when it is missing or no plain text.
    public func text(_ name: String) throws(Failure) -> String {
        guard let text = try optionalText(name) else { throw .invalidInput("\(name) is missing") }
        return text
    }

    /// The text of `name`, or nil when it is not given.
    ///
    /// - Throws: ``Failure`` when it is no plain text.
    public func optionalText(_ name: String) throws(Failure) -> String? {
        guard let value = self[name] else { return nil }
        switch value {
        case .string(let text): return text
        case .timestamp(let instant): return instant.rfc3339
        case .duration(let duration): return DurationText.seconds(duration)
        case .secret: throw .invalidInput("\(name) must not hold a secret")
        default: throw .invalidInput("\(name) must be text, is \(value.kindForPeople)")
        }
    }

    /// The whole number of `name`, or nil when it is not given.
    public func optionalInt(_ name: String) throws(Failure) -> Int? {
        guard let value = self[name] else { return nil }
        guard let number = value.int else {
            throw .invalidInput("\(name) must be a whole number, is \(value.kindForPeople)")
        }
        return Int(number)
    }

    /// The truth value of `name`; false when it is not given.
    public func flag(_ name: String) throws(Failure) -> Bool {
        guard let value = self[name] else { return false }
        guard let flag = value.bool else {
            throw .invalidInput("\(name) must be true or false, is \(value.kindForPeople)")
        }
        return flag
    }

    /// The texts of `name`, one text standing for a list of one; empty when it is not given.
    public func texts(_ name: String) throws(Failure) -> [String] {
        guard let value = self[name] else { return [] }
        if let text = value.string { return [text] }
        guard let list = value.list else {
            throw .invalidInput("\(name) must be a list of texts, is \(value.kindForPeople)")
        }
        var texts: [String] = []
        for item in list {
            guard let text = item.string else {
                throw .invalidInput("\(name) must be a list of texts; one element is \(item.kindForPeople)")
            }
            texts.append(text)
        }
        return texts
    }

    /// The instant of `name`, or nil when it is not given.
    public func optionalTimestamp(_ name: String) throws(Failure) -> Timestamp? {
        guard let value = self[name] else { return nil }
        guard let instant = value.timestamp else {
            throw .invalidInput("\(name) must be a time such as 2026-11-22T08:00:00Z")
        }
        return instant
    }

    /// The duration of `name`, or nil when it is not given.
    public func optionalDuration(_ name: String) throws(Failure) -> Duration? {
        guard let value = self[name] else { return nil }
        guard let duration = value.duration else { throw .invalidInput("\(name) must be a duration such as 15m") }
        return duration
    }
}

extension Failure {
    /// A permanent failure by what the playbook gave to the action.
    public static func invalidInput(_ message: String) -> Failure { Failure(code: "invalid_input", message: message) }

    /// A permanent failure with a code of the action's own.
    public static func permanent(_ code: String, _ message: String) -> Failure { Failure(code: code, message: message) }

    /// A failure that may pass.
    public static func transient(_ code: String, _ message: String) -> Failure {
        Failure(code: code, message: message, kind: .transient)
    }
}
