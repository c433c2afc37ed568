import ArgumentParser
import Logging
import WorkflowEngine
import WorkflowModel
import Workspaces

/// `signalbox serve`: the executor that stays.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Execute until told to stop: runs, timers, and what other commands ask for.",
        discussion: """
            One process executes on a state folder. It goes on with what an earlier one left, fires timers when they are due, and acts \
            for `emit`, `run`, `runs cancel`, `runs resolve`, `runs resume` and `ack` of other processes. SIGTERM and SIGINT stop it: \
            attempts under way have 10 seconds to end, and runs stay where they are.
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

    @OptionGroup var place: WorkspaceOptions

    func run() async throws {
        let open = try OpenWorkspace.loadForWork(place.workspace)
        let log = LineLog.logger(logFormat, logLevel.level)
        let progress = ProgressLog(log: log)
        let metrics = try metricsFile.map(MetricsFile.init)
        let executor = try await Executor.open(
            open, StateFolder(place.stateFolder), command: "serve", log: log, metrics: metrics?.registry,
            replays: clock == .replay, progress: { progress.note($0) })
        try await executor.serve(log, open.retention, metrics) { recovered in
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
