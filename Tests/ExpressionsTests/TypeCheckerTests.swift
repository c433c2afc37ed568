import Expressions
import Testing

@Suite("Types")
struct TypeCheckerTests {
    private static let ticket = ObjectType([
        .init("id", .string), .init("title", .nullable(.string)), .init("count", .nullable(.int)),
        .init("priority", .words(["P1", "P2", "P3", "P4"])), .init("tags", .list(.string)),
        .init("more", .nullable(.list(.string))), .init("created_at", .timestamp),
        .init("due_at", .nullable(.timestamp)), .init("open_for", .duration), .init("vip", .bool),
        .init("maybe", .nullable(.bool)), .init("score", .number), .init("labels", .openMap),
        .init("customer", .nullable(.object(ObjectType([.init("tier", .nullable(.string))])))),
        .init("people", .list(.object(ObjectType([.init("name", .string)])))),
    ])
    private static let names = NamedTypes([
        "ticket": .object(ticket), "now": .timestamp, "x": .dyn, "secret": .secret,
        "net": .named("net.CIDR", []),
    ])

    private static func check(_ text: String, _ wanted: TypeChecker.Wanted) throws -> TypeChecker.Result {
        TypeChecker.check(try Expression(parsing: text), in: names, wanted: wanted)
    }

    @Test(
        "every expression has its type",
        arguments: [
            ("ticket.id", "string"), ("ticket.title", "wrapper(string)"), ("ticket.score + 1", "int"),
            ("ticket.score * 1.5", "double"), ("ticket.tags[0]", "string"),
            ("ticket.tags.map(t, size(t))", "list(int)"),
            ("ticket.people.map(p, p.name)", "list(string)"), ("ticket.people[0].name", "string"),
            ("ticket.labels.anything", "dyn"), ("x.y.z", "dyn"), ("x + 1", "int"), ("x + x", "dyn"),
            ("now - ticket.created_at", "google.protobuf.Duration"),
            ("now - ticket.open_for", "google.protobuf.Timestamp"), ("default(ticket.title, \"\")", "string"),
            ("default(ticket.count, \"none\")", "dyn"), ("ticket.?title", "optional_type(string)"),
            ("ticket.?title.orValue(\"\")", "string"), ("ticket.customer.?tier.orValue(\"none\")", "string"),
            ("ticket.vip ? 1 : 2", "int"), ("ticket.vip ? 1 : 'a'", "dyn"), ("type(ticket.id)", "type(string)"),
            ("ticket.tags.exists(t, t == \"a\")", "bool"), ("ticket.tags.filter(t, t != \"a\")", "list(string)"),
            ("ticket.labels.transformMap(k, v, size(k))", "map(string, int)"),
            ("ticket.tags.first()", "optional_type(string)"),
            ("cel.bind(a, ticket.id, a + a)", "string"), ("math.greatest(1, 2)", "int"),
            ("math.greatest(1, 2.5)", "dyn"), ("\"a\" + secret", "string"), ("[1, 2] + [3]", "list(int)"),
            ("ticket.tags + [\"a\"]", "list(string)"), ("{\"a\": 1}.a", "int"), ("net.masked()", "net.CIDR"),
            ("string(net)", "string"), ("ago(\"2d\")", "google.protobuf.Timestamp"), ("ticket[\"id\"]", "string"),
            ("mentions(ticket, \"a\")", "bool"), ("[].map(e, e)", "list(dyn)"), ("has(ticket.title)", "bool"),
        ])
    func types(_ text: String, _ type: String) throws {
        let result = try Self.check(text, .anything)
        #expect(result.problems.isEmpty, "\(result.problems)")
        #expect(result.type.celName == type)
    }

    @Test(
        "nothing is said where care was taken",
        arguments: [
            "ticket.title != null && ticket.title.contains(\"a\")", "has(ticket.title) && size(ticket.title) > 3",
            "size(ticket.title) > 3 && has(ticket.title)",
            "missing(ticket.title) || ticket.title == ticket.title.trim()",
            "!missing(ticket.count) && ticket.count > 3", "missing(ticket.count) ? false : ticket.count > 3",
            "default(ticket.count, 0) > 3", "default(ticket.customer.tier, \"\").startsWith(\"g\")",
            "ticket.customer != null && ticket.customer.tier == \"gold\"", "ticket.title == \"a\"",
            "ticket.title in [\"a\"]",
            "has(ticket.customer.tier) && ticket.customer.tier.startsWith(\"g\")",
            "ticket.?more.hasValue() && \"a\" in ticket.more", "\"a\" in default(ticket.more, [])",
            "ticket.count == 3 && ticket.count + 1 > 3", "ticket.maybe == true",
            "!missing(ticket.count) && x && ticket.count > 3", "mentions(ticket.title, [\"a\"])", "x > 3 && x.y",
            "ticket.due_at != null && ticket.due_at < now", "ticket.priority in [\"P1\", \"P2\"]",
            "1 < 2.0 && ticket.score >= 2", "ticket.more != null && ticket.more.all(t, t != \"\")",
        ])
    func careful(_ text: String) throws {
        let problems = try Self.check(text, .condition).problems
        #expect(problems.isEmpty, "\(problems)")
    }

