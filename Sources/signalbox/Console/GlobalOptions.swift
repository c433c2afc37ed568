import ArgumentParser

/// What every command takes.
struct OutputOptions: ParsableArguments {
    @Option(help: "Print for people (text) or for programs (json).")
    var format: Console.Format = .text

    var console: Console { Console(format: format) }
}

/// Where the workspace is, for the commands that need one.
struct WorkspaceOptions: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("The folder with signalbox.yaml.", valueName: "dir"))
    var workspace: String = "."

    @Option(
        name: .long,
        help: ArgumentHelp(
            "The folder for the database and the outbox; .signalbox in the workspace if not given.", valueName: "dir"))
    var stateDir: String?

    /// The folder of the database, the outbox and the lock.
    var stateFolder: String { stateDir ?? (workspace == "." ? ".signalbox" : "\(workspace)/.signalbox") }
}
