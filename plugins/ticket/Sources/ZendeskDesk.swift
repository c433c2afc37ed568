import PluginKit
import WorkflowModel

/// Zendesk's ticketing API, version 2: `PUT /tickets/{id}` with fields and a comment, `PUT` and `DELETE /tickets/{id}/tags`
/// (Zendesk developer documentation, "Tickets" and "Tags").
struct ZendeskDesk {
    /// One request without its credentials.
    struct Call: Sendable, Hashable {
        var method: String
        var path: String
        var body: Value

        /// What a rehearsal shows.
        var shown: Value { ["method": .string(method), "path": .string(path), "body": body] }
    }

    private static let priorities = ["P1": "urgent", "P2": "high", "P3": "normal", "P4": "low"]

    let account: ZendeskAccount

    /// The requests that carry `order` out, in order. Each may be sent twice without harm, but for one with a comment.
    func requests(for order: DeskOrder) throws -> [Call] {
        let path = try Self.path(order.ticket)
        var calls: [Call] = []
        if !order.addedTags.isEmpty {
            calls.append(Call(method: "PUT", path: path + "/tags", body: Self.tags(order.addedTags)))
        }
        if !order.removedTags.isEmpty {
            calls.append(Call(method: "DELETE", path: path + "/tags", body: Self.tags(order.removedTags)))
        }
        var ticket = try fields(order)
        if let comment = order.comment {
            ticket["comment"] = ["body": .string(comment.text), "public": .bool(comment.isPublic)]
        } else if let link = order.link {
            ticket["comment"] = ["body": .string(Self.words(link)), "public": false]
        }
        if !ticket.isEmpty { calls.append(Call(method: "PUT", path: path, body: ["ticket": .map(ticket)])) }
        return calls
    }

    /// Sends the requests of `order`.
    ///
    /// - Throws: ``WorkflowModel/Failure`` of the kind that the answer calls for.
    func carryOut(_ order: DeskOrder, in context: WriteContext) async throws {
        for call in try requests(for: order) { _ = try await send(call, in: context) }
    }

    /// Whether the desk shows the order as carried out; nil when that cannot be told.
    func holds(_ order: DeskOrder, in context: WriteContext) async throws -> Bool? {
        guard order.comment == nil, order.link == nil else { return nil }
        let call = Call(method: "GET", path: try Self.path(order.ticket), body: .null)
        let answer = try JSON.parse(try await send(call, in: context).body)
        guard let ticket = answer["ticket"]?.map else { return nil }
        for entry in try fields(order) where entry.key != .string("custom_fields") {
            guard ticket[entry.key] == entry.value else { return false }
        }
        for field in try fields(order)["custom_fields"]?.list ?? [] {
            guard
                ticket["custom_fields"]?.list?.contains(where: {
                    $0["id"] == field["id"] && $0["value"] == field["value"]
                })
                    == true
            else { return false }
        }
        let tags = (ticket["tags"]?.list ?? []).compactMap(\.string)
        return order.addedTags.allSatisfy(tags.contains) && !order.removedTags.contains(where: tags.contains)
    }

    private func send(_ call: Call, in context: WriteContext) async throws -> HTTPResponse {
        var headers = [
            ("Authorization", try await account.authorization(context.secrets)), ("Accept", "application/json"),
        ]
        if !call.body.isNull {
            headers += [("Content-Type", "application/json"), ("Idempotency-Key", context.idempotencyKey)]
        }
        let request = HTTPRequest(
            method: call.method, url: account.base + call.path,
            headers: headers.map { (name: $0.0, value: $0.1) },
            body: call.body.isNull ? [] : JSONWriter.data(call.body))
        do {
            let response = try await context.http.send(request, deadline: context.timeout)
            if let failure = DeskAnswer.failure(of: response, to: call.method, now: context.action.now) {
                throw failure
            }
            return response
        } catch let failure as HTTPFailure {
            throw DeskAnswer.failure(of: failure, to: call.method)
        }
    }

    private func fields(_ order: DeskOrder) throws -> ValueMap {
        var ticket = ValueMap()
        var custom: [Value] = []
        for entry in order.fields {
            let field = entry.key.jsonText
            switch (field, entry.value) {
            case ("status", let value): ticket["status"] = value
            case ("priority", .string(let priority)):
                ticket["priority"] = .string(Self.priorities[priority] ?? priority.lowercased())
            case ("assignee", .string(let person)): ticket["assignee_id"] = try account.user(person)
            case ("assignee", _): ticket["assignee_id"] = .null
            case ("team", .string(let team)): ticket["group_id"] = try account.group(team)
            case ("due_at", let value): ticket["due_at"] = value.timestamp.map { .string($0.rfc3339) } ?? value
            case (_, let value): custom.append(["id": try account.customField(field), "value": value])
            }
        }
        if !custom.isEmpty { ticket["custom_fields"] = .list(custom) }
        return ticket
    }

    private static func path(_ ticket: String) throws -> String {
        guard !ticket.isEmpty, ticket.utf8.count <= 20, ticket.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            throw Failure.invalidInput("Zendesk's tickets have whole numbers for ids, this is \(ticket)")
        }
        return "/tickets/\(ticket)"
    }

    private static func tags(_ tags: [String]) -> Value { ["tags": .list(tags.map(Value.string))] }

    private static func words(_ link: (to: String, relation: String)) -> String {
        "This ticket: \(link.relation.split(separator: "_").joined(separator: " ")) \(link.to)"
    }
}
