import CLoop
import Foundation
import RunStore
import SQLiteRunStore
import Synchronization
import WorkflowModel

/// W6: events come over HTTP at a fixed rate, one a request, whatever the server does. How long from the time at which a request was due
/// until the answer that says that it is on disk, and is everything there afterwards?
enum IngestionWorkload {
    /// What is asked for.
    struct Plan {
        var rate: Int
        var seconds: Int
        var playbooks: Int
        var connections: Int
        /// Retention in minutes.
        var keepingMinutes: Int
    }

    static func run(_ plan: Plan) async throws {
        let folder = try TemporaryFolder("w6")
        defer { folder.remove() }
        try write(plan, into: folder.path)
        let program =
            ProcessInfo.processInfo.environment["SIGNALBOX"]
            ?? URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
            .appendingPathComponent("signalbox").path
        let serve = ServeProcess(program: program, folder: folder.path)
        let token = try serve.command(["tokens", "create", "load", "--scope", "events"]).trimmingCharacters(
            in: .whitespacesAndNewlines)
        try serve.start()
        defer { serve.stop() }
        let requests = Requests(plan.playbooks, port: serve.port, token: token)
        let warm = try send(requests, plan, count: min(plan.rate * 3, plan.rate * plan.seconds), first: 0, serve)
        let memories = MemoryRecord(serve)
        let path = folder.path
        let disk = Mutex<[Double]>([])
        let probe = Thread {
            let found = (try? CLoopRunner.disk(plan.seconds * 25, pause: 0.04, folder: path)) ?? []
            disk.withLock { $0 = found }
        }
        probe.start()
        let cpu = serve.cpuSeconds
        memories.start()
        let sent = try send(requests, plan, count: plan.rate * plan.seconds, first: warm.count, serve)
        let spent = serve.cpuSeconds - cpu
        memories.stop()
        // What the last events have started ends, too.
        try await Task.sleep(for: .seconds(5))
        serve.stop()
        try await report(plan, warm, sent, spent, memories, disk.withLock { $0 }, serve)
    }

    private static func write(_ plan: Plan, into folder: String) throws {
        let workspace = "\(folder)/workspace"
        try FileManager.default.createDirectory(atPath: "\(workspace)/playbooks", withIntermediateDirectories: true)
        var files = IngestionTexts.files(keepingMinutes: plan.keepingMinutes)
        for number in 0..<plan.playbooks {
            files["playbooks/load-\(number).yaml"] = IngestionTexts.playbook(number)
        }
        for (name, text) in files { try Data(text.utf8).write(to: URL(fileURLWithPath: "\(workspace)/\(name)")) }
    }

    /// The requests, one after the other.
    private struct Requests {
        var bytes: [CChar] = []
        var offsets: [Int] = [0]
        var digits: [Int] = []

        init(_ playbooks: Int, port: Int, token: String) {
            for kind in 0..<IngestionTexts.kinds {
                let (body, place) = IngestionTexts.event(kind, playbooks: playbooks)
                let head =
                    "POST /events HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nAuthorization: Bearer \(token)\r\n"
                    + "Content-Type: application/cloudevents+json\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
                digits.append(head.utf8.count + place)
                bytes += (head + body).utf8.map { CChar(bitPattern: $0) }
                offsets.append(bytes.count)
            }
        }
    }

    private struct Sent {
        var count: Int
        var seconds: [Double]
        var result: signalbox_load_result
    }

