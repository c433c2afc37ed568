import Digests
import WorkflowModel

/// Whether a delivery proves where it comes from.
struct SignatureCheck {
    let request: WebhookRequest
    let hook: Hook
    /// The secrets' values.
    let secrets: [String]

    /// Refuses a delivery that does not prove where it comes from. Every code is held against every secret, whatever came of those
    /// before, and none by a comparison whose time tells where they differ.
    func run() throws(WebhookRefusal) {
        switch hook.scheme.kind {
        case .signature(let signature): try check(signature)
        case .header(let name, let prefix):
            guard let value = request.value(of: name) else { throw missing("the header \(name)") }
            guard value.lowercased().hasPrefix(prefix.lowercased()) else {
                throw wrong("the header \(name) must begin with \"\(prefix)\"")
            }
            try compare(
                Array(value.dropFirst(prefix.count).utf8), "the secret in the header \(name) is not this hook's")
        case .query(let parameter):
            let values = request.query.filter { $0.name == parameter }
            guard values.count == 1, let value = values.first?.value else {
                throw missing("the parameter \(parameter) of the address")
            }
            try compare(Array(value.utf8), "the secret in the address is not this hook's")
        case .basic:
            guard let value = request.value(of: "Authorization") else { throw missing("the header Authorization") }
            let parts = value.split(separator: " ", omittingEmptySubsequences: true)
            guard parts.count == 2, parts[0].lowercased() == "basic", let given = Base64Text.decode(parts[1]) else {
                throw wrong("the header Authorization must be Basic with user and password")
            }
            try compare(given, "user and password are not this hook's")
        }
    }

    /// Holds a secret that was sent against every secret of the hook. Hashes are compared, so that not even a length shows.
    private func compare(_ given: [UInt8], _ problem: String) throws(WebhookRefusal) {
        let digest = SHA256.digest(of: given)
        var fits = false
        for secret in secrets {
            let isSame = ConstantTime.equal(digest, SHA256.digest(of: Array(secret.utf8)))
            fits = isSame || fits
        }
        guard fits, !secrets.isEmpty else { throw wrong(problem) }
    }

    private func check(_ signature: WebhookSignature) throws(WebhookRefusal) {
        guard let header = request.value(of: signature.header), !header.isEmpty else {
            throw missing("the header \(signature.header)")
        }
        var stamp: String?
        if let time = signature.time {
            guard let text = request.value(of: time.header), !text.isEmpty else {
                throw missing("the header \(time.header)")
            }
            stamp = text
        }
        let message = try SignedText(request: request, hook: hook, stamp: stamp).bytes(signature)
        var pieces = [Substring(header)]
        if let separator = signature.separator { pieces = header.split(separator: separator) }
        guard pieces.count <= WebhookLimits.signatures else {
            throw wrong("the header \(signature.header) has more than \(WebhookLimits.signatures) signatures")
        }
        var fits = false
        for secret in secrets {
            let code = HMAC.code(signature.algorithm, key: signature.key(secret), message: message)
            for piece in pieces {
                let isSame = ConstantTime.equal(signature.code(in: piece) ?? [], code)
                fits = isSame || fits
            }
        }
        guard fits else {
            throw wrong(
                "no signature in \(signature.header) fits: sign the raw body with the secret of this hook, and let nothing on "
                    + "the way change the body")
        }
        if let time = signature.time, let stamp { try checkAge(time, stamp) }
    }

    private func checkAge(_ time: SignatureTime, _ stamp: String) throws(WebhookRefusal) {
        guard let instant = time.unit.instant(stamp) else {
            throw WebhookRefusal(
                401, "signature_stale", "the header \(time.header) is no time", challenge: hook.scheme.challenge)
        }
        let age = request.receivedAt - instant
        guard age <= time.tolerance, age >= .zero - time.tolerance else {
            throw WebhookRefusal(
                401, "signature_stale",
                "the signature is of \(instant.rfc3339), more than \(DurationText.forPeople(time.tolerance)) "
                    + (age > .zero ? "ago" : "from now")
                    + ": send the delivery anew, or look at the clocks of both machines",
                challenge: hook.scheme.challenge)
        }
    }

    private func missing(_ what: String) -> WebhookRefusal {
        WebhookRefusal(
            401, "signature_missing",
            "\(what) is missing, or there twice: this hook takes only deliveries that prove their origin",
            challenge: hook.scheme.challenge)
    }

    private func wrong(_ problem: String) -> WebhookRefusal {
        WebhookRefusal(401, "signature_wrong", problem, challenge: hook.scheme.challenge)
    }
}

extension WebhookSignature {
    /// The key that the text of a secret gives.
    func key(_ secret: String) -> [UInt8] {
        switch keyEncoding {
        case .text: return Array(secret.utf8)
        case .base64:
            // `whsec_` and its like name the kind of secret; no `_` is in the alphabet.
            let text = secret.split(separator: "_", omittingEmptySubsequences: false).last ?? ""
            return Base64Text.decode(text) ?? Array(secret.utf8)
        }
    }

    /// The code that a piece of the header holds; nil when it is of another version, or none.
    func code(in piece: Substring) -> [UInt8]? {
        let text = piece.trimmingPrefix { $0 == " " }
        guard text.hasPrefix(prefix) else { return nil }
        let code = text.dropFirst(prefix.count)
        switch encoding {
        case .hex: return Hex.decode(code)
        case .base64: return Base64Text.decode(code)
        }
    }

    /// A code as the header has it.
    func header(_ code: [UInt8]) -> String {
        switch encoding {
        case .hex: prefix + Hex.encode(code)
        case .base64: prefix + Base64Text.encode(code)
        }
    }
}

/// The bytes that a signature covers.
struct SignedText {
    let request: WebhookRequest
    let hook: Hook
    /// The text of the time header.
    let stamp: String?

    func bytes(_ signature: WebhookSignature) throws(WebhookRefusal) -> [UInt8] {
        if signature.signed == [.body] { return request.body }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(request.body.count + 256)
        for part in signature.signed {
            switch part {
            case .text(let text): bytes += text.utf8
            case .body: bytes += request.body
            case .timestamp: bytes += (stamp ?? "").utf8
            case .method: bytes += request.method.utf8
            case .url: bytes += (hook.url ?? "").utf8
            case .header(let name):
                guard let value = request.value(of: name) else {
                    throw WebhookRefusal(
                        401, "signature_missing", "the header \(name), which the signature covers, is missing",
                        challenge: hook.scheme.challenge)
                }
                bytes += value.utf8
            }
        }
        return bytes
    }
}

extension SignatureTime.Unit {
    /// The instant that a header's text stands for.
    func instant(_ text: String) -> Timestamp? {
        switch self {
        case .rfc3339: return Timestamp(rfc3339: text)
        case .s, .ms:
            guard let number = Int64(text), number >= 0 else { return nil }
            let instant = self == .s ? Timestamp(seconds: number) : Timestamp(milliseconds: number)
            return instant <= .latest ? instant : nil
        }
    }

    /// An instant as a header has it.
    func text(_ instant: Timestamp) -> String {
        switch self {
        case .rfc3339: instant.rfc3339
        case .s: String(instant.seconds)
        case .ms: String(instant.milliseconds)
        }
    }
}
