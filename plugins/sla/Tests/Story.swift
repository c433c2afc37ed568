import Calendars
import PluginKit
import Testing
import WorkflowModel
import Workspaces
import YAML

@testable import SLAPlugin

/// A ticket's history told in one week: `mon 09:00` is Monday, 2026-11-23 09:00 UTC, `mon2 09:00` a week later.
struct Story {
    static let monday = Timestamp(seconds: 1_795_392_000)

    /// Monday to Friday, nine to five, in UTC.
    static let office: Value = [
        "tz": "UTC",
        "weekly": [
            "mon": [["09:00", "17:00"]], "tue": [["09:00", "17:00"]], "wed": [["09:00", "17:00"]],
            "thu": [["09:00", "17:00"]], "fri": [["09:00", "17:00"]],
        ],
    ]

    var policies: PolicySet
    var history: [Happening] = []
    var known = ValueMap()
    let reading = EventReading(directory: Directory(zone: "UTC"))

    /// - Parameter text: the policies, as in `sla.yaml`.
    init(_ text: String, calendars: [String: Value] = ["office": Story.office]) throws {
        policies = try PolicySet(try Story.table(text, calendars: calendars))
    }

    /// The table of a file that must be well.
    static func table(_ text: String, calendars: [String: Value] = ["office": Story.office]) throws -> PolicyTable {
        let known = try calendars.map {
            ($0.key, WorkspaceCalendar(id: $0.key, business: try BusinessCalendar($0.value)))
        }
        let (read, diagnostics) = PolicyFile.read(
            SourceFile(path: "sla.yaml", text: text), calendars: Dictionary(uniqueKeysWithValues: known))
        let errors = diagnostics.filter { $0.severity == .error }
        guard errors.isEmpty, let read else {
            throw Failure(code: "bad_file", message: errors.map { "\($0)" }.joined(separator: "\n"))
        }
        return PolicyTable(version: read.version, content: read.content)
    }

    /// `mon 09:00`, `tue2 17:30:15`.
    static func time(_ text: String) -> Timestamp {
        if let instant = Timestamp(rfc3339: text) { return instant }
        let words = text.split(separator: " ")
        let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
        let day = Int64(days.firstIndex(of: String(words[0].prefix(3))) ?? 0)
        let week = Int64(words[0].dropFirst(3)) ?? 1
        let clock = words[1].split(separator: ":").map { Int64($0) ?? 0 }
        let seconds = clock[0] * 3600 + clock[1] * 60 + (clock.count > 2 ? clock[2] : 0)
        return Story.monday + .seconds(((week - 1) * 7 + day) * 86_400 + seconds)
    }

    /// The other way round, for messages of tests.
    static func text(_ instant: Timestamp?) -> String {
        guard let instant else { return "-" }
        let seconds = (instant - monday).components.seconds
        let day = seconds.flooredDivision(86_400)
        let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
        let week = day.flooredDivision(7)
        let rest = seconds - day * 86_400
        func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let clock = "\(two(rest / 3600)):\(two(rest / 60 % 60))" + (rest % 60 == 0 ? "" : ":\(two(rest % 60))")
        return "\(days[Int(day - week * 7)])\(week == 0 ? "" : "\(week + 1)") \(clock)"
    }

    /// Takes in an event of type `ticket.TYPE`.
    mutating func on(_ time: String, _ type: String, _ ticket: ValueMap = [:], _ data: ValueMap = [:]) {
        let at = Story.time(time)
        let event = Event(
            id: "e\(history.count)", source: "test", type: "ticket.\(type)", subject: "ticket:1", time: at,
            data: (["ticket": .map((["id": "1"] as ValueMap).merging(ticket))] as ValueMap).merging(data))
        let found = reading.happenings(
            event, now: at, known: known, sequence: Int64(history.count * 10), version: policies.version)
        for happening in found { known = Timeline.fields(known, after: happening) }
        history += found
    }

    /// A message.
    mutating func message(_ time: String, by: String, public isPublic: Bool = true, _ more: ValueMap = [:]) {
        on(
            time, "commented", [:],
            ["comment": .map((["by": .string(by), "public": .bool(isPublic)] as ValueMap).merging(more))])
    }

    /// Something that is no event of the ticket.
    mutating func happens(_ time: String, _ kind: Happening.Kind, _ detail: ValueMap = [:], fields: ValueMap = [:]) {
        history.append(
            Happening(
                at: Story.time(time), sequence: Int64(history.count * 10), kind: kind, fields: fields, detail: detail,
                version: policies.version))
    }

    /// The clocks at a time.
    func book(_ time: String, others: [PolicySet] = []) -> ClockBook {
        let sets = Dictionary(([policies] + others).map { ($0.version, $0) }, uniquingKeysWith: { $1 })
        let current = policies
        return ClockComputation { version in version.map { sets[$0] } ?? current }
            .clocks(of: history, at: Story.time(time))
    }

    /// The clock of a key, `first_reply/1`.
    func clock(_ key: String, _ time: String) throws -> Clock {
        try #require(book(time).clocks.first { $0.key == key }, "there is no clock \(key)")
    }
}

extension Int64 {
    func flooredDivision(_ divisor: Int64) -> Int64 {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }
}

extension Clock {
    /// What tests compare: state, elapsed, due.
    var told: String {
        "\(state.rawValue)\(isBreached ? "!" : "") \(DurationText.forPeople(elapsed)) due \(Story.text(due))"
    }

    /// The thresholds with their instants; those that nobody hears of in brackets.
    var fired: [String] {
        firings.map { firing in
            let text = "\(firing.threshold.label) \(Story.text(firing.at))\(firing.cause.map { " \($0)" } ?? "")"
            return firing.isSkipped || firing.isQuiet ? "(\(text))" : text
        }
    }
}
