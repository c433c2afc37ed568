import Foundation
public import PluginKit
import WorkflowModel

/// An outbox that is a folder: one file a message. A file appears whole or not at all, and is on disk when `deliver` returns.
public struct FolderOutbox: Outbox {
    /// The folder; it is made with the first message.
    public let folder: String

    /// The outbox in `folder`.
    public init(folder: String) { self.folder = folder }

    /// Keeps `text` as the file `name`.
    ///
    /// - Throws: ``Failure``: `bad_name` for a name with other characters than letters, digits, `.`, `-` and `_`;
    ///   `outbox_unwritable` (transient: space may be made) when the file cannot be written.
    public func deliver(name: String, text: String) throws {
        guard !name.isEmpty, name.utf8.count <= 200, name.first != ".",
            name.utf8.allSatisfy({ byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    || byte == 0x2D
                    || byte == 0x2E || byte == 0x5F
            })
        else { throw Failure.permanent("bad_name", "the name of a message has characters that a file should not have") }
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw unwritable(error.localizedDescription)
        }
        let path = "\(folder)/\(name)"
        // A crash leaves at most this file, which nobody takes for a message.
        let draft = "\(folder)/.\(name).draft"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw unwritable(String(cString: strerror(errno))) }
        var written = true
        Array(text.utf8).withUnsafeBytes { bytes in
            var start = 0
            while start < bytes.count {
                let count = write(descriptor, bytes.baseAddress?.advanced(by: start), bytes.count - start)
                if count < 0, errno == EINTR { continue }
                if count <= 0 {
                    written = false
                    return
                }
                start += count
            }
        }
        let synced = written && fsync(descriptor) == 0
        let reason = errno
        close(descriptor)
        guard synced, rename(draft, path) == 0 else {
            let why = String(cString: strerror(synced ? errno : reason))
            unlink(draft)
            throw unwritable(why)
        }
    }

    private func unwritable(_ why: String) -> Failure {
        Failure.transient("outbox_unwritable", "the outbox \(folder) cannot be written: \(why)")
    }
}
