import GRDBSQLite
import Synchronization

/// A disk whose writes or syncs fail when a test says so: SQLite's own file functions, with two replaced for the files below one
/// folder (sqlite.org/vfs.html). The replacement stays for the life of the process and leaves other files alone.
enum FailingDisk {
    /// What goes wrong.
    enum Trouble: Int {
        case none, write, full, sync, readOnly
    }

    /// A part of the path that all files on the failing disk have.
    static let marker = "failing-disk"

    private static let trouble = Atomic(0)
    private static let installed: Bool = install()
    // Written once, before the first file is opened through them.
    nonisolated(unsafe) private static var original = sqlite3_vfs()
    nonisolated(unsafe) private static var write: (@convention(c) (File, UnsafeRawPointer?, Int32, Int64) -> Int32)?
    nonisolated(unsafe) private static var sync: (@convention(c) (File, Int32) -> Int32)?
    /// SQLite has a table of functions for databases and one for what needs no locks; each has a changed copy.
    private static let tables = Mutex<[UInt: UInt]>([:])

    private typealias File = UnsafeMutablePointer<sqlite3_file>?

    /// From now on files on the failing disk have this trouble.
    static func set(_ next: Trouble) {
        precondition(installed)
        trouble.store(next.rawValue, ordering: .sequentiallyConsistent)
    }

    private static var present: Trouble { Trouble(rawValue: trouble.load(ordering: .sequentiallyConsistent)) ?? .none }

    private static func install() -> Bool {
        guard let standard = sqlite3_vfs_find(nil) else { return false }
        original = standard.pointee
        let replacement = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
        replacement.initialize(to: original)
        replacement.pointee.pNext = nil
        replacement.pointee.xOpen = { vfs, name, file, flags, outFlags in
            guard let open = FailingDisk.original.xOpen else { return SQLITE_ERROR }
            let code = open(vfs, name, file, flags, outFlags)
            guard code == SQLITE_OK, let name, let file, String(cString: name).contains(FailingDisk.marker),
                let own = file.pointee.pMethods
            else { return code }
            file.pointee.pMethods = FailingDisk.table(insteadOf: own)
            return code
        }
        return sqlite3_vfs_register(replacement, 1) == SQLITE_OK
    }

    private static func table(insteadOf own: UnsafePointer<sqlite3_io_methods>) -> UnsafePointer<sqlite3_io_methods>? {
        let address = tables.withLock { tables in
            if let known = tables[UInt(bitPattern: own)] { return known }
            let copy = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
            copy.initialize(to: own.pointee)
            // The same two functions in both tables.
            (write, sync) = (own.pointee.xWrite, own.pointee.xSync)
            copy.pointee.xWrite = { file, bytes, count, offset in
                switch FailingDisk.present {
                case .write: return SQLITE_IOERR | (3 << 8)
                case .full: return SQLITE_FULL
                case .readOnly: return SQLITE_READONLY
                case .none, .sync: return FailingDisk.write?(file, bytes, count, offset) ?? SQLITE_ERROR
                }
            }
            copy.pointee.xSync = { file, flags in
                if FailingDisk.present == .sync { return SQLITE_IOERR | (4 << 8) }
                return FailingDisk.sync?(file, flags) ?? SQLITE_ERROR
            }
            tables[UInt(bitPattern: own)] = UInt(bitPattern: copy)
            return UInt(bitPattern: copy)
        }
        return UnsafePointer(bitPattern: address)
    }
}
