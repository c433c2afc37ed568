import Access
import RunStore
import WorkflowEngine
import WorkflowModel

/// An operation under way: the request, read and checked, and what it works with.
struct Call: Sendable {
    let services: APIServices
    let caller: Caller
    let path: [String: String]
    let query: QueryValues
    let body: ValueMap
    let key: String?

    /// The longest `Idempotency-Key`, in bytes.
    static let longestKey = 200

    /// The part of the path that the operation calls `name`.
    func part(_ name: String) -> String { path[name] ?? "" }

    /// Reads the store on one consistent view.
    func read<Result: Sendable>(_ body: @Sendable (any StoreReader) throws -> Result) async throws -> Result {
        try await services.store.read(view: body)
    }

    // MARK: Decisions

    /// For whom a decision is taken: the caller's own person, or the one for whom an admin acts.
    ///
    /// - Throws: ``APIProblem``.
    func actor() throws(APIProblem) -> (id: String, typist: String?) {
        guard let other = body["for"]?.string else { return (caller.actor, nil) }
        let people = services.directory().people
        let lower = other.lowercased()
        guard
            let person = people.first(where: { $0.id == other })
                ?? people.first(where: { $0.email?.lowercased() == lower })
        else {
            let near = Similarity.nearest(to: other, among: people.map(\.id))
            throw APIProblem(
                422, "bad_input",
                "for: there is no person \(other)" + (near.map { "; did you mean \($0)?" } ?? ""))
        }
        if person.id == caller.person { return (person.id, nil) }
        guard caller.role >= .admin else {
            throw .forbidden("\(caller.actor) may not act for \(person.id): only admins may act for others")
        }
        return (person.id, caller.actor)
    }

    /// Has the executor carry out a decision, once for an `Idempotency-Key`.
    ///
    /// - Returns: what it answers, and whether that was given before.
    /// - Throws: ``APIProblem``; ``StoreError``.
    func decide(_ kind: String, _ content: ValueMap) async throws -> (answer: Value, isRepeated: Bool) {
        let actor = try actor()
        var content = content
        content["typed_by"] = actor.typist.map(Value.string)
        do {
            let (answer, isRepeated) = try await services.requests.submit(
                kind, .map(content), by: actor.id, key: key.map { "api/\(caller.tokenID ?? caller.actor)/\($0)" },
                within: services.answerTime)
            guard answer["ok"]?.bool != false else { throw APIProblem(refusal: answer) }
            return (answer, isRepeated)
        } catch is RequestClient.KeyReused {
            throw APIProblem(
                422, "idempotency_key_reused",
                "this Idempotency-Key came with another request before; give each request a key of its own")
        } catch let error as EngineError where error.code == .noAnswer {
            throw APIProblem(
                503, "no_answer",
                "the executor has not acted within \(DurationText.forPeople(services.answerTime)); what was asked is on disk and will "
                    + "be acted on. "
                    + (key == nil
                        ? "Look before you ask again: with an Idempotency-Key, asking again would be safe"
                        : "Ask again with the same Idempotency-Key to hear what came of it"),
                retryAfter: 5)
        }
    }
}
