import ArgumentParser
import Foundation

/// Parses the command line, runs the command, and turns whatever comes of it into an exit status.
@main
enum Main {
    static func main() async {
        let status = await run(Array(CommandLine.arguments.dropFirst()))
        fflush(nil)
        exit(status.rawValue)
    }

    private static func run(_ arguments: [String]) async -> ExitStatus {
        do {
            var command = try SignalboxCommand.parseAsRoot(arguments)
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
            return .well
        } catch let status as ExitStatus {
            return status
        } catch {
            if let failure = Executor.readable(error) as? CommandFailure {
                Console.complain(failure.message, help: failure.help)
                return failure.status
            }
            // Help and version are "errors" to the parser; their text belongs on standard output.
            let message = SignalboxCommand.fullMessage(for: error)
            if SignalboxCommand.exitCode(for: error).isSuccess {
                if !message.isEmpty { Console.standardOutput(message + "\n") }
                return .well
            }
            Console.standardError(message + "\n")
            return .usage
        }
    }
}
