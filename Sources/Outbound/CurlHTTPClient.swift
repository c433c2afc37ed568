import CLibCurlShim
public import PluginKit

/// HTTP over libcurl: HTTP/1.1, certificates verified, no redirect followed, no cookie kept.
///
/// Only `GET` and `HEAD` use a connection again. libcurl repeats a request by itself when a kept connection turns out
/// to be dead, and that must not happen to a write.
public struct CurlHTTPClient: HTTPClient {
    private let settings: OutboundSettings
    private let threads: TransferThreads

    /// Makes a client with its own threads and connections.
    public init(settings: OutboundSettings = OutboundSettings()) {
        self.settings = settings
        threads = TransferThreads(limit: settings.transfers, waiting: settings.waiting)
    }

    /// See ``HTTPClient/send(_:deadline:)``. Waiting for a free thread counts against the deadline.
    public func send(_ request: HTTPRequest, deadline: Duration) async throws(HTTPFailure) -> HTTPResponse {
        let check = try RequestCheck(request, settings: settings)
        let settings = settings
        let due = ContinuousClock.now.advanced(by: deadline)
        let result = await threads.run { handle, cancellation in
            Self.transfer(request, check: check, settings: settings, due: due, handle, cancellation)
        }
        switch result {
        case .success(let answer): return try answer.get()
        case .failure(.cancelled):
            throw HTTPFailure(
                code: .cancelled, message: "the request to \(check.shownURL) was cancelled before it began",
                afterFirstByte: false)
        case .failure(.overloaded):
            throw HTTPFailure(
                code: .overloaded,
                message: "the request to \(check.shownURL) was not begun: too many transfers wait already; try later",
                afterFirstByte: false)
        }
    }

    private static func transfer(
        _ request: HTTPRequest, check: RequestCheck, settings: OutboundSettings, due: ContinuousClock.Instant,
        _ handle: EasyHandle, _ cancellation: Cancellation
    ) -> Result<HTTPResponse, HTTPFailure> {
        guard let timeout = Milliseconds.left(until: due) else {
            return .failure(
                HTTPFailure(
                    code: .timeout, message: "the deadline for \(check.shownURL) passed before a transfer was free",
                    afterFirstByte: false))
        }
        let state = TransferState(
            rules: settings.addresses, cancellation: cancellation, bodyLimit: settings.responseLimit)
        state.attach(to: handle)
        configure(handle, request, check: check)
        handle.verifyTLS(authorities: settings.certificateFile)
        handle.set(CURLOPT_TIMEOUT_MS, timeout)
        handle.set(CURLOPT_CONNECTTIMEOUT_MS, min(timeout, Milliseconds.of(settings.connectTimeout)))
        if !settings.proxyFromEnvironment { handle.set(CURLOPT_PROXY, "") }
        let code = withExtendedLifetime(state) { handle.perform() }
        let status = shim_curl_get_long(handle.curl, CURLINFO_RESPONSE_CODE)
        guard code != CURLE_OK else {
            return .success(HTTPResponse(status: status, headers: state.headers, body: state.body))
        }
        return .failure(failure(code, state: state, handle: handle, check: check, settings: settings))
    }

    private static func configure(_ handle: EasyHandle, _ request: HTTPRequest, check: RequestCheck) {
        handle.set(CURLOPT_URL, request.url)
        handle.set(CURLOPT_PROTOCOLS_STR, "http,https")
        handle.set(CURLOPT_FOLLOWLOCATION, 0)
        handle.set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        // With HTTP/2 libcurl may repeat a refused stream by itself.
        handle.set(CURLOPT_HTTP_VERSION, shim_curl_http_1_1)
        handle.set(CURLOPT_USERAGENT, "signalbox")
        handle.set(CURLOPT_HTTPHEADER, lines: check.headerLines)
        if request.method == "HEAD" {
            handle.set(CURLOPT_NOBODY, 1)
        } else if !request.body.isEmpty || ["POST", "PUT", "PATCH"].contains(request.method) {
            handle.set(CURLOPT_POST, 1)
            handle.setCopiedBody(request.body)
        } else {
            handle.set(CURLOPT_HTTPGET, 1)
        }
        handle.set(CURLOPT_CUSTOMREQUEST, request.method)
        if request.method != "GET", request.method != "HEAD" { handle.set(CURLOPT_FRESH_CONNECT, 1) }
    }

    private static func failure(
        _ code: CURLcode, state: TransferState, handle: EasyHandle, check: RequestCheck, settings: OutboundSettings
    ) -> HTTPFailure {
        let place = check.shownURL
        let sent = shim_curl_get_long(handle.curl, CURLINFO_REQUEST_SIZE) > 0
        let detail = handle.explanation(of: code)
        func made(_ kind: HTTPFailure.Code, _ message: String) -> HTTPFailure {
            HTTPFailure(code: kind, message: message, afterFirstByte: sent)
        }
        if state.isTooLarge {
            return made(
                .tooLarge,
                "the answer of \(place) is larger than \(settings.responseLimit) bytes; ask for less, in pages")
        }
        switch code {
        case CURLE_ABORTED_BY_CALLBACK:
            return made(.cancelled, "the request to \(place) was cancelled")
        case CURLE_COULDNT_CONNECT:
            if let objection = state.objection { return made(.forbiddenAddress, forbiddenMessage(place, objection)) }
            return made(.refused, "nobody accepts connections at \(place): \(detail)")
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY:
            return made(.dns, "the host of \(place) cannot be looked up: \(detail)")
        case CURLE_OPERATION_TIMEDOUT:
            return made(.timeout, "\(place) did not answer in time: \(detail)")
        case CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE:
            return made(.connectionLost, "the connection to \(place) broke: \(detail)")
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING:
            return made(.protocolError, "what \(place) answers is no HTTP: \(detail)")
        case CURLE_URL_MALFORMAT:
            return made(.invalidRequest, "the address at \(place) cannot be read: \(detail)")
        case _ where TLSTrouble.codes.contains(code.rawValue):
            return made(.tls, "no trustworthy TLS connection to \(place): \(detail)")
        default:
            return made(.other, "the request to \(place) failed: \(detail)")
        }
    }
}

/// The result codes that mean that TLS failed, with the server or with our own certificates.
enum TLSTrouble {
    static let codes: Set<UInt32> = Set(
        [
            CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
            CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_USE_SSL_FAILED, CURLE_SSL_INVALIDCERTSTATUS,
        ].map(\.rawValue))
}

/// Durations as libcurl takes them.
enum Milliseconds {
    /// At least 1, since 0 means "no limit" to libcurl, and at most a day.
    static func of(_ duration: Duration) -> Int {
        let (seconds, attoseconds) = duration.components
        guard seconds < 86_400 else { return 86_400_000 }
        return max(1, Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000))
    }

    /// `nil` when the moment has passed.
    static func left(until due: ContinuousClock.Instant) -> Int? {
        let left = ContinuousClock.now.duration(to: due)
        return left > .zero ? of(left) : nil
    }
}
