import Expressions
import WorkflowModel

/// Turns a verified payload into events.
struct DeliveryMapping {
    let request: WebhookRequest
    let hook: Hook
    let payload: Value
    let bodyHash: String
    /// What identifies the delivery, when a header says it.
    let headerDelivery: String?

    /// Why a part of a delivery became no event.
    struct Fault: Error {
        let message: String
    }

    /// What came of it, as far as it went.
    struct Result {
        var delivery: String?
        var events: [Event] = []
        var answer: Value?
        var ignored: String?
        var faults: [String] = []
        var unknownWords: [WebhookOutcome.UnknownWord] = []
        /// Names of the manifest that could not be computed, with the reason.
        var unknownNames: [String] = []
    }

    func run() -> Result {
        var result = Result()
        let notes = MappingNotes()
        do throws(EvaluationError) {
            var scope = scope(notes)
            result.delivery = headerDelivery
            if let value = try hook.manifest.delivery?.value?.value(in: scope).flatMap(Self.identity) {
                result.delivery = value
            }
            scope.values["delivery"] = result.delivery.map(Value.string) ?? .null
            // A name that cannot be computed is not there for the rules: those that need it do not fit.
            for name in hook.manifest.names {
                do throws(EvaluationError) {
                    scope.values[name.name] = try name.value.value(in: scope) ?? .null
                } catch {
                    result.unknownNames.append("\(name.name): \(error.message)")
                }
            }
            if let handshake = hook.manifest.handshake, try handshake.when.hold(in: scope) {
                result.answer = CELJSON.value(try handshake.answer.value(in: scope) ?? .null)
                return result
            }
            let actor = try hook.manifest.actor?.value(in: scope).flatMap(Self.plain)
            let origin: Event.Origin = actor.map(hook.own.contains) == true ? .own : .outside
            apply(scope, origin, &result)
        } catch {
            result.faults.append(error.message)
        }
        result.unknownWords = notes.unknownWords
        for index in result.events.indices {
            result.events[index].attributes = attributes(result)
        }
        return result
    }

    private func scope(_ notes: MappingNotes) -> MappingScope {
        let hidden = Set(hook.scheme.secretHeaders + ["authorization", "proxy-authorization", "cookie"])
        var headers = ValueMap()
        for header in request.headers {
            let name = header.name.lowercased()
            guard !hidden.contains(name) else { continue }
            headers[name] = .string(headers[name]?.string.map { "\($0), \(header.value)" } ?? header.value)
        }
        var query = ValueMap()
        for parameter in request.query {
            if case .query(parameter.name) = hook.scheme.kind { continue }
            query[parameter.name] = .string(parameter.value)
        }
        return MappingScope(
            values: [
                "body": payload, "headers": .map(headers), "query": .map(query), "hook": .string(hook.name),
                "settings": .map(hook.settings), "now": .timestamp(request.receivedAt),
            ], now: request.receivedAt, words: hook.words, notes: notes)
    }

    private func apply(_ scope: MappingScope, _ origin: Event.Origin, _ result: inout Result) {
        for rule in hook.manifest.rules {
            do {
                for element in try elements(of: rule, scope) {
                    let here = element.map { scope.with(rule.each?.name ?? "", $0) } ?? scope
                    guard try rule.when.hold(in: here) else { continue }
                    switch rule.result {
                    case .ignore(let reason):
                        if result.events.isEmpty, result.faults.isEmpty { result.ignored = reason }
                        return
                    case .event(let form):
                        guard result.events.count < WebhookLimits.events else {
                            throw Fault(
                                message:
                                    "the delivery has more than \(WebhookLimits.events) events; the others are left out"
                            )
                        }
                        do {
                            result.events.append(try event(form, here, origin, result))
                        } catch {
                            note(error, &result)
                        }
                    }
                }
            } catch {
                note(error, &result)
            }
        }
        if result.events.isEmpty, result.faults.isEmpty {
            result.faults.append("no rule of the plugin \(hook.plugin) fits this delivery")
            result.faults += result.unknownNames.prefix(5)
        }
    }

    private func note(_ error: any Error, _ result: inout Result) {
        let message = (error as? Fault)?.message ?? (error as? EvaluationError)?.message ?? "\(error)"
        if !result.faults.contains(message), result.faults.count < 10 { result.faults.append(message) }
    }

    /// The elements that a rule looks at; one nil for the delivery as a whole.
    private func elements(of rule: WebhookRule, _ scope: MappingScope) throws -> [Value?] {
        guard let each = rule.each else { return [nil] }
        guard let value = try MappedValue.expression(each.list).value(in: scope) else {
            throw Fault(message: "`\(each.list.expression.text)` is not in the body")
        }
        guard let items = value.list else {
            throw Fault(message: "`\(each.list.expression.text)` is \(value.kindForPeople), not a list")
        }
        return items
    }

    private func event(
        _ form: WebhookEventForm, _ scope: MappingScope, _ origin: Event.Origin, _ result: Result
    ) throws -> Event {
        guard let type = try form.type.value(in: scope)?.string, EventTypeName.isOne(type) else {
            throw Fault(message: "the type of the event is missing, or no name such as ticket.created")
        }
        guard case .map(let data)? = try form.data.value(in: scope).map(CELJSON.value) else {
            throw Fault(message: "\(type): the delivery has none of the fields that make the event")
        }
        if let violation = EventCatalog.standard.schema(ofType: type)?.violations(of: .map(data), limit: 1).first {
            throw Fault(message: "\(type): \(violation)")
        }
        var id = identity(result)
        if let given = try form.id?.value(in: scope).flatMap(Self.identity) { id = given }
        let subject = try form.subject?.value(in: scope).flatMap(Self.identity)
        var time = request.receivedAt
        switch try form.time?.value(in: scope) {
        case .timestamp(let instant)?: time = instant
        case nil, .null?: break
        case let other?:
            guard let instant = other.string.flatMap(SenderTime.parse) else {
                throw Fault(message: "\(type): the time is \(other.kindForPeople); moment(…) reads times")
            }
            time = instant
        }
        return Event(
            id: id, source: hook.source, type: type, subject: subject, time: time, data: data, origin: origin)
    }

    /// An id for an event that has none of its own: the delivery's, and for all but its first event a number.
    private func identity(_ result: Result) -> String {
        let base = result.delivery ?? "\(bodyHash.prefix(32))@\(request.receivedAt.rfc3339)"
        return result.events.isEmpty ? base : "\(base)#\(result.events.count + 1)"
    }

    private func attributes(_ result: Result) -> ValueMap {
        var attributes: ValueMap = ["hook": .string(hook.name), "bodyhash": .string(bodyHash)]
        if let delivery = result.delivery { attributes["delivery"] = .string(delivery) }
        if !result.unknownWords.isEmpty {
            let words = result.unknownWords.map { "\($0.table): \($0.word.prefix(60))" }.joined(separator: "; ")
            attributes["unmapped"] = .string(String(words.prefix(500)))
        }
        return attributes
    }

    /// A text or number that identifies something: without control characters, and hashed when it is long.
    static func identity(_ value: Value) -> String? {
        guard let text = plain(value), !text.isEmpty else { return nil }
        return DeliveryName.checked(text)
    }

    private static func plain(_ value: Value) -> String? {
        value.string ?? value.int.map { String($0) }
    }
}
