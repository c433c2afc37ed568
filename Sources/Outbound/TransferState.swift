import CLibCurlShim
import Glibc
import Synchronization

/// Says to a transfer that nobody waits for it any more.
final class Cancellation: Sendable {
    private let flag = Atomic<Bool>(false)

    var isCancelled: Bool { flag.load(ordering: .acquiring) }

    func cancel() { flag.store(true, ordering: .releasing) }
}

/// What one transfer gathers while libcurl runs. Touched by its own thread alone.
final class TransferState {
    static let headerLimit = 64 << 10

    let rules: AddressRules
    let cancellation: Cancellation
    let bodyLimit: Int
    var body: [UInt8] = []
    var isTooLarge = false
    var headers: [(name: String, value: String)] = []
    var headerBytes = 0
    var objection: String?
    var upload: [UInt8] = []
    var uploaded = 0

    init(rules: AddressRules, cancellation: Cancellation, bodyLimit: Int) {
        self.rules = rules
        self.cancellation = cancellation
        self.bodyLimit = bodyLimit
    }

    /// Hangs the callbacks in; the state must outlive the transfer.
    func attach(to handle: EasyHandle) {
        let context = Unmanaged.passUnretained(self).toOpaque()
        shim_curl_on_body(
            handle.curl,
            { bytes, size, count, context in
                TransferState.of(context)?.takeBody(UnsafeRawBufferPointer(start: bytes, count: size * count)) ?? 0
            }, context)
        shim_curl_on_header(
            handle.curl,
            { bytes, size, count, context in
                TransferState.of(context)?.takeHeader(UnsafeRawBufferPointer(start: bytes, count: size * count)) ?? 0
            }, context)
        shim_curl_on_read(
            handle.curl,
            { space, size, count, context in
                TransferState.of(context)?.giveUpload(UnsafeMutableRawBufferPointer(start: space, count: size * count))
                    ?? shim_curl_read_abort
            }, context)
        shim_curl_on_progress(
            handle.curl,
            { context, _, _, _, _ in TransferState.of(context)?.cancellation.isCancelled == false ? 0 : 1 }, context)
        shim_curl_on_open_socket(
            handle.curl,
            { context, _, address in
                guard let address, let state = TransferState.of(context) else { return shim_curl_no_socket }
                return state.openSocket(address)
            }, context)
    }

    private static func of(_ context: UnsafeMutableRawPointer?) -> TransferState? {
        context.map { Unmanaged<TransferState>.fromOpaque($0).takeUnretainedValue() }
    }

    /// Any number but the one given makes libcurl stop.
    private func takeBody(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard body.count + bytes.count <= bodyLimit else {
            isTooLarge = true
            return 0
        }
        body.append(contentsOf: bytes)
        return bytes.count
    }

    private func takeHeader(_ bytes: UnsafeRawBufferPointer) -> Int {
        headerBytes += bytes.count
        guard headerBytes <= Self.headerLimit else {
            isTooLarge = true
            return 0
        }
        let line = bytes.prefix { $0 != UInt8(ascii: "\r") && $0 != UInt8(ascii: "\n") }
        if line.starts(with: "HTTP/".utf8) {
            // An interim answer came before; only the last one counts.
            headers = []
        } else if let colon = line.firstIndex(of: UInt8(ascii: ":")) {
            let value = line[(colon + 1)...].drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
            headers.append(
                (String(decoding: line[..<colon], as: UTF8.self), String(decoding: value, as: UTF8.self)))
        }
        return bytes.count
    }

    private func giveUpload(_ space: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(space.count, upload.count - uploaded)
        space.copyBytes(from: upload[uploaded..<uploaded + count])
        uploaded += count
        return count
    }

    private func openSocket(_ address: UnsafeMutablePointer<curl_sockaddr>) -> curl_socket_t {
        var bytes = [UInt8](repeating: 0, count: 16)
        let length = Int(shim_curl_copy_address(address, &bytes))
        if let objection = rules.objection(to: Array(bytes.prefix(length))) {
            self.objection = objection
            return shim_curl_no_socket
        }
        let kind = address.pointee
        return socket(kind.family, kind.socktype | Int32(SOCK_CLOEXEC.rawValue), kind.`protocol`)
    }
}
