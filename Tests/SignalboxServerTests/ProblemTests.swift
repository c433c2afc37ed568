import SignalboxServer
import Testing
import WorkflowModel

@Suite struct ProblemTests {
    @Test("A problem document has what RFC 9457 wants, the code, and what the problem adds")
    func document() {
        var problem = Problem.badRequest("bad_body", "line 2, column 5: a comma is expected")
        problem.members["line"] = 2
        let document = problem.document(requestID: "r1")
        #expect(document["type"] == "urn:signalbox:problem:bad_body")
        #expect(document["title"] == "Bad body")
        #expect(document["status"] == 400)
        #expect(document["instance"] == "urn:signalbox:request:r1")
        #expect(document["code"] == "bad_body")
        #expect(document["line"] == 2)
    }
}
