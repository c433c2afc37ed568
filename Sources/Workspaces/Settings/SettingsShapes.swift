import Access
import Playbooks
public import Shapes
import WorkflowModel

/// The keys of `signalbox.yaml`, place by place: the one table behind its reader, the schema for editors and the reference.
public enum SettingsShapes {
    /// The places of `signalbox.yaml`; those of `hooks` are the plugin host's.
    public static let shapes = [
        settings, channel, secret, defaults, retention, limits, runsPerSubject, server, serverLimits, rate,
    ]

    static let settings = Shape(
        "settings", title: "signalbox.yaml", summary: "The settings of a workspace.",
        keys: [
            ShapeKey("name", .text, "The workspace's name, for people.", standard: "the folder's name"),
            ShapeKey(
                "zone", .plain(example: "Europe/Berlin"),
                "The time zone, an IANA name: for people, calendars and schedules that name none of their own.",
                isRequired: true),
            ShapeKey(
                "channels", .map(.either([.shape("channel"), .nothing]), pattern: nil),
                "Where messages go: names of channels with their settings.", allowsNothing: true),
            ShapeKey(
                "secrets", .map(.shape("secret"), pattern: "^[A-Za-z][A-Za-z0-9_]{0,63}$"),
                "Where secrets are found; they are never written here. Used as `=secrets.NAME`.", allowsNothing: true),
            ShapeKey("plugins", .named(.plugin), "The settings of plugins, by name.", allowsNothing: true),
            ShapeKey(
                "defaults", .shape("defaults"), "What counts for playbooks that say nothing themselves.",
                allowsNothing: true),
            ShapeKey("retention", .shape("retention"), "How long things are kept.", allowsNothing: true),
            ShapeKey("limits", .shape("limits"), "How much there may be of anything.", allowsNothing: true),
            ShapeKey("server", .shape("server"), "How `signalbox serve` listens.", allowsNothing: true),
            ShapeKey(
                "hooks", .map(.shape("hook"), pattern: "^[a-z][a-z0-9_-]{0,63}$"),
                "Addresses at which other systems deliver events; the name is the end of the address.",
                allowsNothing: true),
        ])

    /// The kinds of channels, each with the settings that it needs.
    static let channelKinds: [(name: String, needs: [String], meaning: String)] = [
        ("outbox", [], "a folder: nothing leaves the machine"), ("email", ["host", "from"], "mail over SMTP"),
        ("chat", ["url"], "a chat's incoming webhook"), ("webhook", ["url", "secret"], "a signed HTTP request"),
    ]

    static let channel = Shape(
        "channel", title: "a channel", summary: "Where messages go, and how.",
        keys: [
            ShapeKey(
                "by", .word(channelKinds.map { ShapeWord($0.name, $0.meaning) }), "The kind of channel.",
                standard: "the kind that the channel is named for")
        ], rules: [.open])

    static let secret = Shape(
        "secret", title: "a secret", summary: "Where a secret is found.",
        keys: [
            ShapeKey("env", .message, "The name of an environment variable."),
            ShapeKey("file", .message, "The path of a file."),
            ShapeKey(
                "command", .list(.scalar, atLeast: 1), "A program and its arguments, which prints the secret."),
        ], rules: [.single])

    static let defaults = Shape(
        "defaults", title: "`defaults`", summary: "What counts for playbooks that say nothing themselves.",
        keys: PlaybookDefaults.keys)

    static let retention = Shape(
        "retention", title: "`retention`", summary: "How long things are kept.",
        keys: [
            ShapeKey("runs", .duration, "Runs that have ended, with their journals.", standard: "90d"),
            ShapeKey("events", .duration, "Events.", standard: "365d"),
        ])

    /// The greatest limit of bytes and entries.
    static let greatestLimit = 1 << 30