    /// A mistake between `«` and `»`.
    struct Slip: Sendable, CustomTestStringConvertible {
        let text: String
        let kind: TypeProblem.Kind
        let message: String
        let help: String?

        init(_ text: String, _ kind: TypeProblem.Kind, _ message: String, help: String? = nil) {
            (self.text, self.kind, self.message, self.help) = (text, kind, message, help)
        }

        var testDescription: String { text }
    }

    static let slips: [Slip] = [
        Slip("ticket.«titel» == \"a\"", .unknownField, "`ticket` has no field `titel`", help: "ticket.title"),
        Slip("«tiket».id == \"a\"", .name(code: "unknownName"), "no name `tiket`", help: "ticket"),
        Slip("ticket.id.«size» == 1", .unknownField, "`ticket.id` is text and has no field `size`"),
        Slip("ticket.people.«name» == \"a\"", .unknownField, "is a list", help: "ticket.people[0].name"),
        Slip("ticket.people[0].«nam» == \"a\"", .unknownField, "no field `nam`", help: "name"),
        Slip("ticket.people.exists(p, p.«nam» == \"a\")", .unknownField, "`p` has no field `nam`", help: "p.name"),
        Slip("has(ticket.«titel»)", .unknownField, "no field `titel`", help: "ticket.title"),
        Slip("ticket[\"«titel»\"] == \"a\"", .unknownField, "no field `titel`", help: "ticket.title"),
        Slip("ticket.priority > «3»", .wrongOperand, "`ticket.priority` is text", help: "\"3\""),
        Slip("ticket.created_at < «\"2d\"»", .wrongOperand, "is a time", help: "ago(\"2d\")"),
        Slip("ticket.open_for > «30»", .wrongOperand, "is a duration", help: "duration(\"15m\")"),
        Slip("«ticket.created_at > ticket.id»", .wrongOperand, "cannot be compared"),
        Slip("«ticket.tags > ticket.tags»", .wrongOperand, "none is larger"),
        Slip("ticket.id > «null»", .wrongOperand, "null is neither", help: "missing"),
        Slip("ticket.score == «\"3\"»", .unlikeComparison, "is a number", help: "3"),
        Slip("ticket.vip == «\"true\"»", .unlikeComparison, "true or false", help: "true"),
        Slip("ticket.tags == «\"a\"»", .unlikeComparison, "is a list", help: "\"a\" in ticket.tags"),
        Slip("«ticket.id == ticket.tags»", .unlikeComparison, "never equal"),
        Slip("ticket.priority == «\"P9\"»", .unknownWord, "never \"P9\"", help: "P"),
        Slip("ticket.priority in [\"P1\", «\"p2\"»]", .unknownWord, "never \"p2\"", help: "\"P2\""),
        Slip("«\"vip\"» in [1, 2]", .unlikeComparison, "is looked for"),
        Slip("\"a\" in «ticket.id»", .wrongOperand, "looks into lists and maps", help: "ticket.id.contains(\"a\")"),
        Slip("\"a\" in «ticket.score»", .wrongOperand, "looks into lists and maps"),
        Slip(
            "«ticket.open_for + \"1h\"» == ticket.open_for", .wrongOperand, "`+` does not work on a duration and text",
            help: "duration(\"1h\")"),
        Slip("«ticket.created_at + 3» < now", .wrongOperand, "a time and a number", help: "duration(\"3m\")"),
        Slip("«\"a\" + 1» == \"\"", .wrongOperand, "text and a number", help: "string(1)"),
        Slip("«ticket.id * 2» == 1", .wrongOperand, "`*` does not work on text and a number", help: "int(ticket.id)"),
        Slip("«ticket.tags + \"a\"» == []", .wrongOperand, "a list and text", help: "[\"a\"]"),
        Slip("«1.5 * 2» == 1.0", .wrongOperand, "a number and a number", help: "2.0"),
        Slip("«-ticket.id» == 1", .wrongOperand, "no negative"),
        Slip("«ticket.score».startsWith(\"a\")", .wrongArgument, "works on text", help: "string(ticket.score)"),
        Slip("ticket.id.startsWith(«1»)", .wrongArgument, "needs text", help: "string(1)"),
        Slip("«ticket.tags».contains(\"a\")", .wrongArgument, "works on text", help: "\"a\" in ticket.tags"),
        Slip("size(«ticket.score») > 1", .wrongArgument, "and `ticket.score` is a number"),
        Slip("int(«ticket.vip») > 1", .wrongArgument, "true or false"),
        Slip("ticket.tags.join(«1») == \"\"", .wrongArgument, "needs text"),
        Slip("«[1, 2]».join(\",\") == \"\"", .wrongArgument, "a list of a number"),
        Slip("ticket.id.«starts»(\"a\")", .function, "no function `starts`"),
        Slip("«len»(ticket.id) > 1", .function, "no function `len`", help: "size(x)"),
        Slip("duration(«\"2 dayz\"») == ticket.open_for", .wrongConstant, "no duration"),
        Slip("ago(«\"yesterday\"») < now", .wrongConstant, "no duration"),
        Slip("timestamp(«\"2026-13-01\"») < now", .wrongConstant, "no time"),
        Slip("now.getHours(«\"Europe/Berln\"») > 8", .wrongConstant, "no time zone"),
        Slip("ticket.id.matches(«\"(\"»)", .function, "regular expression"),
        Slip("«ticket.id»", .notACondition, "is text, not true or false", help: "!missing(ticket.id)"),
        Slip("«ticket.tags»", .notACondition, "is a list", help: "size(ticket.tags) > 0"),
        Slip("«size(ticket.tags)»", .notACondition, "is a number", help: "size(ticket.tags) > 0"),
        Slip("ticket.vip && «ticket.score»", .notACondition, "is a number"),
        Slip("!«ticket.open_for»", .notACondition, "is a duration"),
        Slip("«ticket.id» ? true : false", .notACondition, "is text"),
        Slip("ticket.tags.exists(t, «t»)", .notACondition, "`t` is text"),
        Slip("«ticket.maybe»", .mayBeMissing, "may be missing", help: "ticket.maybe == true"),
        Slip("«ticket.title».contains(\"a\")", .mayBeMissing, "may be missing", help: "default(ticket.title"),
        Slip("«ticket.count» > 3", .mayBeMissing, "may be missing", help: "!missing(ticket.count)"),
        Slip("«ticket.customer».tier == \"gold\"", .mayBeMissing, "may be missing"),
        Slip("\"a\" in «ticket.more»", .mayBeMissing, "may be missing"),
        Slip("«ticket.more».exists(t, t == \"a\")", .mayBeMissing, "may be missing"),
        Slip("missing(ticket.title) && «ticket.title».contains(\"a\")", .mayBeMissing, "may be missing"),
        Slip("has(ticket.title) || «ticket.title».contains(\"a\")", .mayBeMissing, "may be missing"),
        Slip("«ticket.score».exists(t, t == 1)", .noElements, "no elements"),
        Slip("ticket.people.exists(p, «p.name».exists(c, c == \"a\"))", .noElements, "is text", help: "split"),
        Slip("«size(secret)» > 1", .secret, "looked into"),
        Slip("«secret» == \"a\"", .secret, "looked into"),
        Slip("ticket.tags[«\"name\"»] == \"a\"", .wrongOperand, "its elements have numbers"),
        Slip("«ticket.score»[0] == 1", .wrongOperand, "looks into lists and maps"),
    ]

    @Test("each is reported once, at its place", arguments: slips)
    func slip(_ slip: Slip) throws {
        var plain = ""
        var places: [Int] = []
        for scalar in slip.text.unicodeScalars {
            if scalar == "«" || scalar == "»" {
                places.append(plain.unicodeScalars.count)
            } else {
                plain.unicodeScalars.append(scalar)
            }
        }
        let problems = try Self.check(plain, .condition).problems
        try #require(problems.count == 1, "\(problems)")
        let found = problems[0]
        #expect(found.kind == slip.kind)
        #expect(found.message.contains(slip.message), "\(found.message)")
        #expect(found.range == places[0]..<places[1])
        if let help = slip.help { #expect(found.help?.contains(help) == true, "\(found.help ?? "no help")") }
    }
}
