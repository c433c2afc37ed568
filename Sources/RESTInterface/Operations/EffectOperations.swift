import Access
import Projections
import RunStore
import WorkflowModel

/// The ledger of everything that was ever done, or may have been done, to the outside.
enum EffectOperations {
    static let all: [Operation] = [list, show]

    private static let list = Operation(
        id: "listEffects", method: .get, path: "\(API.root)/effects", tag: "effects",
        summary: "Writes that were ever intended, newest first.", need: .read(),
        parameters: [
            .text("run", "Only writes of this run."),
            .words("state", EffectRecord.State.allCases.map(\.rawValue), "Only writes in one of these states."),
            .text("action", "Only writes by this action, such as `notify.send`."),
        ] + Parameter.page, answer: SchemaWords.page(of: "Effect"), problems: [400],
        work: .answer { call in
            let page = try call.query.page(of: "effects")
            let query = EffectQuery(
                run: call.query.text("run").map { RunID($0) },
                states: call.query.texts("state")?.compactMap(EffectRecord.State.init),
                action: call.query.text("action"), before: page.after, limit: page.limit)
            let effects = try await call.read { try $0.effects(query) }
            return Page.answer(
                effects.map(EffectJSON.whole), list: "effects",
                last: effects.count == page.limit ? effects.last?.key : nil)
        })

    private static let show = Operation(
        id: "showEffect", method: .get, path: "\(API.root)/effects/{key}", tag: "effects",
        summary: "A write: what was sent, how often, and what came of it.", need: .read(),
        parameters: [.path("key", "The write's idempotency key.")], answer: SchemaWords.ref("Effect"), problems: [404],
        work: .answer { call in
            let key = call.part("key")
            guard let effect = try await call.read({ try $0.effect(key) }) else {
                throw APIProblem.notFound("the ledger has no write \(key)")
            }
            return APIAnswer(EffectJSON.whole(effect))
        })
}
