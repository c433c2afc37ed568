import NIOCore

/// What a connection is at, and until when it may be.
struct ConnectionWatch {
    /// How long each thing may take.
    struct Times {
        var head = TimeAmount.seconds(10)
        var body = TimeAmount.seconds(30)
        var answer = TimeAmount.seconds(60)
        var silence = TimeAmount.seconds(75)
    }

    /// What takes too long.
    enum Reason {
        case head, body, answer, silence
    }

    private enum Reading {
        case nothing
        case head(since: NIODeadline)
        case body(since: NIODeadline)
    }

    private let times: Times
    private var reading: Reading
    private var silentSince: NIODeadline
    private var answeringSince: NIODeadline?
    /// Whether nothing has ever come on it.
    private var isFresh = true
    /// Requests whose head has come and whose answer has not ended.
    private(set) var open = 0

    /// A connection that has just been made; its first byte is waited for no longer than a head.
    init(times: Times = Times(), now: NIODeadline = .now()) {
        self.times = times
        reading = .nothing
        silentSince = now
    }

    /// Whether nothing is under way that anybody waits for.
    var isSilent: Bool { open == 0 }

    mutating func bytesCame(now: NIODeadline) {
        isFresh = false
        if case .nothing = reading { reading = .head(since: now) }
    }

    mutating func headCame(now: NIODeadline) {
        open += 1
        reading = .body(since: now)
    }

    mutating func endCame(now: NIODeadline) {
        reading = .nothing
        if answeringSince == nil { answeringSince = now }
    }

    mutating func answerBegan() { answeringSince = nil }

    mutating func answerEnded(now: NIODeadline) {
        open = max(0, open - 1)
        if open > 0, case .nothing = reading { answeringSince = now } else { answeringSince = nil }
        silentSince = now
    }

    /// When the patience with it ends, and why; nil while an answer is being sent.
    var due: (at: NIODeadline, reason: Reason)? {
        if let answeringSince { return (answeringSince + times.answer, .answer) }
        switch reading {
        case .head(let since): return (since + times.head, .head)
        case .body(let since): return (since + times.body, .body)
        case .nothing:
            return open == 0
                ? (silentSince + (isFresh ? min(times.head, times.silence) : times.silence), .silence) : nil
        }
    }
}
