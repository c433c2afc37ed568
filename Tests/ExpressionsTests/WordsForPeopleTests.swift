import Expressions
import Testing
import WorkflowModel

@Suite struct WordsForPeopleTests {
    @Test(
        "missing is true for what does not exist, is null or is an empty text",
        arguments: [
            ("missing(ticket.owner)", true), ("missing(ticket.nothing)", true),
            ("missing(ticket.nothing.at.all)", true),
            ("missing(ticket.owner.name)", true), ("missing(ticket.service)", true), ("missing(nobody)", true),
            ("missing(ticket.tags[7])", true), ("missing(ticket[\"x\"])", true), ("missing(ticket.id)", false),
            ("missing(ticket.tags)", false), ("missing(ticket.age)", false), ("missing([])", false),
            ("missing(0)", false),
            ("missing(ticket.?owner2)", true),
        ])
    func missing(_ text: String, _ wanted: Bool) throws {
        #expect(try Samples.value(text) == .bool(wanted))
    }

    @Test func `missing does not hide a failure of another kind`() throws {
        #expect(try Samples.failure("missing(ticket.age / 0)")?.code == .divisionByZero)
        #expect(try Samples.failure("missing(ticket.title.x)")?.code == .noSuchOverload)
    }

    @Test(
        "default takes the place of what is missing, and of nothing else",
        arguments: [
            ("default(ticket.owner, \"nobody\")", Value.string("nobody")),
            ("default(ticket.nothing.at.all, 1)", .int(1)), ("default(ticket.id, \"x\")", .string("4711")),
            ("default(ticket.service, ticket.id)", .string("4711")), ("default(ticket.age, 1 / 0)", .int(5)),
        ])
    func defaults(_ text: String, _ wanted: Value) throws {
        #expect(try Samples.value(text) == wanted)
    }

    @Test(
        "mentions finds whole words and phrases in any case",
        arguments: [
            ("mentions(ticket, [\"manager\"])", true), ("mentions(ticket, \"Manager\")", true),
            ("mentions(ticket, [\"manage\"])", false),
            ("mentions(ticket, [\"nothing\", \"cancel my contract\"])", true),
            ("mentions(ticket, [\"tier two\"])", true), ("mentions(ticket, [\"4711\"])", false),
            ("mentions(ticket, [])", false), ("mentions(ticket, [\"\"])", false),
            ("mentions(\"Über uns: GRÖSSE\", \"grösse\")", true), ("mentions(\"Übermut\", \"über\")", false),
            ("mentions(\"no-refund please\", \"refund\")", true), ("mentions(\"c++ error\", \"c++\")", true),
            ("mentions(ticket.owner, \"x\")", false),
        ])
    func mentions(_ text: String, _ wanted: Bool) throws {
        #expect(try Samples.value(text) == .bool(wanted))
    }

    @Test func `ago counts back from the scope's moment, and open_now asks its calendars`() throws {
        #expect(try Samples.value("ago(\"2d\")") == .timestamp(Samples.now - .seconds(172_800)))
        #expect(try Samples.value("ago(duration(\"90s\")) == now - duration(\"1m30s\")") == .bool(true))
        #expect(try Samples.value("open_now(\"support-hours\")") == .bool(true))
        #expect(try Samples.failure("open_now(\"moon\")")?.code == .unknownCalendar)
        #expect(try Samples.failure("ago(\"soon\")")?.code == .invalidArgument)
    }
}
