import ArgumentParser
import Logging
import RESTInterface
import WorkflowEngine
import WorkflowModel
import Workspaces

/// `signalbox serve`: the executor that stays.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Execute until told to stop: runs, timers, and what other commands ask for.",
        discussion: """
            One process executes on a state folder. It goes on with what an earlier one left, fires timers when they are due, and acts \
            for `emit`, `run`, `runs cancel`, `runs resolve`, `runs resume` and `ack` of other processes. It takes events in over HTTP \
            (POST /events) at the address of `server: { listen: … }` in signalbox.yaml, 127.0.0.1:8420 when that says nothing. SIGTERM \
            and SIGINT stop it: no more connections are taken, requests and attempts under way have 10 seconds to end, and runs stay \
            where they are.
            """)

    /// `--log-level`.
    enum Level: String, ExpressibleByArgument, CaseIterable {
        case trace, debug, info, notice, warning, error

        var level: Logger.Level { Logger.Level(rawValue: rawValue) ?? .info }
    }

    @Option(help: "The least severe lines to write: trace, debug, info, notice, warning or error.")
    var logLevel: Level = .info

    @Option(help: "Log lines for people (text) or for programs (json), on standard error.")
    var logFormat: LineLog.Format = .text

    @Option(
        help: ArgumentHelp(
            "Write metrics in Prometheus' text format to this file, anew every 15 seconds.", valueName: "file"))
    var metricsFile: String?

    /// `--clock`.
    enum Clock: String, ExpressibleByArgument, CaseIterable { case system, replay }

    @Option(
        help: """
            Whose time it is: that of this machine (system), or that of the events that come in (replay). A replay needs a state folder of             its own: before each event the timers up to its time fire in their order, and what they lead to comes to rest.
            """)
    var clock: Clock = .system

    @Option(
        help: ArgumentHelp(
            "Listen there instead: host:port, or off. Port 0 takes a free one; the log and STATE/server.json say which.",
            valueName: "address"))
    var listen: String?

    @Flag(
        help: "Read the workspace anew only on SIGHUP and `signalbox reload`, not whenever its files have changed.")
    var noWatch = false

    @OptionGroup var place: WorkspaceOptions

    func validate() throws {
        if let listen, listen != "off", ListenAddress(listen) == nil {
            throw ValidationError("--listen must be an address and a port such as 127.0.0.1:8420, or off.")
        }
    }

    func run() async throws {
        let asRead = FileFingerprint.of(place.workspace, excluding: place.stateFolder)
        let open = try OpenWorkspace.loadForWork(place.workspace)
        let log = LineLog.logger(logFormat, logLevel.level)
        let progress = ProgressLog(log: log)
        let registry = Serving.registry()
        let metrics = try metricsFile.map { try MetricsFile(path: $0, registry: registry) }
        var settings = open.workspace.settings.server
        if let listen { settings.address = ListenAddress(listen) }
        let state = StateFolder(place.stateFolder)
        let feed = ChangeFeed(start: WallClock.now())
        let reloads = ReloadDesk()
        let executor = try await Executor.open(
            open, state, command: "serve", log: log, metrics: registry,
            replays: clock == .replay, reloads: reloads,
            progress: {
                progress.note($0)
                feed.note($0)
            })
        let reloader = WorkspaceReloader(
            place.workspace, open, asRead: asRead, executor, metrics: executor.metrics,
            watchingBeside: noWatch ? nil : place.stateFolder, log: log)
        reloads.open(reloader)
        let serving = Serving(
            settings: settings, workspace: open, state: state, log: log, registry: registry, feed: feed)
        try await executor.serve(log, open.retention, metrics, serving, reloader) { recovered in
            log.notice(
                "serving",
                metadata: [
                    "workspace": "\(open.workspace.settings.name)", "playbooks": "\(open.playbooks.count)",
                    "version": "\(Version.text)", "recovered": "\(recovered)",
                ])
        }
    }
}

extension LineLog.Format: ExpressibleByArgument {}
