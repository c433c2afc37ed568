import Access
import PluginKit
import WorkflowEngine
import WorkflowModel

/// What plugins know and let people change: tickets, incidents, SLA clocks. Each is an action of a plugin; its schemas are those of the
/// operation, so that playbooks, commands and the API use the same. An operation is there when its action is.
enum FactOperations {
    static func all(_ registry: PluginRegistry) -> [Operation] {
        looks.compactMap { $0.operation(registry) } + deeds.compactMap { $0.operation(registry) }
    }

    private static let looks: [Look] = [
        Look(
            "listTickets", "tickets", "tickets", "ticket.find", "Tickets that are known.", list: "tickets",
            newestBefore: "created_before"),
        Look("showTicket", "tickets/{ticket}", "tickets", "ticket.get", "A ticket as it is known.", part: "ticket"),
        Look(
            "listIncidents", "incidents", "incidents", "incident.list", "Incidents, newest first.", list: "incidents",
            newestBefore: "declared_before"),
        Look(
            "showIncident", "incidents/{incident}", "incidents", "incident.get", "An incident with its timeline.",
            part: "incident"),
        Look(
            "listClocks", "sla/clocks", "sla", "sla.board", "Running clocks by the time that is left.", list: "clocks"),
        Look(
            "explainClocks", "sla/tickets/{ticket}", "sla", "sla.explain",
            "The clocks of a ticket, interval by interval.", part: "ticket"),
        Look("planClock", "sla/due", "sla", "sla.due", "When a target would be due."),
        Look(
            "previewPolicies", "sla/reapply", "sla", "sla.preview",
            "What applying today's policies to running clocks would change."),
    ]

    private static let deeds: [Deed] = [
        Deed("declareIncident", "incidents", "incidents", "incident.declare", "Declares an incident.", makes: "id"),
        Deed(
            "updateIncident", "incidents/{incident}/update", "incidents", "incident.update",
            "Changes what is known of an incident.", part: "incident"),
        Deed(
            "resolveIncident", "incidents/{incident}/resolve", "incidents", "incident.resolve",
            "Says that an incident is over.", part: "incident"),
        Deed("pinClock", "sla/pin", "sla", "sla.pin", "Sets the due date of a clock by hand."),
        Deed("cancelClock", "sla/cancel", "sla", "sla.cancel", "Ends a clock that should not run."),
        Deed("reapplyPolicies", "sla/reapply", "sla", "sla.reapply", "Applies today's policies to running clocks."),
    ]
}

/// An operation that looks, by a `read` action.
private struct Look: Sendable {
    let id, path, tag, action, summary: String
    /// The part of the path that is an input of the action.
    let part: String?
    /// The field of the output with the items of a list that has pages, by the inputs `limit` and `skip`.
    let list: String?
    /// The input that leaves out what is newer than a moment. A list in which the newest come first has the moment of its first page in
    /// its cursors, so that what comes meanwhile moves nothing.
    let newestBefore: String?

    init(
        _ id: String, _ path: String, _ tag: String, _ action: String, _ summary: String, part: String? = nil,
        list: String? = nil, newestBefore: String? = nil
    ) {
        (self.id, self.path, self.tag, self.action, self.summary) = (id, path, tag, action, summary)
        (self.part, self.list, self.newestBefore) = (part, list, newestBefore)
    }

    func operation(_ registry: PluginRegistry) -> Operation? {
        guard let entry = registry[action], entry.manifest.effect == .read || entry.manifest.effect == .pure else {
            return nil
        }
        let input = ActionPart.input(of: entry, part)
        let paged = list == nil ? [] : ["limit", "skip"]
        let parameters =
            (part.map { [Parameter.path($0, "Its id.")] } ?? [])
            + entry.manifest.input.properties.filter {
                $0.name != input && $0.name != "by" && !paged.contains($0.name)
            }.compactMap {
                Look.parameter($0.name, $0.schema)
            } + (list == nil ? [] : Parameter.page)
        let required = entry.manifest.input.required.filter { $0 != input }
        let look = self
        return Operation(
            id: id, method: .get, path: "\(API.root)/\(path)", tag: tag, summary: summary,
            detail: entry.manifest.summary, need: .read(), parameters: parameters,
            answer: list.map { ActionPart.page(of: entry, $0) } ?? SchemaJSON.value(entry.manifest.output),
            problems: [400, 404, 422],
            work: .answer { call in
                var values = ValueMap()
                if let input, let part = look.part { values[input] = .string(call.part(part)) }
                for parameter in parameters where parameter.place == .query && parameter.name != "cursor" {
                    guard let texts = call.query.texts(parameter.name) else { continue }
                    let read = texts.map { QueryValues.read($0, parameter.schema) ?? .string($0) }
                    values[parameter.name] = parameter.isRepeated ? .list(read) : read[0]
                }
                for name in required where values[name] == nil {
                    throw APIProblem.badParameter(name, "is missing")
                }
                if let list = look.list { return try await look.page(list, values, call) }
                return APIAnswer(try await look.perform(values, call))
            })
    }

    private func perform(_ values: ValueMap, _ call: Call) async throws -> Value {
        do {
            let output = try await call.services.look(action, values)
            if let part, output["found"]?.bool == false {
                throw APIProblem.notFound("there is no \(part) \(call.part(part))")
            }
            return output
        } catch let failure as Failure {
            throw ActionPart.problem(failure)
        }
    }