    static let limits = Shape(
        "limits", title: "`limits`", summary: "How much there may be of anything.",
        keys: [
            ShapeKey("event_bytes", .count(1...greatestLimit), "Bytes of an event.", standard: "1048576"),
            ShapeKey("output_bytes", .count(1...greatestLimit), "Bytes of what a step gives.", standard: "1048576"),
            ShapeKey("run_time", .duration, "How long a run may take.", standard: "30d"),
            ShapeKey(
                "journal_entries", .count(1...greatestLimit), "Entries of a run's journal.", standard: "100000"),
            ShapeKey(
                "breaker", .either([.word([ShapeWord("off", "no playbook stops by itself")]), .shape("breaker")]),
                "When playbooks that say nothing themselves are stopped because something is wrong with them."),
            ShapeKey(
                "runs_per_subject",
                .either([.word([ShapeWord("off", "no limit")]), .shape("runs_per_subject"), .nothing]),
                "How often a playbook may begin for one subject before it is taken for a loop.",
                standard: "200 runs in 10m"),
        ])

    static let runsPerSubject = Shape(
        "runs_per_subject", title: "`runs_per_subject`", summary: "How often a playbook may begin for one subject.",
        keys: [
            ShapeKey("runs", .count(1...100_000), "How many runs.", standard: "200"),
            ShapeKey("per", .duration, "In which span of time.", standard: "10m"),
        ])

    static let server = Shape(
        "server", title: "`server`", summary: "How `signalbox serve` listens.",
        keys: [
            ShapeKey(
                "listen", .plain(example: "127.0.0.1:8420"),
                "An address and a port, or `off`. `0.0.0.0:8420` listens on every address of the machine.",
                standard: "127.0.0.1:8420"),
            ShapeKey(
                "trusted_proxies", .list(.plain(example: "10.0.0.0/8"), atLeast: 0),
                "Addresses or ranges of proxies whose word about the caller's address is believed; at most 100."),
            ShapeKey(
                "proxy_field", .word(ShapeWord.all(of: ProxyField.self)),
                "The header in which a trusted proxy names the caller."),
            ShapeKey("limits", .shape("server_limits"), "How much the server takes on.", allowsNothing: true),
        ])

    /// The counts of `server: limits:`.
    static let counts: [(key: String, range: ClosedRange<Int>, summary: String)] = [
        ("body_bytes", 1024...1 << 30, "Bytes of a request's body."),
        ("events_per_request", 1...10_000, "Events in one request."),
        ("header_bytes", 1024...1 << 20, "Bytes of a request's headers."),
        ("header_fields", 10...1000, "Headers of a request."),
        ("connections", 10...1_000_000, "Connections at the same time."),
    ]
    /// The times of `server: limits:`, at most an hour.
    static let times: [(key: String, summary: String)] = [
        ("head_time", "For a request's headers."), ("body_time", "For a request's body."),
        ("idle_time", "Between requests of a connection."), ("request_time", "For the answer to a request."),
        ("stop_time", "For requests under way when the server stops."),
    ]
    /// The rates of `server: limits:`.
    static let rates: [(key: String, summary: String)] = [
        ("per_token", "Requests with a token."), ("events_per_token", "Requests that bring events, with a token."),
        ("per_address", "Requests from an address."),
        ("failures_per_address", "Requests from an address that were refused."),
    ]

    static let serverLimits = Shape(
        "server_limits", title: "`limits` of `server`", summary: "How much the server takes on.",
        keys: counts.map { ShapeKey($0.key, .count($0.range), $0.summary) }
            + times.map { ShapeKey($0.key, .duration, $0.summary + " At most 1h.") }
            + rates.map { ShapeKey($0.key, .shape("rate"), $0.summary, allowsNothing: true) })

    static let rate = Shape(
        "rate", title: "a rate", summary: "How many requests there may be in a span of time.",
        keys: [
            ShapeKey("requests", .count(1...1_000_000), "How many requests."),
            ShapeKey("per", .duration, "In which span of time, from 1s to 1d."),
            ShapeKey("burst", .count(1...1_000_000), "How many at once.", standard: "as many as `requests`"),
        ])
}
