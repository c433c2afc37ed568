public import HTTPTypes
import Hummingbird
import NIOCore
public import WorkflowModel

/// Why a request was refused: a problem document (RFC 9457) once it has left.
///
/// The code is part of the interface: `urn:signalbox:problem:CODE` is the document's type, and a counter counts each.
public struct Problem: Error, Sendable, Hashable {
    /// The status of the answer.
    public var status: HTTPResponse.Status
    /// What went wrong, in lower case and underscores: `body_too_large`.
    public var code: String
    /// What happened and what to do, for people.
    public var detail: String
    /// Header fields that the answer has besides.
    public var headers: HTTPFields
    /// Further members of the document.
    public var members: ValueMap
    /// Whether the connection is closed after the answer, because what still comes on it is not wanted.
    public var closesConnection = false

    /// A problem.
    public init(
        _ status: HTTPResponse.Status, _ code: String, _ detail: String, headers: HTTPFields = [:],
        members: ValueMap = ValueMap()
    ) {
        self.status = status
        self.code = code
        self.detail = detail
        self.headers = headers
        self.members = members
    }

    /// The code as a sentence, the same for all problems of a code: `Body too large`.
    public var title: String {
        let words = code.replacing("_", with: " ")
        return words.prefix(1).uppercased() + words.dropFirst()
    }

    /// The document.
    public func document(requestID: String) -> Value {
        var map: ValueMap = [
            "type": .string("urn:signalbox:problem:\(code)"), "title": .string(title),
            "status": .int(Int64(status.code)), "detail": .string(detail),
            "instance": .string("urn:signalbox:request:\(requestID)"), "code": .string(code),
        ]
        for member in members { map[member.key] = member.value }
        return .map(map)
    }

    /// The answer.
    func response(requestID: String) -> Response {
        var response = Response.json(document(requestID: requestID), status: status, type: "application/problem+json")
        for field in headers { response.headers.append(field) }
        if closesConnection { response.headers[.connection] = "close" }
        return response
    }
}

extension Problem {
    /// A 400: what was sent cannot be read.
    public static func badRequest(_ code: String, _ detail: String) -> Problem { Problem(.badRequest, code, detail) }

    /// A 404.
    public static func notFound(_ detail: String) -> Problem { Problem(.notFound, "not_found", detail) }

    /// A 409: it does not fit how things stand.
    public static func conflict(_ code: String, _ detail: String) -> Problem { Problem(.conflict, code, detail) }

    /// A 422: it was read, and cannot be done.
    public static func unprocessable(_ code: String, _ detail: String) -> Problem {
        Problem(.unprocessableContent, code, detail)
    }

    /// A 503 that says when to try again.
    public static func unavailable(_ code: String, _ detail: String, retryAfter seconds: Int = 1) -> Problem {
        Problem(.serviceUnavailable, code, detail, headers: [.retryAfter: String(seconds)])
    }
}
