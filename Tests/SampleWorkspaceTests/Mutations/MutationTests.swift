import Foundation
import Playbooks
import Testing
import Workspaces
import YAML

/// Slips made at random in right playbooks, and how many of them the check finds.
@Suite("Slips in the sample playbooks")
struct MutationTests {
    /// How many; `scripts/mutation-check` asks for more.
    private static let count = ProcessInfo.processInfo.environment["SIGNALBOX_MUTATIONS"].flatMap(Int.init) ?? 200
    private static let seed = ProcessInfo.processInfo.environment["SIGNALBOX_MUTATION_SEED"].flatMap(UInt64.init) ?? 1

    @Test func `at least 97 of 100 slips are found`() throws {
        let (workspace, environment) = try SampleWorkspaceTests.environment()
        let mutators = workspace.playbookFiles.compactMap { Mutator($0, actions: environment.actions ?? [:]) }
        #expect(mutators.count == workspace.playbookFiles.count)
        var random = MutationRandom(state: Self.seed)
        var made: [Mutation.Kind: Int] = [:]
        var found: [Mutation.Kind: Int] = [:]
        var missed: [Mutation] = []
        var attempts = 0
        while made.values.reduce(0, +) < Self.count, attempts < Self.count * 50 {
            attempts += 1
            let kind = Mutation.Kind.allCases[attempts % Mutation.Kind.allCases.count]
            guard let mutator = mutators.randomElement(using: &random),
                let mutation = mutator.mutation(kind, &random)
            else { continue }
            made[kind, default: 0] += 1
            let source = SourceFile(path: mutation.file, text: mutation.text)
            if PlaybookReader.read(source, in: environment).diagnostics.isEmpty {
                missed.append(mutation)
            } else {
                found[kind, default: 0] += 1
            }
        }
        let total = made.values.reduce(0, +)
        let caught = found.values.reduce(0, +)
        #expect(total == Self.count)
        var report = ["\(caught) of \(total) slips are found (seed \(Self.seed))"]
        for kind in Mutation.Kind.allCases {
            report.append("  \(found[kind] ?? 0) of \(made[kind] ?? 0): \(kind.rawValue)")
        }
        for mutation in missed {
            let file = mutation.file.split(separator: "/").last.map(String.init) ?? mutation.file
            report.append("missed: \(mutation.kind.rawValue), \(file):\(mutation.line): \(mutation.whyMissed)")
            report.append("  was \(mutation.before.trimmingPrefix { $0 == " " })")
            report.append("  is  \(mutation.after.trimmingPrefix { $0 == " " })")
        }
        let text = report.joined(separator: "\n")
        if Self.count > 200 { print(text) }
        #expect(caught * 100 >= total * 97, "\(text)")
    }
}
