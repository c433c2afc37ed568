import Expressions
import Testing
import WorkflowModel

@Suite struct SharedUseTests {
    @Test func `one program serves many tasks at once`() async throws {
        let program = try Program(
            parsing:
                "ticket.title.matches(\"^Cannot\") && ticket.title.matches(ticket.id + \"|log\") && ticket.tags.exists(t, t == \"vip\")"
        )
        let results = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    (0..<500).reduce(0) { sum, _ in
                        sum + ((try? program.test(Samples.scope)) == true ? 1 : 0)
                    }
                }
            }
            return await group.reduce(0, +)
        }
        #expect(results == 4000)
    }

    @Test func `random texts are templates or errors, not traps`() {
        let pieces = [
            "${{", "}}", "{{", "{", "}", "\"", "'", "\\", "a", " ", "ticket.id", "$", "\u{E9}", "1 +", "\n",
            "{\"a\": 1}",
        ]
        var state: UInt64 = 7
        var rendered = 0
        for _ in 0..<20_000 {
            var text = ""
            for _ in 0..<9 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                text += pieces[Int(state >> 33) % pieces.count]
            }
            let (template, errors) = TextTemplate.parse(text)
            #expect((template == nil) != errors.isEmpty)
            let length = text.unicodeScalars.count
            for error in errors where error.range.lowerBound < 0 || error.range.upperBound > length {
                Issue.record("\(error) lies outside of \(text)")
            }
            if let template, (try? template.render(Samples.scope)) != nil { rendered += 1 }
        }
        #expect(rendered > 1000)
    }
}
