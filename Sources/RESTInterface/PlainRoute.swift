import WorkflowModel

/// What the server does besides the API: described here, done by the server.
public struct PlainRoute: Sendable {
    /// The method, in capitals.
    public let method: String
    /// The path, with the parts that vary in braces.
    public let path: String
    /// The operation as OpenAPI describes it.
    let description: Value

    private init(
        _ method: String, _ path: String, id: String, _ summary: String, needsToken: Bool = true,
        parameters: [Value] = [], body: Value? = nil, answers: KeyValuePairs<String, Value>, problems: [Int] = []
    ) {
        self.method = method
        self.path = path
        var map: ValueMap = ["operationId": .string(id), "tags": ["server"], "summary": .string(summary)]
        if !needsToken { map["security"] = [] }
        if !parameters.isEmpty { map["parameters"] = .list(parameters) }
        map["requestBody"] = body
        var responses = ValueMap()
        for (status, answer) in answers { responses[status] = answer }
        for status in Set(problems + (needsToken ? [401, 403] : [])).sorted() {
            responses["\(status)"] = ["$ref": "#/components/responses/Problem"]
        }
        responses["default"] = ["$ref": "#/components/responses/Problem"]
        map["responses"] = .map(responses)
        description = .map(map)
    }

    private static func json(_ description: String, _ schema: Value) -> Value {
        ["description": .string(description), "content": ["application/json": ["schema": schema]]]
    }

    /// All of them.
    public static let all: [PlainRoute] = [
        PlainRoute(
            "GET", "/healthz", id: "checkHealth", "Whether the process lives.", needsToken: false,
            answers: [
                "200": json(
                    "It does.",
                    SchemaWords.object(
                        "Its state.",
                        ["status": ["const": "ok"], "version": SchemaWords.text("The program's version.")]))
            ]),
        PlainRoute(
            "GET", "/readyz", id: "checkReadiness", "Whether it can do its work.", needsToken: false,
            answers: [
                "200": json("It can.", SchemaWords.object("Its state.", ["status": ["const": "ready"]])),
                "503": json(
                    "It cannot.",
                    SchemaWords.object(
                        "Its state.",
                        [
                            "status": ["const": "unavailable"],
                            "reasons": SchemaWords.list(SchemaWords.text("In a sentence."), "Why."),
                        ])),
            ]),
        PlainRoute(
            "GET", "/metrics", id: "readMetrics", "Everything measured, in the text format of Prometheus.",
            answers: [
                "200": [
                    "description": "Version 0.0.4 of the format.",
                    "content": ["text/plain": ["schema": ["type": "string"]]],
                ]
            ]),
        PlainRoute(
            "GET", "/openapi.json", id: "readDocument", "This document.", needsToken: false,
            answers: ["200": json("OpenAPI 3.1.", ["type": "object"])]),
        PlainRoute(
            "POST", "/events", id: "sendEvents",
            "Takes events in: CloudEvents 1.0, structured, binary or batched, or one a line. 202 means that they are on disk.",
            body: [
                "required": true,
                "content": [
                    "application/cloudevents+json": ["schema": SchemaWords.ref("CloudEvent")],
                    "application/cloudevents-batch+json": [
                        "schema": ["type": "array", "items": SchemaWords.ref("CloudEvent")]
                    ],
                    "application/x-ndjson": ["schema": ["type": "string"]],
                    "application/json": ["schema": ["type": "object"]],
                ],
            ],
            answers: ["202": json("They are on disk.", ["type": "object"])], problems: [400, 413, 415, 422, 503]),
        PlainRoute(
            "POST", "/hooks/{name}", id: "takeDelivery",
            "Takes in what another system delivers, signed as its plugin says, and accepts the events that it means.",
            needsToken: false,
            parameters: [
                [
                    "name": "name", "in": "path", "required": true, "description": "The hook, as `hooks:` names it.",
                    "schema": ["type": "string"],
                ]
            ],
            body: [
                "required": true,
                "content": [
                    "application/json": ["schema": true],
                    "application/x-www-form-urlencoded": ["schema": ["type": "object"]],
                ],
            ],
            answers: [
                "200": json(
                    "Nothing was accepted, and nothing has to be sent again.", SchemaWords.ref("DeliveryNoted")),
                "202": json("It is on disk.", SchemaWords.ref("DeliveryAccepted")),
            ], problems: [400, 401, 404, 413, 415, 422, 503]),
    ]
}
