import Foundation
import Glibc

/// A folder for the files of one workload.
struct TemporaryFolder {
    let path: String

    /// Makes an empty folder.
    init(_ name: String) throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("signalbox-\(name)-\(getpid())").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    /// Removes it with all that is in it; what cannot be removed is left to the system.
    func remove() { try? FileManager.default.removeItem(atPath: path) }

    /// The bytes of the file at `path`.
    ///
    /// - Throws: ``WorkloadError`` when it cannot be read.
    static func bytes(ofFileAt path: String) throws -> [UInt8] {
        let descriptor = open(path, O_RDONLY)
        guard descriptor >= 0 else { throw WorkloadError("cannot read \(path)") }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(descriptor, &part, part.count)
            guard count >= 0 else { throw WorkloadError("cannot read \(path)") }
            if count == 0 { return bytes }
            bytes += part[0..<count]
        }
    }

    /// The size of the file at `path`, in bytes.
    ///
    /// - Throws: ``WorkloadError`` when it is not there.
    static func size(ofFileAt path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        guard let size = attributes[.size] as? Int else { throw WorkloadError("no size of \(path)") }
        return size
    }
}
