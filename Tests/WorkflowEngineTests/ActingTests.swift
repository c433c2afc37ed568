import PluginKit
import RunStore
import Testing
import WorkflowEngine
import WorkflowModel
import WorkflowTesting

@Suite("Deeds of people outside of runs", .timeLimit(.minutes(1)))
struct ActingTests {
    let onHappened = """
        playbook: p
        owner: lead@example.com
        mode: active
        trigger:
          - event: test.happened
        steps: [{ id: a, uses: test.send, with: { value: =event.data.word } }]
        """

    func fixture() throws -> EngineFixture {
        let fixture = try EngineFixture(onHappened)
        fixture.plugin.on("keep") { call in
            .emit(
                ["value": call.input["value"] ?? .null, "number": 7],
                [EventDraft(type: "test.happened", subject: "thing:x", data: ["word": call.input["value"] ?? .null])])
        }
        return fixture
    }

    @Test func `a deed changes what is kept, starts playbooks by its events, and is in the audit log`() async throws {
        let fixture = try fixture()
        let engine = try await fixture.open()
        let act = try await engine.act(
            "test.keep", input: ["id": "x", "value": "yes"], by: "lead@example.com", typedBy: "admin@example.com")
        #expect(act.output == ["value": "yes", "number": 7])
        #expect(act.id.hasPrefix("act_") && act.id.count == 30)
        let receipt = try #require(act.receipts.first)
        #expect(receipt.event.type == "test.happened" && receipt.event.source == "/plugins/test")
        #expect(receipt.event.id == "\(act.id)/0" && receipt.event.causedBy == nil)
        _ = try await engine.wait(for: receipt.runs, upTo: .seconds(60))
        #expect(fixture.plugin.calls(of: "send").map { $0.input["value"] } == ["yes"])
        let call = try #require(fixture.plugin.calls(of: "keep").first)
        #expect(call.step.isEmpty, "no step is made up")
        #expect(call.input["count"] == 1, "the schema's default is filled in")
        let (document, audit) = try await fixture.store.read(view: { reader in
            (try reader.documents.document("x", in: "test.things"), try reader.audit(after: 0, limit: 10))
        })
        #expect(document?["value"] == "yes")
        #expect(audit.map(\.action) == ["act"] && audit.map(\.target) == ["test.keep"])
        #expect(audit.first?.by == "lead@example.com" && audit.first?.detail["typed_by"] == "admin@example.com")
        #expect(audit.first?.detail["id"] == .string(act.id) && audit.first?.detail["input"]?["value"] == "yes")
        let other = try await engine.act("test.keep", input: ["id": "x"], by: "lead@example.com")
        #expect(other.id != act.id && other.receipts.first?.isDuplicate == false)
    }

    @Test func `what is refused changes nothing`() async throws {
        let fixture = try fixture()
        let engine = try await fixture.open()
        func refusal(_ action: String, _ input: ValueMap) async -> String {
            do {
                try await engine.act(action, input: input, by: "lead@example.com")
                return "done"
            } catch let error as EngineError {
                return "\(error.code.rawValue): \(error.message)"
            } catch let failure as Failure {
                return "\(failure.code): \(failure.message)"
            } catch {
                return "\(error)"
            }
        }
        #expect(await refusal("test.kep", [:]) == "not_found: there is no action test.kep; did you mean test.keep?")
        #expect(await refusal("test.send", [:]).hasPrefix("bad_input: test.send changes the outside world"))
        #expect(await refusal("test.look", [:]).hasPrefix("bad_input: test.look changes nothing"))
        #expect(await refusal("test.compute", [:]).hasPrefix("bad_input: test.compute changes nothing"))
        #expect(await refusal("test.keep", ["count": "many"]).hasPrefix("invalid_input: test.keep: "))
        fixture.plugin.on("keep") { _ in .fail(Failure.permanent("no_such_thing", "there is none")) }
        #expect(await refusal("test.keep", ["id": "x"]) == "no_such_thing: there is none")
        fixture.plugin.on("keep") { _ in .output(["number": "seven"]) }
        #expect(await refusal("test.keep", ["id": "x"]).hasPrefix("bad_output: the output of test.keep"))
        let (document, audit) = try await fixture.store.read(view: { reader in
            (try reader.documents.document("x", in: "test.things"), try reader.audit(after: 0, limit: 10))
        })
        #expect(document == nil && audit.isEmpty)
        #expect(fixture.plugin.done.isEmpty)
        await engine.close()
        #expect(await refusal("test.keep", ["id": "x"]).hasPrefix("closed: "))
    }

    @Test func `looking needs no run and refuses what changes something`() async throws {
        let fixture = try fixture()
        fixture.plugin.on("look") { .output(["value": $0.input["value"] ?? .null, "number": 2]) }
        let engine = try await fixture.open()
        #expect(try await engine.look.look("test.look", ["value": "x"]) == ["value": "x", "number": 2])
        #expect(try await engine.look.look("test.compute", ["value": 1]) == ["value": 1])
        await #expect(throws: EngineError.self) { try await engine.look.look("test.keep") }
        await #expect(throws: EngineError.self) { try await engine.look.look("test.send") }
        await #expect(throws: EngineError.self) { try await engine.look.look("test.lok") }
        await #expect(throws: Failure.self) { try await engine.look.look("test.look", ["count": "many"]) }
        fixture.plugin.on("look") { _ in .output(["number": "two"]) }
        await #expect(throws: Failure.self) { try await engine.look.look("test.look") }
        #expect(fixture.plugin.done.isEmpty)
    }
}
