import Access
public import WorkflowModel

/// The OpenAPI 3.1 document: made from the operations of the API and from what the server does besides (``PlainRoute``), so that it
/// tells of each route and of none that is not there.
public struct OpenAPIDocument: Sendable {
    private let api: API
    private let version: String

    /// The document of `api`.
    public init(_ api: API) {
        self.api = api
        version = api.services.version
    }

    /// The document.
    public var value: Value {
        var paths = ValueMap()
        func add(_ path: String, _ method: String, _ operation: Value) {
            var item = paths[path]?.map ?? ValueMap()
            item[method] = operation
            paths[path] = .map(item)
        }
        for operation in api.operations {
            add(operation.path, operation.method.rawValue.lowercased(), OpenAPIDocument.operation(operation))
        }
        for route in PlainRoute.all { add(route.path, route.method.lowercased(), route.description) }
        return [
            "openapi": "3.1.0",
            "info": [
                "title": "Signalbox", "version": .string(version),
                "summary": "Runs the playbooks of support and incident teams.",
                "description":
                    "Lists are pages: `items` and the cursor of the `next` one. Errors are problem documents (RFC 9457). Times are RFC 3339. Fields may be added; unknown parameters are refused.",
            ],
            "servers": [["url": "/"]], "security": [["token": []]],
            "tags": .list(OpenAPIDocument.tags.map { ["name": .string($0.name), "description": .string($0.text)] }),
            "paths": .map(paths),
            "components": [
                "securitySchemes": [
                    "token": [
                        "type": "http", "scheme": "bearer",
                        "description": "A token that `signalbox tokens create` has shown once.",
                    ]
                ],
                "schemas": .map(ValueMap(strings: AnswerSchemas.all.map { ($0.name, $0.schema) })),
                "responses": ["Problem": OpenAPIDocument.problem("Why the request was refused.")],
            ],
        ]
    }

    private static let tags: [(name: String, text: String)] = [
        ("runs", "What has run, and what people decide about runs."),
        ("events", "What was accepted, what became of it, and why."),
        ("playbooks", "Which there are, whether they act, and starting them by hand."),
        ("asks", "Questions that runs put to people."),
        ("effects", "The ledger of everything that was done to the outside."),
        ("audit", "What people have decided."), ("plugins", "What actions there are."),
        ("tickets", "Tickets as they are known."), ("incidents", "Major incidents."), ("sla", "SLA clocks."),
        ("callers", "Who asks."), ("stream", "Changes as they happen."), ("server", "The server itself."),
    ]

    static func problem(_ description: String) -> Value {
        [
            "description": .string(description),
            "content": ["application/problem+json": ["schema": SchemaWords.ref("Problem")]],
        ]
    }

    private static func operation(_ operation: Operation) -> Value {
        var map: ValueMap = [
            "operationId": .string(operation.id), "tags": .list([.string(operation.tag)]),
            "summary": .string(operation.summary),
        ]
        if !operation.detail.isEmpty { map["description"] = .string(operation.detail) }
        map["x-role"] = .string(operation.need.role.rawValue)
        map["x-scope"] = .string(operation.need.scope.rawValue)
        var parameters = operation.parameters.map(parameter)
        if operation.changes { parameters.append(idempotencyKey) }
        if operation.isStream { parameters.append(lastEventID) }
        if !parameters.isEmpty { map["parameters"] = .list(parameters) }
        if let body = operation.body {
            map["requestBody"] = [
                "required": .bool(!body.isOptional),
                "content": [
                    "application/json": ["schema": SchemaJSON.value(body.schema), "example": body.example]
                ],
            ]
        }
        map["responses"] = responses(operation)
        return .map(map)
    }

    private static func responses(_ operation: Operation) -> Value {
        var success: ValueMap = [
            "description": operation.isStream ? "Server-sent events." : "As asked.",
            "content": [
                operation.isStream ? "text/event-stream" : "application/json": ["schema": operation.answer]
            ],
        ]
        if operation.changes {
            var headers: ValueMap = [
                "Idempotency-Replayed": [
                    "description": "`true` when this is the answer to an earlier request with the same key.",
                    "schema": ["type": "string"],
                ]
            ]
            if operation.status == 201 {
                headers["Location"] = ["description": "The path of what was made.", "schema": ["type": "string"]]
            }
            success["headers"] = .map(headers)
        }
        var responses: ValueMap = ["\(operation.status)": .map(success)]
        let statuses = Set(operation.problems + [401, 403, 429] + (operation.changes ? [400, 415, 422, 503] : []))
        for status in statuses.sorted() { responses["\(status)"] = ["$ref": "#/components/responses/Problem"] }
        responses["default"] = ["$ref": "#/components/responses/Problem"]
        return .map(responses)
    }

    private static func parameter(_ parameter: Parameter) -> Value {
        var map: ValueMap = [
            "name": .string(parameter.name), "in": .string(parameter.place.rawValue),
            "description": .string(parameter.description),
        ]
        if parameter.place == .path { map["required"] = true }
        var schema = parameter.schema
        schema.description = nil
        if parameter.isRepeated {
            map["schema"] = ["type": "array", "items": SchemaJSON.value(schema)]
            map["style"] = "form"
            map["explode"] = false
        } else {
            map["schema"] = SchemaJSON.value(schema)
        }
        return .map(map)
    }

    private static let idempotencyKey: Value = [
        "name": "Idempotency-Key", "in": "header",
        "description":
            "A name for this request, such as a random UUID. The same request with the same key is acted on once and gets the same answer, for as long as requests are kept.",
        "schema": ["type": "string", "minLength": 1, "maxLength": .int(Int64(Call.longestKey))],
    ]

    private static let lastEventID: Value = [
        "name": "Last-Event-ID", "in": "header", "description": "The id of the last change that was received.",
        "schema": ["type": "string"],
    ]
}
