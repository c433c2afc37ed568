import Foundation
import PluginKit
import WorkflowModel

/// When a window is, read from an action's input and judged.
struct WindowTimes {
    /// The longest window.
    static let longest = Duration.seconds(90 * 86_400)

    let start: Timestamp
    let end: Timestamp

    /// The times of `input`: `starts_at` with `ends_at` or `duration`.
    ///
    /// - Throws: ``Failure``: `invalid_input`, `invalid_times`.
    init(_ input: ActionInput) throws(Failure) {
        guard let start = try input.optionalTimestamp("starts_at") else {
            throw .invalidInput("starts_at is missing")
        }
        let end: Timestamp
        switch (try input.optionalTimestamp("ends_at"), try input.optionalDuration("duration")) {
        case (let given?, nil): end = given
        case (nil, let duration?): end = start + duration
        case (nil, nil): throw .invalidInput("ends_at or duration is missing")
        case (_?, _?): throw .invalidInput("ends_at and duration are both given; write one of them")
        }
        guard start < end else {
            throw .permanent(
                "invalid_times", "the window must end after it begins; it begins \(start.rfc3339), ends \(end.rfc3339)")
        }
        guard end - start <= Self.longest else {
            throw .permanent(
                "invalid_times",
                "a window of \(DurationText.forPeople(end - start)) is too long; the longest is 90 days")
        }
        self.start = start
        self.end = end
    }

    /// Refuses a zone that does not exist.
    ///
    /// - Throws: ``Failure`` `unknown_zone`, with the name that was probably meant.
    static func requireZone(_ name: String) throws(Failure) {
        guard TimeZone(identifier: name) == nil else { return }
        let near = Similarity.nearest(to: name, among: TimeZone.knownTimeZoneIdentifiers)
        throw .permanent(
            "unknown_zone",
            "there is no time zone \(name)\(near.map { "; did you mean \($0)?" } ?? "; write Europe/Berlin")")
    }
}
