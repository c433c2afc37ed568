import PluginKit
import RunStore
import WorkflowModel

extension RunStoreConformance {
    static let claimCases: [Case] = [
        Case("of many claimers each run is given to one") { store in
            let generation = try await store.write { transaction in
                for number in 1...50 { try transaction.insertRun(Sample.run(number)) }
                return try transaction.beginExecutor()
            }
            let claimed = try await withThrowingTaskGroup(of: [RunID].self) { group in
                for claimer in 0..<16 {
                    group.addTask {
                        var mine: [RunID] = []
                        while true {
                            let found = try await store.read(view: {
                                try $0.runnable(generation: generation, now: Sample.start, limit: 7)
                            })
                            if found.isEmpty { return mine }
                            for run in claimer % 2 == 0 ? found : found.reversed() {
                                if try await store.write({ try $0.claim(run, generation: generation) }) {
                                    mine.append(run)
                                }
                            }
                        }
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            try expectEqual(claimed.count, 50)
            try expectEqual(Set(claimed), Set((1...50).map { Sample.id($0) }))
        },
        Case("a run is claimed when it is there, has not ended and is of nobody of this generation") { store in
            let generation = try await store.write { transaction in
                for (number, state) in RunState.allCases.enumerated() {
                    try transaction.insertRun(Sample.run(number, state: state))
                }
                _ = try transaction.beginExecutor()
                return try transaction.beginExecutor()
            }
            for (number, state) in RunState.allCases.enumerated() {
                let isClaimed = try await store.write { try $0.claim(Sample.id(number), generation: generation) }
                try expect(isClaimed == !state.isFinal, "\(state): claimed is \(isClaimed)")
                try expectEqual(
                    try await store.read(view: { try $0.run(Sample.id(number))?.lease }),
                    state.isFinal ? nil : generation)
                try expectEqual(try await store.read(view: { try $0.run(Sample.id(number))?.state }), state)
                try expectEqual(
                    try await store.write { try $0.claim(Sample.id(number), generation: generation) }, false)
            }
            try expectEqual(try await store.write { try $0.claim(Sample.id(99), generation: generation) }, false)
        },
        Case("a successor takes over a stale lease, and the first owner's later commit is refused") { store in
            try await store.write { try $0.insertRun(Sample.run(1)) }
            let first = try await store.write { try $0.beginExecutor() }
            try expectEqual(try await store.write { try $0.claim(Sample.id(1), generation: first) }, true)
            try await store.write { try $0.checkExecutor(first) }
            let second = try await store.write { try $0.beginExecutor() }
            let runnable = try await store.read(view: {
                try $0.runnable(generation: second, now: Sample.start, limit: 9)
            })
            try expectEqual(runnable, [Sample.id(1)])
            try expectEqual(try await store.write { try $0.claim(Sample.id(1), generation: second) }, true)
            try await expectRefusal(.fenced) {
                try await store.write { transaction in
                    // What came before the check is undone with the rest.
                    try transaction.append([Sample.entry(1)], to: Sample.id(1))
                    try transaction.checkExecutor(first)
                }
            }
            try await expectRefusal(.fenced) {
                _ = try await store.write { try $0.claim(Sample.id(1), generation: first) }
            }
            try expectEqual(try await store.read(view: { try $0.run(Sample.id(1))?.lease }), second)
            try expectEqual(try await store.read(view: { try $0.journal(of: Sample.id(1), after: 0).count }), 0)
            try await store.write { try $0.checkExecutor(second) }
        },
        Case("an executor whose beginning was undone fences nobody") { store in
            let first = try await store.write { try $0.beginExecutor() }
            do {
                try await store.write { transaction in
                    let second = try transaction.beginExecutor()
                    try transaction.checkExecutor(second)
                    try expectEqual(second, first + 1)
                    throw Refusal()
                }
            } catch is Refusal {}
            try await store.write { try $0.checkExecutor(first) }
        },
        Case("while executors follow each other, none that has a successor commits") { store in
            try await store.write { try $0.insertRun(Sample.run(1)) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        let generation = try await store.write { try $0.beginExecutor() }
                        while true {
                            do {
                                try await store.write { transaction in
                                    try transaction.checkExecutor(generation)
                                    // Bodies run one after the other: this one is the newest here, or the check lied.
                                    try expectEqual(try transaction.executorGeneration(), generation)
                                    let last = try transaction.journal(of: Sample.id(1), after: 0).count
                                    if last >= 40 { throw Refusal() }
                                    try transaction.append(
                                        [Sample.entry(last + 1, .int(generation))], to: Sample.id(1))
                                }
                            } catch let error as StoreError where error.code == .fenced {
                                return
                            } catch is Refusal {
                                return
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            let owners = try await store.read(view: {
                try $0.journal(of: Sample.id(1), after: 0).compactMap(\.body.int)
            })
            try expectEqual(owners.count, 40)
            try expectEqual(owners, owners.sorted())
        },
    ]
}
