import WorkflowModel

/// Reads the body of a delivery.
struct DeliveryBody {
    let manifest: WebhookManifest
    let request: WebhookRequest

    /// The payload.
    ///
    /// - Throws: ``WebhookRefusal`` when the content is of another type than the sender's, or cannot be read.
    func payload() throws(WebhookRefusal) -> Value {
        switch try format() {
        case .json: return try json(request.body, "the body")
        case .form:
            let fields = try form()
            guard let name = manifest.formField else { return .map(fields) }
            guard let text = fields[name]?.string else {
                throw WebhookRefusal(400, "body_unreadable", "the form has no field \(name), which holds the payload")
            }
            return try json(Array(text.utf8), "the field \(name)")
        }
    }

    /// The form that the content type names (RFC 9110, 8.3). Without one the body is taken as the first form of the sender.
    private func format() throws(WebhookRefusal) -> WebhookBodyFormat {
        let first = manifest.formats.first ?? .json
        guard let header = request.value(of: "Content-Type") else {
            guard request.values(of: "Content-Type").isEmpty else { throw unsupported("two content types") }
            return first
        }
        let parts = header.split(separator: ";")
        let type = parts.first.map { $0.filter { $0 != " " && $0 != "\t" }.lowercased() } ?? ""
        for parameter in parts.dropFirst() {
            let pair = parameter.split(separator: "=", maxSplits: 1).map {
                $0.filter { $0 != " " && $0 != "\"" }.lowercased()
            }
            if pair.first == "charset", let name = pair.dropFirst().first,
                !["utf-8", "utf8", "us-ascii"].contains(name)
            {
                throw unsupported("the character set \(name)")
            }
        }
        let format: WebhookBodyFormat? =
            switch type {
            case "application/x-www-form-urlencoded": .form
            case "application/json", "text/json": .json
            case _ where type.hasPrefix("application/") && type.hasSuffix("+json"): .json
            default: nil
            }
        guard let format, manifest.formats.contains(format) else { throw unsupported("the content type \(type)") }
        return format
    }

    private func unsupported(_ what: String) -> WebhookRefusal {
        let known = manifest.formats.map {
            switch $0 {
            case .json: "application/json"
            case .form: "application/x-www-form-urlencoded"
            }
        }
        return WebhookRefusal(
            415, "unsupported_media_type",
            "\(what.prefix(100)) is not taken here; send \(known.joined(separator: " or ")) in UTF-8")
    }

    private func json(_ bytes: [UInt8], _ what: String) throws(WebhookRefusal) -> Value {
        guard !bytes.isEmpty else { throw WebhookRefusal(400, "body_unreadable", "\(what) is empty") }
        do throws(JSONError) {
            return try JSON.parse(bytes, maximumDepth: WebhookLimits.depth)
        } catch {
            throw WebhookRefusal(400, "body_unreadable", "\(what) is no JSON that can be read: \(error)")
        }
    }

    /// The fields of a form (WHATWG URL, "application/x-www-form-urlencoded parsing"); of a field that comes several times, a list.
    private func form() throws(WebhookRefusal) -> ValueMap {
        var fields = ValueMap()
        var count = 0
        for pair in request.body.split(separator: UInt8(ascii: "&")) {
            count += 1
            guard count <= WebhookLimits.formFields else {
                throw WebhookRefusal(
                    400, "body_unreadable", "the form has more than \(WebhookLimits.formFields) fields")
            }
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = FormText.decode(parts[0]), let value = FormText.decode(parts.dropFirst().first ?? [])
            else {
                throw WebhookRefusal(400, "body_unreadable", "the form has a field that is no UTF-8 text")
            }
            switch fields[name] {
            case nil: fields[name] = .string(value)
            case .list(let values)?: fields[name] = .list(values + [.string(value)])
            case let first?: fields[name] = .list([first, .string(value)])
            }
        }
        return fields
    }
}

/// The encoding of names and values of forms and of the parameters of addresses.
public enum FormText {
    /// The text of `bytes`: `+` is a space, `%41` a byte; nil when it is no UTF-8.
    public static func decode(_ bytes: some Collection<UInt8>) -> String? {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        var rest = bytes[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"): decoded.append(0x20)
            case UInt8(ascii: "%"):
                let digits = rest.prefix(2)
                if digits.count == 2, let high = digit(digits.first), let low = digit(digits.dropFirst().first) {
                    decoded.append(high << 4 | low)
                    rest = rest.dropFirst(2)
                } else {
                    decoded.append(byte)
                }
            default: decoded.append(byte)
            }
        }
        return String(validating: decoded, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8?) -> UInt8? {
        switch byte {
        case .some(let byte) where (0x30...0x39).contains(byte): byte - 0x30
        case .some(let byte) where (0x61...0x66).contains(byte | 0x20): (byte | 0x20) - 0x61 + 10
        default: nil
        }
    }
}
