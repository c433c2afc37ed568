import Digests
import WorkflowModel
import YAML
import Shapes

/// Reads the ways in which deliveries are verified.
struct SchemeReader {
    let report: ManifestReport

    /// The kinds of proof, as `kind:` names them.
    enum Kind: String, CaseIterable {
        case hmac, header, query, basic
    }

    /// The schemes of `verify:`, by name.
    func schemes(_ node: YAMLNode) -> [WebhookScheme] {
        guard let entries = node.entries, !entries.isEmpty else {
            report.add(
                ManifestCode.wrongKind, at: node, "verify must be a mapping of names to ways to prove a delivery")
            return []
        }
        return entries.compactMap { entry in
            guard let name = entry.key.text, ManifestReader.isName(name) else {
                report.add(
                    ManifestCode.wrongValue, at: entry.key, "the name of a way has small letters, digits and _ only")
                return nil
            }
            return scheme(entry.value, name: name)
        }
    }

    /// One scheme.
    func scheme(_ node: YAMLNode, name: String) -> WebhookScheme? {
        let known = ManifestShapes.proof.names
        guard let fields = ManifestFields(node, "a way to prove a delivery", known: known, report) else { return nil }
        guard fields.requiredText("kind") != nil, let kind = fields.choice("kind", Kind.self) else { return nil }
        let allowed: Set<String> =
            switch kind {
            case .hmac:
                ["kind", "algorithm", "encoding", "header", "prefix", "separator", "signed", "key", "timestamp"]
            case .header: ["kind", "header", "prefix"]
            case .query: ["kind", "parameter"]
            case .basic: ["kind"]
            }
        for entry in node.entries ?? [] {
            guard let key = entry.key.text, known.contains(key), !allowed.contains(key) else { continue }
            report.add(ManifestCode.misplaced, at: entry.key, "\(key) has no meaning for kind: \(kind.rawValue)")
        }
        switch kind {
        case .hmac: return signature(fields).map { WebhookScheme(name: name, kind: .signature($0)) }
        case .header:
            guard let header = header(fields, "header") else { return nil }
            return WebhookScheme(name: name, kind: .header(name: header, prefix: fields["prefix"]?.text ?? ""))
        case .query:
            guard let parameter = fields.requiredText("parameter") else { return nil }
            return WebhookScheme(name: name, kind: .query(parameter: parameter))
        case .basic: return WebhookScheme(name: name, kind: .basic)
        }
    }

    private func signature(_ fields: ManifestFields) -> WebhookSignature? {
        guard let header = header(fields, "header") else { return nil }
        let time = fields["timestamp"].flatMap(time)
        let signed = fields["signed"].map(parts) ?? [.body]
        if !signed.contains(.body) {
            report.add(
                ManifestCode.wrongValue, at: fields["signed"] ?? fields.node,
                "signed must hold ${body}: without it the body could be anything")
        }
        if signed.contains(.timestamp), time == nil {
            report.add(
                ManifestCode.missingKey, at: fields.node, "signed holds ${timestamp}, but there is no key timestamp",
                help: "write timestamp: { header: NAME, unit: s, tolerance: 5m }")
        }
        if time != nil, !signed.contains(.timestamp), let node = fields["timestamp"] {
            report.add(
                ManifestCode.misplaced, at: node, "a time that the signature does not cover proves nothing",
                help: "write ${timestamp} in signed")
        }
        return WebhookSignature(
            algorithm: fields.choice("algorithm", HMAC.Algorithm.self) ?? .sha256,
            encoding: fields.choice("encoding", WebhookSignature.Encoding.self) ?? .hex, header: header,
            prefix: fields["prefix"]?.text ?? "", separator: fields.text("separator"), signed: signed,
            keyEncoding: fields.choice("key", WebhookSignature.KeyEncoding.self) ?? .text, time: time)
    }

    private func time(_ node: YAMLNode) -> SignatureTime? {
        guard
            let fields = ManifestFields(node, "timestamp", known: ManifestShapes.signatureTime.names, report),
            let header = header(fields, "header")
        else { return nil }
        return SignatureTime(
            header: header, unit: fields.choice("unit", SignatureTime.Unit.self) ?? .s,
            tolerance: fields.duration("tolerance") ?? .seconds(300))
    }

    private func header(_ fields: ManifestFields, _ key: String) -> String? {
        guard let name = fields.requiredText(key) else { return nil }
        guard HeaderName.isOne(name) else {
            if let node = fields[key] {
                report.add(ManifestCode.wrongValue, at: node, "\(name) is no name of a header")
            }
            return nil
        }
        return name
    }

    /// The pieces of `v0:${timestamp}:${body}`.
    private func parts(_ node: YAMLNode) -> [WebhookSignature.Part] {
        guard let text = node.text else {
            report.add(ManifestCode.wrongKind, at: node, "signed must be text such as ${timestamp}.${body}")
            return [.body]
        }
        var parts: [WebhookSignature.Part] = []
        var rest = Substring(text)
        while let start = rest.firstRange(of: "${") {
            if start.lowerBound > rest.startIndex { parts.append(.text(String(rest[..<start.lowerBound]))) }
            guard let end = rest[start.upperBound...].firstIndex(of: "}") else {
                report.add(ManifestCode.wrongValue, at: node, "${ is not closed in signed")
                return [.body]
            }
            let name = String(rest[start.upperBound..<end])
            switch name {
            case "body": parts.append(.body)
            case "timestamp": parts.append(.timestamp)
            case "method": parts.append(.method)
            case "url": parts.append(.url)
            case _ where name.hasPrefix("header:") && HeaderName.isOne(String(name.dropFirst(7))):
                parts.append(.header(String(name.dropFirst(7))))
            default:
                report.add(
                    ManifestCode.wrongValue, at: node, "signed cannot hold ${\(name)}",
                    help: "it takes ${body}, ${timestamp}, ${method}, ${url} and ${header:NAME}")
            }
            rest = rest[rest.index(after: end)...]
        }
        if !rest.isEmpty { parts.append(.text(String(rest))) }
        return parts
    }
}

/// Names of HTTP headers.
enum HeaderName {
    /// Whether `text` is a token (RFC 9110, 5.6.2).
    static func isOne(_ text: String) -> Bool {
        let others = Set("!#$%&'*+-.^_`|~".utf8)
        return !text.isEmpty && text.utf8.count <= 100
            && text.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
                    || others.contains($0)
            }
    }
}
