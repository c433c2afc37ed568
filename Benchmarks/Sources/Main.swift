import Foundation
import WorkflowModel

/// The workloads of `Benchmarks/README.md`: one JSON line a result.
@main
enum Main {
    static func main() async {
        let arguments = Array(CommandLine.arguments.dropFirst())
        func number(_ position: Int, _ fallback: Int) -> Int {
            position < arguments.count ? Int(arguments[position]) ?? fallback : fallback
        }
        func text(_ position: Int) -> String? { position < arguments.count ? arguments[position] : nil }
        do {
            switch arguments.first {
            case "golden": Golden.run()
            case "w3":
                try MatchingWorkload.run(
                    rules: number(1, 10_000), events: number(2, 5000),
                    mode: text(3) ?? "sparse")
            case "w4": try ExpressionWorkload.run(evaluations: number(1, 100_000))
            case "w5": try YAMLWorkload.run(files: number(1, 1000), rounds: number(2, 3))
            case "w1":
                try ColdStartWorkload.run(warm: text(1) == "warm", rounds: number(2, 5))
            case "w1-child" where arguments.count == 4:
                try await ColdStartWorkload.child(
                    playbook: arguments[1], event: arguments[2], database: arguments[3])
            case "medians" where arguments.count == 2: try Medians.report(ofFileAt: arguments[1])
            case "w2" where text(1) == "write":
                try await DurableWritesWorkload.run(
                    runs: number(2, 4000), inFlight: number(3, 1000), rounds: number(4, 3))
            case "w7" where text(1) == "waiting": try await WaitingWorkload.run(runs: number(2, 100_000))
            case "w7-child" where arguments.count == 3:
                try await WaitingWorkload.child(folder: arguments[1], report: arguments[2])
            case "w7" where text(1) == "timers":
                try await TimersWorkload.run(runs: number(2, 10_000), rounds: number(3, 3))
            case "w7" where text(1) == "latency":
                try await LatencyWorkload.run(rate: number(2, 500), seconds: number(3, 10))
            case "w6":
                try await IngestionWorkload.run(
                    IngestionWorkload.Plan(
                        rate: number(1, 5000), seconds: number(2, 60), playbooks: number(3, 100),
                        connections: number(4, 64), keepingMinutes: number(5, 60)))
            case "w2":
                guard let mode = ThroughputWorkload.Mode(rawValue: text(1) ?? "seq") else { refuse() }
                try await ThroughputWorkload.run(mode, runs: number(2, 2000))
            case "check":
                try CheckWorkload.run(playbooks: number(1, 1000), rounds: number(2, 3), root: text(3) ?? ".")
            default: refuse()
            }
        } catch {
            FileHandle.standardError.write(Data("signalbox-bench: \(error)\n".utf8))
            exit(1)
        }
    }

    private static func refuse() -> Never {
        let usage = """
            usage: signalbox-bench golden | w1 [fresh|warm] [ROUNDS] | w2 [seq|par] [RUNS]
                   | w2 write [RUNS IN_FLIGHT ROUNDS] | w7 waiting [RUNS] | w7 timers [RUNS ROUNDS]
                   | w6 [EVENTS_PER_SECOND SECONDS PLAYBOOKS CONNECTIONS RETENTION_MINUTES]
                   | w7 latency [EVENTS_PER_SECOND SECONDS]
                   | w3 [RULES EVENTS dense|sparse] | w4 [EVALUATIONS] | w5 [FILES ROUNDS]
                   | check [PLAYBOOKS ROUNDS FOLDER] | medians FILE

            """
        FileHandle.standardError.write(Data(usage.utf8))
        exit(2)
    }
}
