import Foundation

/// Why a file cannot be read.
struct FileProblem: Error {
    var message: String
    var help: String?
    var isTooLarge = false

    /// The system's words for an error.
    static func words(_ error: any Error) -> String {
        let inner = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
        if let inner, inner.domain == NSPOSIXErrorDomain { return String(cString: strerror(Int32(inner.code))) }
        return error.localizedDescription
    }
}

/// Reads regular files up to a limit; never waits for a pipe or a device.
enum BoundedFile {
    static func read(_ path: String, limit: Int) -> Result<[UInt8], FileProblem> {
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { return .failure(problem(errno)) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return .failure(problem(errno)) }
        switch status.st_mode & S_IFMT {
        case S_IFREG: break
        case S_IFDIR: return .failure(FileProblem(message: "this must be a file, is a folder"))
        default: return .failure(FileProblem(message: "this must be a file, is a pipe or a device"))
        }
        guard status.st_size <= limit else {
            return .failure(
                FileProblem(
                    message: "the file has \(status.st_size) bytes; at most \(limit) are read",
                    help: "split it, or take out what is not needed", isTooLarge: true))
        }
        // One byte more than the limit tells a file that grew in the meantime.
        var bytes = [UInt8](repeating: 0, count: min(Int(status.st_size), limit) + 1)
        var filled = 0
        while filled < bytes.count {
            let got = bytes.withUnsafeMutableBytes { buffer in
                Foundation.read(descriptor, buffer.baseAddress.map { $0 + filled }, buffer.count - filled)
            }
            if got < 0 {
                if errno == EINTR { continue }
                return .failure(problem(errno))
            }
            if got == 0 { break }
            filled += got
        }
        guard filled <= limit else {
            return .failure(FileProblem(message: "the file has more than \(limit) bytes", isTooLarge: true))
        }
        bytes.removeLast(bytes.count - filled)
        return .success(bytes)
    }

    private static func problem(_ code: Int32) -> FileProblem {
        FileProblem(
            message: "the file cannot be read: \(String(cString: strerror(code)))",
            help: code == EACCES ? "make it readable for this user" : nil)
    }
}
