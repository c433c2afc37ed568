public import WorkflowModel

/// What is wrong with a template, or with the values it was given, and where.
public struct TemplateError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The place in the template's file.
    public let place: SourcePlace
    /// What is wrong and what to write instead.
    public let message: String

    /// Makes an error.
    public init(place: SourcePlace, message: String) {
        self.place = place
        self.message = message
    }

    /// `file:line:column: message`.
    public var description: String { "\(place): \(message)" }
}