    private func page(_ list: String, _ values: ValueMap, _ call: Call) async throws -> APIAnswer {
        var values = values
        let page = try call.query.page(of: id)
        let place = page.after?.split(separator: " ")
        let skip = place.flatMap { Int64($0[0]) } ?? 0
        var moment = (place?.count ?? 0) > 1 ? place.map { String($0[1]) } : nil
        values["limit"] = .int(Int64(page.limit))
        values["skip"] = .int(skip)
        if let newestBefore, values[newestBefore] == nil {
            // Of an order that the caller chooses only the one by newest first is meant.
            let isNewestFirst = values["order"].map { $0 == "newest" } ?? (tag == "incidents")
            if isNewestFirst {
                moment = moment ?? call.services.clock.now.rfc3339
                values[newestBefore] = moment.map(Value.string)
            }
        }
        let output = try await perform(values, call)
        let items = output[list]?.list ?? []
        let next = "\(skip + Int64(items.count))" + (moment.map { " \($0)" } ?? "")
        var answer = Page.answer(items, list: id, last: output["more"] == true && !items.isEmpty ? next : nil)
        if var map = answer.value.map {
            map["count"] = output["total"] ?? output["count"]
            answer.value = .map(map)
        }
        return answer
    }

    /// A parameter for an input; nil for one that has no form behind a `?`.
    private static func parameter(_ name: String, _ schema: Schema) -> Parameter? {
        let types = schema.types.filter { $0 != "null" }
        if types.contains("array") {
            var item = schema.items.first ?? Schema(types: ["string"])
            if item.types.isEmpty { item.types = ["string"] }
            guard let first = item.types.first, !["array", "object"].contains(first) else { return nil }
            return Parameter(
                name: name, schema: item, description: schema.description ?? "As the action has it.", isRepeated: true)
        }
        guard let first = types.first, first != "object" else { return nil }
        var plain = schema
        plain.types = [types.contains("string") ? "string" : first]
        return Parameter(name: name, schema: plain, description: schema.description ?? "As the action has it.")
    }
}

/// An operation that changes what a plugin keeps, by a `state` action performed for the person who asks.
private struct Deed: Sendable {
    let id, path, tag, action, summary: String
    /// The part of the path that is an input of the action.
    let part: String?
    /// The field of the output that names what was made; nil when nothing is.
    let makes: String?

    init(
        _ id: String, _ path: String, _ tag: String, _ action: String, _ summary: String, part: String? = nil,
        makes: String? = nil
    ) {
        (self.id, self.path, self.tag, self.action, self.summary) = (id, path, tag, action, summary)
        self.part = part
        self.makes = makes
    }

    func operation(_ registry: PluginRegistry) -> Operation? {
        guard let entry = registry[action], entry.manifest.effect == .state else { return nil }
        let input = ActionPart.input(of: entry, part)
        var schema = entry.manifest.input
        let takesPerson = schema.property("by") != nil
        // Who says so is the person who asks, not what they write.
        schema.properties.removeAll { $0.name == input || $0.name == "by" }
        schema.required.removeAll { $0 == input || $0 == "by" }
        schema.properties.append(Schema.Property("for", Fields.person))
        schema.types = ["object"]
        var example = entry.manifest.examples.first?.with.map ?? ValueMap()
        if let input { example[input] = nil }
        example["by"] = nil
        let (action, part, makes, path) = (action, part, makes, path)
        return Operation(
            id: id, method: .post, path: "\(API.root)/\(path)", tag: tag, summary: summary,
            detail: entry.manifest.summary, need: .act(.coordinator),
            parameters: part.map { [Parameter.path($0, "Its id.")] } ?? [],
            body: BodyDescription(schema: schema, example: .map(example)), status: makes == nil ? 200 : 201,
            answer: SchemaWords.object(
                "What the action gave.",
                [
                    "deed": SchemaWords.text("The id by which the audit log and the events name it."),
                    "output": SchemaJSON.value(entry.manifest.output),
                ]), problems: [404, 409],
            work: .answer { call in
                var values = call.body
                values["for"] = nil
                if let input, let part { values[input] = .string(call.part(part)) }
                if takesPerson { values["by"] = .string(try call.actor().id) }
                let answer: Value
                let isRepeated: Bool
                do {
                    (answer, isRepeated) = try await call.decide(
                        "act", ["action": .string(action), "input": .map(values)])
                } catch var problem as APIProblem where problem.code == part.map({ "unknown_\($0)" }) {
                    problem.status = 404
                    throw problem
                }
                let output = answer["output"] ?? .null
                let made = makes.flatMap { output[$0]?.string }
                return APIAnswer(
                    ["deed": answer["id"] ?? .null, "output": output],
                    location: made.map { "\(API.root)/\(path)/\($0)" }, isRepeated: isRepeated)
            })
    }
}

/// How parts of paths and failures of actions meet.
private enum ActionPart {
    /// The input that the part of a path is: of the same name, else `id`.
    static func input(of entry: PluginRegistry.Entry, _ part: String?) -> String? {
        guard let part else { return nil }
        return entry.manifest.input.property(part) != nil ? part : "id"
    }

    /// What a page of a list is like: its items as the action describes them, and how many there are in all.
    static func page(of entry: PluginRegistry.Entry, _ list: String) -> Value {
        let items = entry.manifest.output.property(list)?.items.first.map(SchemaJSON.value) ?? [:]
        return SchemaWords.object(
            "A page of a list.",
            [
                "items": SchemaWords.list(items, "What is on this page."),
                "next": SchemaWords.orNull(SchemaWords.text("The cursor of the next page; null at the end.")),
                "count": (entry.manifest.output.property("total") ?? entry.manifest.output.property("count")).map(
                    SchemaJSON.value) ?? ["type": "integer"],
            ])
    }

    /// What a failure of a look is to those who ask over HTTP.
    static func problem(_ failure: Failure) -> APIProblem {
        let isUnknown = failure.code == "not_found" || failure.code.hasPrefix("unknown_")
        return APIProblem(
            isUnknown ? 404 : failure.kind == .transient ? 503 : 422, failure.code, failure.message)
    }
}
