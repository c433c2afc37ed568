import Foundation
import Testing
import Workspaces

@Suite("Noticing that files have changed")
struct ChangeWatchTests {
    @Test(
        "files are read once they are left alone, and not again until they change",
        arguments: [
            // What they are like at each look, half a second apart, and at which looks they are read.
            ([1, 1, 1, 1], []), ([1, 2, 2, 2, 2, 2], [3]), ([1, 2, 3, 4, 4, 4, 4], [5]), ([1, 2, 1, 1, 1], []),
            ([2, 2, 2, 3, 3, 3, 3], [2, 5]),
        ] as [([UInt64], [Int])])
    func rests(_ looks: [UInt64], _ reads: [Int]) {
        var watch = ChangeWatch(1)
        let read = looks.indices.filter { watch.look(looks[$0], after: .milliseconds(500)) }
        #expect(read == reads)
    }

    @Test func `files that never rest are read all the same`() {
        var watch = ChangeWatch(0)
        let read = (1...100).filter { watch.look(UInt64($0), after: .milliseconds(500)) }
        #expect(read == [30, 60, 90])
    }

    @Test func `what was read for another reason is not read again`() {
        var watch = ChangeWatch(1)
        _ = watch.look(2, after: .milliseconds(500))
        watch.wereRead(2)
        let read = (0..<10).filter { _ in watch.look(2, after: .milliseconds(500)) }
        #expect(read.isEmpty)
    }

    @Test func `every kind of change is one, and nothing else`() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("fingerprint-\(UUID())")
        defer { try? FileManager.default.removeItem(at: folder) }
        let inside = folder.appendingPathComponent("playbooks")
        let state = folder.appendingPathComponent("state")
        for folder in [inside, state] {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        }
        func print() -> UInt64 { FileFingerprint.of(folder.path, excluding: state.path) }
        func write(_ text: String, _ name: String, in folder: URL) throws {
            try Data(text.utf8).write(to: folder.appendingPathComponent(name), options: .atomic)
        }
        try write("a", "signalbox.yaml", in: folder)
        try write("b", "p.yaml", in: inside)
        var last = print()
        #expect(print() == last)
        func changes(_ what: Comment, _ change: () throws -> Void) rethrows {
            try change()
            #expect(print() != last, what)
            last = print()
        }
        try changes("a file is written") { try write("bb", "p.yaml", in: inside) }
        try changes("a file of the same size is written") { try write("cc", "p.yaml", in: inside) }
        try changes("a file is added") { try write("", "q.yaml", in: inside) }
        try changes("a file is renamed") {
            try FileManager.default.moveItem(
                at: inside.appendingPathComponent("q.yaml"), to: inside.appendingPathComponent("r.yaml"))
        }
        try changes("a file is removed") {
            try FileManager.default.removeItem(at: inside.appendingPathComponent("r.yaml"))
        }
        try changes("a folder is gone") { try FileManager.default.removeItem(at: inside) }
        try write("x", "signalbox.db", in: state)
        try write("x", ".p.yaml.swp", in: folder)
        try write("{}", "event.json", in: folder)
        #expect(print() == last)
        #expect(FileFingerprint.of(folder.path + "/nowhere") != 0)
    }
}
