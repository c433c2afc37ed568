import CLibCurlShim
import Glibc

/// One libcurl handle with the connections it keeps open.
///
/// `@unchecked Sendable`: it lies with ``TransferThreads`` or in the hands of the one transfer that took it out.
final class EasyHandle: @unchecked Sendable {
    let curl: UnsafeMutableRawPointer
    /// Set by a transfer that leaves nothing to reuse: the handle is closed instead of kept.
    var isSpent = false
    private let errorText = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
    private var lists: [UnsafeMutablePointer<curl_slist>] = []

    /// libcurl's own preparation, once a process.
    private static let started: Bool = shim_curl_start() == CURLE_OK

    /// `nil` when libcurl has no memory.
    init?() {
        guard Self.started, let curl = curl_easy_init() else {
            errorText.deallocate()
            return nil
        }
        self.curl = curl
        reset()
    }

    deinit {
        curl_easy_cleanup(curl)
        lists.forEach(curl_slist_free_all)
        errorText.deallocate()
    }

    /// Forgets all options of the transfer before, but no connection.
    func reset() {
        curl_easy_reset(curl)
        lists.forEach(curl_slist_free_all)
        lists = []
        errorText.pointee = 0
        shim_curl_set_pointer(curl, CURLOPT_ERRORBUFFER, errorText)
        // Signals would reach the whole process.
        set(CURLOPT_NOSIGNAL, 1)
    }

    func set(_ option: CURLoption, _ value: Int) { shim_curl_set_long(curl, option, value) }

    func set(_ option: CURLoption, _ value: String) { shim_curl_set_text(curl, option, value) }

    func set(_ option: CURLoption, lines: [String]) {
        var list: UnsafeMutablePointer<curl_slist>?
        for line in lines { list = curl_slist_append(list, line) ?? list }
        guard let list else { return }
        lists.append(list)
        shim_curl_set_list(curl, option, list)
    }

    /// Certificates and host names are verified, always.
    func verifyTLS(authorities file: String?) {
        set(CURLOPT_SSL_VERIFYPEER, 1)
        set(CURLOPT_SSL_VERIFYHOST, 2)
        if let file { set(CURLOPT_CAINFO, file) }
    }

    func setCopiedBody(_ body: [UInt8]) {
        shim_curl_set_size(curl, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count))
        body.withUnsafeBytes { bytes in
            // With a null pointer libcurl would ask a read callback for the body.
            var nothing: UInt8 = 0
            shim_curl_set_pointer(
                curl, CURLOPT_COPYPOSTFIELDS, UnsafeMutableRawPointer(mutating: bytes.baseAddress) ?? .init(&nothing))
        }
    }

    func perform() -> CURLcode { curl_easy_perform(curl) }

    /// What libcurl says about the failure.
    func explanation(of code: CURLcode) -> String {
        let detail = String(cString: errorText)
        return detail.isEmpty ? String(cString: curl_easy_strerror(code)) : detail
    }
}
