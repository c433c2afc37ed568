import GRDB
import RunStore

extension StoreError {
    /// The trouble that SQLite or decoding gave, in words for the user.
    ///
    /// The codes are those of sqlite.org/rescode.html.
    init(_ error: any Error, at path: String? = nil) {
        if let error = error as? StoreError {
            self = error
            return
        }
        let place = path.map { " \($0)" } ?? ""
        guard let error = error as? DatabaseError else {
            self.init(.io, "the database\(place) cannot be used: \(error)")
            return
        }
        let said = "(SQLite \(error.extendedResultCode.rawValue): \(error.message ?? "no details"))"
        switch error.resultCode {
        case .SQLITE_FULL:
            self.init(
                .full,
                "no space is left for the database\(place); nothing of this change is stored. Free space, then try again \(said)"
            )
        case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH:
            self.init(
                .readOnly,
                "the database\(place) cannot be opened for writing; check that its folder exists and that this user may "
                    + "write there \(said)")
        case .SQLITE_NOTADB:
            self.init(
                .damaged,
                "the file\(place) is no SQLite database; move it away, or name another state folder \(said)")
        case .SQLITE_CORRUPT:
            self.init(
                .damaged,
                "the database\(place) is damaged; stop Signalbox, keep a copy, and restore a backup \(said)")
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            self.init(
                .busy,
                "another process has held the database\(place) too long; end it or try again later \(said)")
        case .SQLITE_CONSTRAINT, .SQLITE_MISMATCH, .SQLITE_TOOBIG, .SQLITE_RANGE:
            self.init(.misuse, "the database\(place) refuses a row: \(error.message ?? "") \(said)")
        case .SQLITE_MISUSE:
            self.init(.closed, "the database\(place) has been closed \(said)")
        default:
            self.init(
                .io,
                "reading or writing the database\(place) failed; look at the disk and its messages, then start again \(said)"
            )
        }
    }

    /// Something stored that this program did not write like this.
    static func unreadable(_ what: String) -> StoreError {
        StoreError(.damaged, "the database holds \(what) that cannot be read; stop Signalbox and restore a backup")
    }
}
