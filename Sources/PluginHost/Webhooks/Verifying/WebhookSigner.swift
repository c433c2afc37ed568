import Digests
import WorkflowModel

/// Signs a delivery as its sender would, to try a hook out.
public enum WebhookSigner {
    /// The headers and parameters of the address that prove `request` with `secret`. Headers that the request has already, such as the
    /// time of the signature, are used as they are.
    ///
    /// - Throws: ``WebhookRefusal`` when a header that the signature covers is missing.
    public static func proof(
        of request: WebhookRequest, for hook: Hook, secret: String
    ) throws(WebhookRefusal) -> (headers: [WebhookRequest.Header], query: [WebhookRequest.Header]) {
        switch hook.scheme.kind {
        case .header(let name, let prefix): return ([.init(name, prefix + secret)], [])
        case .query(let parameter): return ([], [.init(parameter, secret)])
        case .basic: return ([.init("Authorization", "Basic " + Base64Text.encode(Array(secret.utf8)))], [])
        case .signature(let signature):
            var headers: [WebhookRequest.Header] = []
            var stamp: String?
            if let time = signature.time {
                stamp = request.value(of: time.header) ?? time.unit.text(request.receivedAt)
                if request.value(of: time.header) == nil, let stamp { headers.append(.init(time.header, stamp)) }
            }
            let message = try SignedText(request: request, hook: hook, stamp: stamp).bytes(signature)
            let code = HMAC.code(signature.algorithm, key: signature.key(secret), message: message)
            headers.append(.init(signature.header, signature.header(code)))
            return (headers, [])
        }
    }
}
