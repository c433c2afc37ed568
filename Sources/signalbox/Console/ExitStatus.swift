/// What the process says to its caller in the end. Thrown as an error it ends a command that has said all there is to say.
enum ExitStatus: Int32, Error {
    /// All is well.
    case well = 0
    /// The thing itself failed: a check found mistakes, a run failed.
    case failed = 1
    /// The command was not used as it can be.
    case usage = 2
    /// The environment does not allow it: no workspace, no rights, no space, another executor.
    case environment = 3
}

/// Why a command ends without having done its work, for the person who typed it.
struct CommandFailure: Error {
    var status: ExitStatus
    /// What happened.
    var message: String
    /// What to do, if that is known.
    var help: String?

    init(_ status: ExitStatus, _ message: String, help: String? = nil) {
        self.status = status
        self.message = message
        self.help = help
    }
}
