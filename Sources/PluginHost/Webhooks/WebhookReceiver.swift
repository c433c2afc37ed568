import Digests
import WorkflowModel

/// What becomes of a delivery: verified, then mapped. Pure: it keeps nothing and asks nobody.
public enum WebhookReceiver {
    /// What would become of `request`.
    ///
    /// - Parameter secrets: the values of the hook's secrets. With none, everything is refused.
    public static func receive(_ request: WebhookRequest, hook: Hook, secrets: [String]) -> WebhookOutcome {
        var outcome = WebhookOutcome(kind: .refused, bodyHash: hash(request))
        outcome.delivery = headerDelivery(request, hook)
        do throws(WebhookRefusal) {
            try SignatureCheck(request: request, hook: hook, secrets: secrets).run()
        } catch {
            outcome.refusal = error
            return outcome
        }
        return map(request, hook: hook)
    }

    /// What becomes of a delivery that has been verified before, such as one that was kept unmapped.
    public static func map(_ request: WebhookRequest, hook: Hook) -> WebhookOutcome {
        var outcome = WebhookOutcome(kind: .accepted, bodyHash: hash(request))
        outcome.delivery = headerDelivery(request, hook)
        let payload: Value
        do throws(WebhookRefusal) {
            payload = try DeliveryBody(manifest: hook.manifest, request: request).payload()
        } catch {
            outcome.kind = .unreadable
            outcome.refusal = error
            outcome.reason = error.detail
            outcome.events = [KeptDelivery(request: request, hook: hook, outcome: outcome).event(error.detail)]
            return outcome
        }
        let result = DeliveryMapping(
            request: request, hook: hook, payload: payload, bodyHash: outcome.bodyHash,
            headerDelivery: outcome.delivery
        ).run()
        outcome.delivery = result.delivery
        outcome.unknownWords = result.unknownWords
        if let answer = result.answer {
            outcome.kind = .handshake
            outcome.answer = answer
            return outcome
        }
        if let reason = result.ignored {
            outcome.kind = .ignored
            outcome.reason = reason
            return outcome
        }
        outcome.events = result.events
        if !result.faults.isEmpty {
            outcome.kind = .unmapped
            let reason = result.faults.joined(separator: "; ")
            outcome.reason = reason
            outcome.events.append(KeptDelivery(request: request, hook: hook, outcome: outcome).event(reason))
        }
        return outcome
    }

    /// What is kept of a genuine delivery whose events cannot be accepted, for this reason.
    public static func kept(_ request: WebhookRequest, hook: Hook, outcome: WebhookOutcome, reason: String)
        -> WebhookOutcome
    {
        var kept = outcome
        kept.kind = .unmapped
        kept.reason = reason
        kept.events = [KeptDelivery(request: request, hook: hook, outcome: outcome).event(reason)]
        return kept
    }

    /// SHA-256 over hook and body, by which the same body is recognised under another delivery's name.
    static func hash(_ request: WebhookRequest) -> String {
        var digest = SHA256()
        digest.update("\(request.name)\u{0}")
        digest.update(request.body)
        return Hex.encode(digest.finish())
    }

    /// What identifies the delivery, when a header says it: all that is known of it before it is verified.
    public static func headerDelivery(_ request: WebhookRequest, _ hook: Hook) -> String? {
        guard let name = hook.manifest.delivery?.header else { return nil }
        return request.value(of: name).flatMap(DeliveryName.checked)
    }
}

/// A genuine delivery that became no event of a known kind, as an event of its own: a person can see it, and send it again.
struct KeptDelivery {
    let request: WebhookRequest
    let hook: Hook
    let outcome: WebhookOutcome

    func event(_ reason: String) -> Event {
        var webhook: ValueMap = [
            "id": .string(outcome.delivery ?? String(outcome.bodyHash.prefix(32))), "hook": .string(hook.name),
            "plugin": .string(hook.plugin), "reason": .string(String(reason.prefix(2000))),
            "received_at": .string(request.receivedAt.rfc3339), "size": .int(Int64(request.body.count)),
        ]
        if let delivery = outcome.delivery { webhook["delivery"] = .string(delivery) }
        var headers = ValueMap()
        // What else a sender writes may be its own business.
        let kept = ["content-type", "user-agent", hook.manifest.delivery?.header?.lowercased()]
        for header in request.headers where !hook.scheme.secretHeaders.contains(header.name.lowercased()) {
            let name = header.name.lowercased()
            guard kept.contains(name) || name.hasPrefix("x-"), headers.count < 30 else { continue }
            headers[name] = .string(String(header.value.prefix(500)))
        }
        webhook["headers"] = .map(headers)
        let bytes = request.body.prefix(WebhookLimits.keptBody)
        webhook["truncated"] = .bool(bytes.count < request.body.count)
        if let text = String(validating: bytes, as: UTF8.self) {
            webhook["body"] = .string(text)
        } else {
            webhook["body_base64"] = .string(Base64Text.encode(Array(bytes)))
        }
        // The same body again says nothing new, whenever it comes.
        let name = outcome.delivery ?? String(outcome.bodyHash.prefix(32))
        var attributes: ValueMap = ["hook": .string(hook.name), "bodyhash": .string(outcome.bodyHash)]
        if let delivery = outcome.delivery { attributes["delivery"] = .string(delivery) }
        return Event(
            id: "unmapped:\(name)", source: hook.source, type: "webhook.unmapped", time: request.receivedAt,
            data: ["webhook": .map(webhook)], attributes: attributes)
    }
}
