import Hummingbird
import NIOCore

extension RequestBody {
    /// The whole body, counted while it comes.
    ///
    /// - Parameter announced: the `Content-Length` of the request: one that is too large is refused before anything is read.
    /// - Throws: ``Problem`` (413) when it is larger than `limit`.
    func whole(upTo limit: Int, announced: String?) async throws -> ByteBuffer {
        let announced = announced.flatMap(Int.init)
        if let announced, announced > limit { throw Self.tooLarge(limit) }
        var whole: ByteBuffer?
        for try await part in self {
            guard var collected = whole else {
                guard part.readableBytes <= limit else { throw Self.tooLarge(limit) }
                whole = part
                continue
            }
            guard collected.readableBytes + part.readableBytes <= limit else { throw Self.tooLarge(limit) }
            // Without this the buffer would be copied for every part, since two variables would hold it.
            whole = nil
            collected.writeImmutableBuffer(part)
            whole = collected
        }
        let body = whole ?? ByteBuffer()
        if let announced, body.readableBytes != announced {
            throw Problem.badRequest(
                "truncated", "the body ended after \(body.readableBytes) of \(announced) bytes")
        }
        return body
    }

    private static func tooLarge(_ limit: Int) -> Problem {
        var problem = Problem(
            .contentTooLarge, "body_too_large",
            "the body is larger than \(limit) bytes (server: limits: body_bytes in signalbox.yaml)")
        problem.closesConnection = true
        return problem
    }
}
