import Mustache
import WorkflowModel

/// One printing of a template: answers every look-up of swift-mustache and remembers the first thing that went wrong.
/// After a failure every look-up gives nothing, so that the rest is over quickly.
final class RenderSession {
    private(set) var failure: TemplateError?
    private let library: TemplateLibrary
    private let names: [String]
    private let lookup: (String) -> Value?
    private var bytes = 0

    init(library: TemplateLibrary, names: [String], lookup: @escaping (String) -> Value?) {
        self.library = library
        self.names = names
        self.lookup = lookup
    }

    /// Counts bytes before they are printed.
    func charge(_ count: Int, at place: SourcePlace) {
        bytes += count
        if bytes > TemplateLibrary.outputLimit {
            fail(place, "the text gets longer than \(TemplateLibrary.outputLimit) bytes; shorten the lists it prints")
        }
    }

    private func fail(_ place: SourcePlace, _ message: String) {
        if failure == nil { failure = TemplateError(place: place, message: message) }
    }

    /// What swift-mustache gets for a tag: a text for a variable, a truth value, frame or sequence for a section.
    func answer(_ name: String, from frame: Frame) -> Any? {
        if let blanks = BlankName.blanks(name) { return blanks }
        guard let number = TagName(name) else { return nil }
        let template = library.templates[number.template]
        let tag = template.scan.tags[number.tag]
        let found = failure == nil ? value(of: tag.use, from: frame) : nil
        switch tag.use.role {
        case .text:
            return found.map { text($0, of: tag.use, escaped: tag.isEscaped && template.isHTML) } ?? ""
        case .inverted:
            guard let found else { return true }
            let isEmpty = Self.elements(of: found)?.isEmpty == true
            if isEmpty { chargeBody(of: tag, number.template) }
            return !isEmpty || failure != nil
        case .section:
            guard let found, let elements = Self.elements(of: found) else {
                if found != nil { chargeBody(of: tag, number.template) }
                return found != nil && failure == nil
            }
            if case .list = found {
                return FrameSequence(elements: elements, parent: frame, session: self) { [unowned self] in
                    chargeBody(of: tag, number.template)
                }
            }
            guard let element = elements.first else { return false }
            chargeBody(of: tag, number.template)
            return Frame(session: self, value: element, parent: frame)
        }
    }

    private func chargeBody(of tag: TemplateScanner.Tag, _ template: Int) {
        if let body = tag.body { charge(library.weights[template][body], at: tag.use.place) }
    }

    /// The values a section runs over; `nil` for `true`, which runs once and brings no value.
    private static func elements(of value: Value) -> [Value]? {
        switch value {
        case .null, .bool(false): []
        case .bool(true): nil
        case .list(let elements), .optional(let elements): elements
        default: [value]
        }
    }

    // MARK: Names

    private func value(of use: NameUse, from frame: Frame) -> Value? {
        guard let first = use.path.first else {
            let current = frame.value
            if current == nil { fail(use.place, "“.” is the element at hand, and outside of sections there is none") }
            return current
        }
        guard var value = firstValue(first, from: frame) else {
            let hint = Similarity.nearest(to: first, among: names).map { "; did you mean \($0)?" } ?? ""
            fail(use.place, "nothing is named \(first) here\(hint)")
            return nil
        }
        var done = first
        for word in use.path.dropFirst() {
            switch value {
            case .map(let map):
                guard let next = map[word] else {
                    let hint = Similarity.nearest(to: word, among: map.keys.compactMap(\.string))
                    fail(use.place, "\(done) has no field \(word)" + (hint.map { "; did you mean \($0)?" } ?? ""))
                    return nil
                }
                value = next
            case .null where use.role != .text, .optional([]) where use.role != .text:
                return .null
            case .null, .optional([]):
                fail(use.place, Self.emptyMessage(done, wanted: use.name))
                return nil
            default:
                fail(use.place, "\(done) is a \(value.kindForPeople) and has no field \(word)")
                return nil
            }
            done += ".\(word)"
        }
        return value
    }

    private func firstValue(_ name: String, from frame: Frame) -> Value? {
        var frame: Frame? = frame
        while let current = frame {
            if case .map(let map)? = current.value, let value = map[name] { return value }
            frame = current.parent
        }
        return lookup(name)
    }

    private static func emptyMessage(_ name: String, wanted: String) -> String {
        "\(name) is empty; use {{#\(name)}}{{\(wanted)}}{{/\(name)}} if it may be missing, {{^\(name)}}…{{/\(name)}} for "
            + "what to write then"
    }

    // MARK: Texts

    private func text(_ value: Value, of use: NameUse, escaped: Bool) -> String {
        var text = ""
        switch value {
        case .string(let string): text = string
        case .bool(let bool): text = bool ? "true" : "false"
        case .int(let number): text = String(number)
        case .uint(let number): text = String(number)
        case .double(let number): text = Self.text(number)
        case .timestamp(let instant): text = instant.rfc3339
        case .duration(let duration): text = DurationText.forPeople(duration)
        case .optional(let held) where !held.isEmpty: return self.text(held[0], of: use, escaped: escaped)
        case .null, .optional: fail(use.place, Self.emptyMessage(use.name, wanted: use.name))
        case .list:
            fail(use.place, "\(use.name) is a list; print its elements with {{#\(use.name)}}{{.}}{{/\(use.name)}}")
        case .map:
            fail(use.place, "\(use.name) is a map; name one of its fields, like \(use.name).id")
        case .secret:
            fail(use.place, "\(use.name) holds a secret, and messages may hold none; name secrets in with: only")
        case .bytes, .type:
            fail(use.place, "\(use.name) is \(value.kindForPeople) and has no text form")
        }
        if escaped { text = HTMLText.escaped(text) }
        charge(text.utf8.count, at: use.place)
        return failure == nil ? text : ""
    }

    /// Whole numbers without `.0`, as people write them.
    private static func text(_ number: Double) -> String {
        if let whole = Int64(exactly: number), whole.magnitude < 1 << 53 { return String(whole) }
        return String(number)
    }
}

/// A value that a section brought into view; the outermost frame has none and asks the session's look-up.
final class Frame: MustacheParent {
    let value: Value?
    let parent: Frame?
    private let session: RenderSession

    init(session: RenderSession, value: Value? = nil, parent: Frame? = nil) {
        self.session = session
        self.value = value
        self.parent = parent
    }

    func child(named name: String) -> Any? { session.answer(name, from: self) }
}

/// The elements of a list, one frame each, paid for one by one.
struct FrameSequence: MustacheSequence {
    let elements: [Value]
    let parent: Frame
    let session: RenderSession
    let pay: () -> Void

    func makeIterator() -> AnyIterator<Frame> {
        var index = 0
        return AnyIterator {
            guard index < elements.count, session.failure == nil else { return nil }
            pay()
            guard session.failure == nil else { return nil }
            defer { index += 1 }
            return Frame(session: session, value: elements[index], parent: parent)
        }
    }
}

/// Text for HTML, byte by byte: a mark followed by a combining accent is still a mark to a browser.
enum HTMLText {
    static func escaped(_ text: String) -> String {
        var out: [UInt8] = []
        out.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "&"): out += "&amp;".utf8
            case UInt8(ascii: "<"): out += "&lt;".utf8
            case UInt8(ascii: ">"): out += "&gt;".utf8
            case UInt8(ascii: "\""): out += "&quot;".utf8
            case UInt8(ascii: "'"): out += "&#39;".utf8
            default: out.append(byte)
            }
        }
        return String(decoding: out, as: UTF8.self)
    }
}