    private static func send(
        _ requests: Requests, _ plan: Plan, count: Int, first: Int, _ serve: ServeProcess
    ) throws -> Sent {
        var seconds = [Double](repeating: -1, count: count)
        var result = signalbox_load_result()
        var message = [CChar](repeating: 0, count: 500)
        let status = "127.0.0.1".withCString { host in
            requests.bytes.withUnsafeBufferPointer { bytes in
                requests.offsets.withUnsafeBufferPointer { offsets in
                    requests.digits.withUnsafeBufferPointer { digits in
                        var plan = signalbox_load_plan(
                            host: host, port: Int32(serve.port), rate: Double(plan.rate), count: count,
                            connections: Int32(plan.connections), requests: bytes.baseAddress,
                            offsets: offsets.baseAddress,
                            kinds: IngestionTexts.kinds,
                            digits: digits.baseAddress, first: first)
                        return signalbox_load_run(&plan, &seconds, &result, &message, message.count)
                    }
                }
            }
        }
        guard status == 0 else {
            let text = String(decoding: message.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
            throw WorkloadError("\(text); the log of serve is \(serve.log)")
        }
        return Sent(count: count, seconds: seconds, result: result)
    }

    private static func report(
        _ plan: Plan, _ warm: Sent, _ sent: Sent, _ spent: Double, _ memories: MemoryRecord, _ fsyncs: [Double],
        _ serve: ServeProcess
    ) async throws {
        let store = try SQLiteRunStore(readingFolder: serve.stateFolder, collections: [:])
        let (events, runs) = try await store.read(view: { reader in
            (try reader.events(before: nil, limit: 1).first?.sequence ?? 0, try reader.runCounts())
        })
        await store.close()
        let delays = sent.seconds.filter { $0 >= 0 }.map { $0 * 1e3 }
        let fsync99 = Meter.quantile(0.99, fsyncs) * 1e3
        let p99 = Meter.quantile(0.99, delays)
        let all = warm.count + sent.count
        let started = (0..<all).count { $0 % IngestionTexts.kinds % IngestionTexts.share == IngestionTexts.share / 2 }
        let accepted = sent.result.accepted
        Meter.report(
            "W6", "signalbox-serve",
            [
                "events_per_s": .int(Int64(plan.rate)), "seconds": .int(Int64(plan.seconds)),
                "playbooks": .int(Int64(plan.playbooks)), "connections": .int(Int64(plan.connections)),
                "event_bytes": 2048, "fsync": "full",
            ],
            [
                "accepted_per_s": .double(Double(accepted) / sent.result.wall_s), "accepted": .int(Int64(accepted)),
                "refused": .int(Int64(sent.result.refused)), "failed": .int(Int64(sent.result.failed)),
                "first_refusal": .int(Int64(sent.result.first_refusal)),
                "p50_ms": .double(Meter.quantile(0.5, delays)), "p90_ms": .double(Meter.quantile(0.9, delays)),
                "p99_ms": .double(p99), "max_ms": .double(delays.max() ?? 0),
                "fsync_p50_ms": .double(Meter.quantile(0.5, fsyncs) * 1e3), "fsync_p99_ms": .double(fsync99),
                "bound_ms": .double(50 + 2 * fsync99), "holds": .bool(p99 < 50 + 2 * fsync99),
                "server_cpu_ms_per_event": .double(spent * 1e3 / Double(sent.count)),
                "server_cpu_share": .double(spent / sent.result.wall_s),
                "sender_cpu_share": .double(sent.result.cpu_s / sent.result.wall_s),
                "events_stored": .int(events), "events_sent": .int(Int64(all)),
                "runs_wanted": .int(Int64(started)),
                "runs": .map(
                    ValueMap(
                        strings: runs.sorted { $0.key.rawValue < $1.key.rawValue }.map {
                            ($0.key.rawValue, .int(Int64($0.value)))
                        })),
                "rss_mb": .list(memories.minutes.map { .double($0.rounded()) }),
            ])
    }
}

/// The server's memory, second by second.
private final class MemoryRecord: @unchecked Sendable {
    // The process is only looked at; what is recorded is behind the lock.
    private let serve: ServeProcess
    private let state = Mutex<(samples: [Double], isOver: Bool)>(([], false))

    init(_ serve: ServeProcess) { self.serve = serve }

    func start() {
        let thread = Thread { [self] in
            while !state.withLock(\.isOver) {
                let memory = serve.memory
                state.withLock { $0.samples.append(memory) }
                sleep(1)
            }
        }
        thread.start()
    }

    func stop() { state.withLock { $0.isOver = true } }

    /// The mean of every minute, or of all when it was less.
    var minutes: [Double] {
        let samples = state.withLock(\.samples)
        return stride(from: 0, to: samples.count, by: 60).compactMap { start in
            let part = samples[start..<min(start + 60, samples.count)]
            return part.count >= 10 ? part.reduce(0, +) / Double(part.count) : nil
        }
    }
}
