import Glibc

/// What the files of a workspace are like, in a number: any of them that is written, replaced, added, removed, renamed or made readable
/// changes it. No file is opened.
public enum FileFingerprint {
    /// The most files that are looked at; of more, some changes are not seen.
    public static let mostFiles = 100_000
    /// The deepest folder that is looked into.
    static let depth = 8

    /// What files of a workspace beside `signalbox.yaml` end in; others may be anything. In the folders all count.
    static let endings = [".yaml", ".yml", ".csv", ".ics"]

    /// The fingerprint of the workspace in `folder`; hidden files and folders do not count.
    ///
    /// - Parameter excluding: a folder that is left out as well, by its path; what is written there is no file of the workspace.
    public static func of(_ folder: String, excluding: String? = nil) -> UInt64 {
        var state = State()
        if let excluding {
            var status = stat()
            if stat(excluding, &status) == 0 { state.excluded = (status.st_dev, status.st_ino) }
        }
        state.look(into: folder, depth: FileFingerprint.depth)
        return state.sum
    }

    private struct State {
        var sum: UInt64 = 0
        var files = 0
        var excluded: (device: dev_t, inode: ino_t)?

        mutating func look(into folder: String, depth: Int) {
            guard let directory = opendir(folder) else { return add(folder, [UInt64(bitPattern: Int64(errno))]) }
            defer { closedir(directory) }
            while files < FileFingerprint.mostFiles, let entry = readdir(directory) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
                }
                guard !name.hasPrefix(".") else { continue }
                let path = folder + "/" + name
                // What a link leads to is what is read.
                var status = stat()
                guard stat(path, &status) == 0 else {
                    add(path, [UInt64(bitPattern: Int64(errno))])
                    continue
                }
                if let excluded, excluded == (status.st_dev, status.st_ino) { continue }
                guard status.st_mode & S_IFMT != S_IFDIR else {
                    if depth > 0 { look(into: path, depth: depth - 1) }
                    continue
                }
                guard depth < FileFingerprint.depth || FileFingerprint.endings.contains(where: name.hasSuffix) else {
                    continue
                }
                files += 1
                add(
                    path,
                    [
                        UInt64(status.st_ino), UInt64(bitPattern: Int64(status.st_size)), UInt64(status.st_mode),
                        UInt64(bitPattern: Int64(status.st_mtim.tv_sec)),
                        UInt64(bitPattern: Int64(status.st_mtim.tv_nsec)),
                        UInt64(bitPattern: Int64(status.st_ctim.tv_sec)),
                        UInt64(bitPattern: Int64(status.st_ctim.tv_nsec)),
                    ])
            }
        }

        /// Added up, so that the order in which a folder tells its files does not matter.
        private mutating func add(_ path: String, _ numbers: [UInt64]) {
            var hash: UInt64 = 0xcbf2_9ce4_8422_2325
            for byte in path.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
            for number in numbers { hash = (hash ^ number ^ number >> 29) &* 0xbf58_476d_1ce4_e5b9 }
            sum &+= hash ^ hash >> 31
        }
    }
}
