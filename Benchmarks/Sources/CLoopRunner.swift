import CLoop

/// The bare C loop over SQLite, and the disk without anything: what the workloads are measured beside.
enum CLoopRunner {
    /// One row of a step a time, `perCommit` rows a commit.
    ///
    /// - Throws: ``WorkloadError``.
    static func rows(_ rows: Int, perCommit: Int) throws -> signalbox_cloop_result {
        try inNewFile { path, result, message, size in
            signalbox_cloop_rows(path, rows, perCommit, result, message, size)
        }
    }

    /// The rows that durable writes make, in the order in which `runs` runs make them that go on together.
    ///
    /// - Throws: ``WorkloadError``.
    static func writes(runs: Int, steps: Int, perCommit: Int) throws -> signalbox_cloop_result {
        try inNewFile { path, result, message, size in
            signalbox_cloop_writes(path, runs, steps, perCommit, result, message, size)
        }
    }

    /// The seconds that the disk takes for each of `count` changes of 4 KiB in `folder`.
    ///
    /// - Throws: ``WorkloadError``.
    static func disk(_ count: Int, pause: Double, folder: String) throws -> [Double] {
        var seconds = [Double](repeating: 0, count: count)
        guard signalbox_cloop_fsync("\(folder)/fsync", count, Int(pause * 1e6), &seconds) == 0 else {
            throw WorkloadError("cannot write to \(folder)")
        }
        return seconds
    }

    private static func inNewFile(
        _ body: (String, UnsafeMutablePointer<signalbox_cloop_result>, UnsafeMutablePointer<CChar>, Int) -> Int32
    ) throws -> signalbox_cloop_result {
        let folder = try TemporaryFolder("cloop")
        defer { folder.remove() }
        var result = signalbox_cloop_result()
        var message = [CChar](repeating: 0, count: 300)
        let problem = message.withUnsafeMutableBufferPointer { buffer in
            withUnsafeMutablePointer(to: &result) { result in
                buffer.baseAddress.map { body("\(folder.path)/loop.sqlite", result, $0, buffer.count) } ?? 1
            }
        }
        guard problem == 0 else {
            throw WorkloadError(
                String(decoding: message.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self))
        }
        return result
    }
}
