import Foundation

/// Measures business time by asking, minute by minute, what the wall clock of a zone shows. It knows nothing of how the plugin computes;
/// slow, and easy to believe.
///
/// All instants are whole minutes. How far the wall clock is ahead of UTC comes from Foundation. Hours must not begin or end in a time that the
/// zone's clocks show twice; those are tested with the calendars.
struct MinuteWalker {
    /// Minutes after local midnight, Monday first.
    let week: [[Range<Int>]]
    /// Local days that are closed, counted from 1970-01-01.
    let holidays: Set<Int64>
    private let zone: TimeZone
    private var block: Int64 = -1
    private var ahead: Int64 = 0

    init(zone: String, week: [[Range<Int>]], holidays: Set<Int64>) {
        self.zone = TimeZone(identifier: zone) ?? .gmt
        self.week = week
        self.holidays = holidays
    }

    /// Whether it is open in the minute that begins `minute` minutes after 1970.
    mutating func isOpen(_ minute: Int64) -> Bool {
        // Clocks change on half hours only.
        if minute / 30 != block {
            block = minute / 30
            ahead = Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(minute) * 60)) / 60)
        }
        let shown = minute + ahead
        let day = shown / 1440
        if holidays.contains(day) { return false }
        // 1970-01-01 was a Thursday.
        return week[Int((day + 3) % 7)].contains { $0.contains(Int(shown % 1440)) }
    }
}

/// Numbers that are the same in every run, by SplitMix64.
struct SeededNumbers {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }

    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

    mutating func pick<Element>(_ list: [Element]) -> Element { list[below(list.count)] }

    mutating func isTrue(_ percent: Int) -> Bool { below(100) < percent }
}
