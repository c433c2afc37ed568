/// Why an event was refused: which attribute, and what to do.
public struct EventError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The attribute, `id`, or nil for the envelope itself.
    public var attribute: String?
    /// What is wrong and what to do, in words.
    public var message: String

    /// An error about `attribute`.
    public init(_ attribute: String?, _ message: String) {
        self.attribute = attribute
        self.message = message
    }

    /// The attribute and what is wrong with it.
    public var description: String { attribute.map { "\($0): \(message)" } ?? message }
}

extension Event {
    /// The longest id, source, type or subject, in bytes.
    public static let maximumAttributeLength = 1024

    /// The most attributes besides those that CloudEvents names.
    public static let maximumAttributes = 100

    /// What only Signalbox says of an event: whether it is an echo of our own, and what it came from. An envelope from outside that
    /// claims it is not believed.
    public static let ownAttributes = ["origin", "depth", "causedby"]

    /// Reads a CloudEvents 1.0 event in the JSON format (cloudevents/spec, json-format 1.0.2), as it comes from outside: its
    /// ``ownAttributes`` are left out.
    ///
    /// `now` is the event's time when it has none. Data must be a JSON object; other data is put under the key `value`.
    /// - Throws: ``EventError`` naming the attribute.
    public init(cloudEvent value: Value, now: Timestamp) throws(EventError) {
        guard case .map(let map) = value else {
            throw EventError(
                nil, "an event must be a JSON object with id, source, type and data; this is \(value.kindForPeople)")
        }
        func text(_ name: String) throws(EventError) -> String? {
            guard let value = map[name], !value.isNull else { return nil }
            guard let text = value.string else { throw EventError(name, "must be text, is \(value.kindForPeople)") }
            guard !text.isEmpty else { throw EventError(name, "must not be empty") }
            guard text.utf8.count <= Event.maximumAttributeLength else {
                throw EventError(name, "is longer than \(Event.maximumAttributeLength) bytes")
            }
            try Event.checkCharacters(text, of: name)
            return text
        }
        func required(_ name: String, _ why: String) throws(EventError) -> String {
            guard let text = try text(name) else { throw EventError(name, "is missing; \(why)") }
            return text
        }
        let version = try required("specversion", "a CloudEvents envelope says \"specversion\": \"1.0\"")
        guard version == "1.0" else { throw EventError("specversion", "only 1.0 is supported, this says \(version)") }
        let id = try required("id", "it names the event, so that the same event is acted on once")
        let source = try required("source", "it names the sender; source and id together are accepted once")
        let type = try required("type", "it says what happened, such as ticket.created")
        var time = now
        if case .timestamp(let instant)? = map["time"] {
            // An envelope that never was JSON: what another process hands over.
            time = instant
        } else if let text = try text("time") {
            guard let instant = Timestamp(rfc3339: text) else {
                throw EventError("time", "must be RFC 3339 such as 2026-11-22T08:00:00Z, is \"\(text)\"")
            }
            time = instant
        }
        let data: ValueMap
        if let plain = map["data"], !plain.isNull, let encoded = map["data_base64"], !encoded.isNull {
            throw EventError("data_base64", "data is there too; only one of them may be")
        }
        switch map["data"] {
        case .map(let object)?: data = object
        case nil, .null?:
            if let encoded = map["data_base64"] {
                guard let text = encoded.string, let bytes = Base64Text.decode(text) else {
                    throw EventError("data_base64", "is not base64")
                }
                data = ["value": .bytes(bytes)]
            } else {
                data = ValueMap()
            }
        case let other?: data = ["value": other]
        }
        let known = Set(
            ["specversion", "id", "source", "type", "subject", "time", "data", "data_base64"] + Event.ownAttributes)
        var attributes = ValueMap()
        guard map.count <= known.count + Event.maximumAttributes else {
            throw EventError(nil, "has more than \(Event.maximumAttributes) attributes; put your own fields under data")
        }
        for entry in map {
            guard let name = entry.key.string, !known.contains(name) else { continue }
            guard name.utf8.allSatisfy({ (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) }) else {
                throw EventError(
                    name, "attribute names have only the letters a to z and digits; put your own fields under data")
            }
            switch entry.value {
            case .string(let text):
                guard text.utf8.count <= Event.maximumAttributeLength else {
                    throw EventError(name, "is longer than \(Event.maximumAttributeLength) bytes")
                }
                try Event.checkCharacters(text, of: name)
                attributes[name] = entry.value
            case .bool: attributes[name] = entry.value
            case .int(let number):
                guard Int32(exactly: number) != nil else {
                    throw EventError(name, "a whole number of an attribute has 32 bits; put larger ones under data")
                }
                attributes[name] = entry.value
            case .null: break
            default:
                throw EventError(
                    name, "an attribute must be text, a whole number or true/false; put structures under data")
            }
        }
        self.init(
            id: id, source: source, type: type, subject: try text("subject"), time: time, data: data,
            attributes: attributes)
    }

    /// Reads an event that another process of this workspace hands over: whether it is an echo of our own is believed, since that process
    /// has worked it out itself.
    ///
    /// - Throws: ``EventError`` naming the attribute.
    public init(handedOver value: Value, now: Timestamp) throws(EventError) {
        try self.init(cloudEvent: value, now: now)
        origin = value["origin"]?.string.flatMap(Origin.init) ?? .outside
    }

    /// Refuses what CloudEvents' type String does not allow: control characters and what Unicode calls noncharacters.
    private static func checkCharacters(_ text: String, of name: String) throws(EventError) {
        var isPlain = true
        for byte in text.utf8 {
            guard byte >= 0x20, byte != 0x7F else { throw EventError(name, "has a control character in it") }
            if byte >= 0x80 { isPlain = false }
        }
        guard !isPlain else { return }
        for scalar in text.unicodeScalars {
            let value = scalar.value
            guard value < 0x80 || value > 0x9F else { throw EventError(name, "has a control character in it") }
            guard value & 0xFFFE != 0xFFFE, !(0xFDD0...0xFDEF).contains(value) else {
                throw EventError(name, "has a code point in it that is no character")
            }
        }
    }
}
