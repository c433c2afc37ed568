import PluginTesting
import Testing
import WorkflowModel

private let keywordCases: [(String, String, String, Bool)] = [
    ("log in", "Cannot LOG IN.", "", true), ("log in", "Cannot login", "", false), ("log", "catalog", "", false),
    ("cafe", "Le Café est fermé", "", true), ("CAFÉ", "cafe", "", true), ("password*", "Passwords lost", "", true),
    ("*word", "my password", "", true), ("p*d", "my password", "", true), ("p*d", "my passwords", "", false),
    ("sla", "SLA's breach", "", true), ("invoice", "", "The invoice, please", true),
    ("invoice", "", "Thanks\n> the invoice", false), ("manager", "", "Hello\n-- \nOffice manager", false),
    ("refund", "", "See below\nOn Mon, Nov 23, user1@example.com wrote:\nrefund", false),
    ("refund", "", "On Mon, user1@example.com wrote:\n> hello\nI want a refund", true),
    ("refund", "", "Hi\n-----Original Message-----\nrefund", false), ("not - there", "not there", "", true),
]

@Suite struct ClassifyTests {
    @Test("keywords are whole words without case and accents, outside quotes and signatures", arguments: keywordCases)
    func keywords(keyword: String, title: String, text: String, matches: Bool) async throws {
        let output = try await enrichBench().run(
            "enrich.classify",
            with: [
                "title": .string(title), "text": .string(text), "rules": [["category": "x", "any": .string(keyword)]],
            ])
        #expect(output["matched"]?.bool == matches)
    }

    @Test func `the first rule that matches decides, and says by what`() async throws {
        let rules: Value = [
            ["id": "vip", "category": "vip", "all": ["contract", "cancel*"], "confidence": 1],
            ["category": "billing", "subcategory": "refund", "any": ["refund", "invoice"], "none": "test invoice"],
            ["category": "outage", "any": "down", "in": "title"],
            ["id": "code", "category": "error", "matches": #"\bERR-\d{3,4}\b"#],
        ]
        let cases: [(String, String, [Value])] = [
            ("We cancelled the contract", "invoice", ["vip", "vip", 1.0, "title", "contract"]),
            ("Hello", "My invoice is wrong", ["billing", "2", 0.7, "text", "invoice"]),
            ("Refund", "invoice", ["billing", "2", 0.9, "title", "Refund"]),
            ("test invoice", "site is down", [nil, nil, 0.0, nil, nil]),
            ("Site down", "", ["outage", "3", 0.9, "title", "down"]),
            ("Hm", "got err-1234 today", ["error", "code", 0.7, "text", "err-1234"]),
            ("Hm", "got err-12345 today", [nil, nil, 0.0, nil, nil]),
        ]
        for (title, text, expected) in cases {
            let output = try await enrichBench().run(
                "enrich.classify", with: ["title": .string(title), "text": .string(text), "rules": rules])
            let by = output["matched_by"]
            let found = [
                output["category"], output["rule"], output["confidence"], by?["field"] ?? .null, by?["text"] ?? .null,
            ]
            #expect(found == expected, "\(title)")
        }
    }

    @Test func `rules come from a table too, and the ticket gives the texts`() async throws {
        var bench = try enrichBench()
        bench.tables.append(
            Samples.table(
                "categories", ["category", "keywords", "subcategory", "confidence"],
                [["access", "log in | password*", "login", "0.8"], ["billing", ["invoice", "refund"], "", ""]]))
        bench.names = ["ticket": ["title": "Two passwords", "text": nil]]
        let output = try await bench.run("enrich.classify", with: ["table": "categories"])
        #expect(output["category"] == "access")
        #expect(output["subcategory"] == "login")
        #expect(output["confidence"] == 0.8)
        #expect(output["matched_by"]?["text"] == "passwords")
        #expect(
            try await bench.run("enrich.classify", with: ["table": "categories", "title": "A refund"])["category"]
                == "billing")
    }

    @Test func `rules that cannot work are refused`() async throws {
        let bench = try enrichBench()
        let cases: [(Value, String)] = [
            (["rules": [["category": "x"]]], "bad_rule"), (["rules": [["category": "x", "any": "--"]]], "bad_rule"),
            (["rules": [["category": "x", "matches": "(a"]]], "bad_rule"), ([:], "invalid_input"),
            (["table": "regions"], "bad_table"), (["table": "region"], "no_table"),
            (["table": "regions", "rules": []], "invalid_input"),
        ]
        for (with, expected) in cases {
            #expect(await code { try await bench.run("enrich.classify", with: with) } == expected)
        }
    }
}

private let patterns: [(String, String, String?)] = [
    ("abc", "xxABCxx", "ABC"), ("a|ab", "ab", "a"), ("ab|a", "ab", "ab"), ("a*", "baa", ""), ("a+", "baac", "aa"),
    ("a+?", "aaa", "a"), ("colou?r", "the color", "color"), ("^a", "ba", nil), ("a$", "ba", "a"),
    ("[a-c]+", "xxcab!", "cab"),
    ("[^a-c ]+", "ab xyz", "xyz"), (#"\d{2,3}"#, "1 12345", "123"), (#"\bcat\b"#, "concat cat", "cat"),
    ("(?:ab)+c", "xababc", "ababc"), ("é", "E", "E"),
    (#"\w+@\w+\.\w+"#, "mail user7@example.com now", "user7@example.com"),
    ("a.c", "a\nc", nil), ("a{2}", "aaa", "aa"), ("x{", "x{", "x{"), ("(a|b)*c", "ababac", "ababac"), ("", "abc", ""),
    (#"[\d-]+"#, "tel 12-34", "12-34"), ("[]a]+", "]a", "]a"), ("(a*)*b", "aaab", "aaab"),
]

@Suite struct PatternTests {
    @Test("patterns find what regular expressions find", arguments: patterns)
    func find(pattern: String, text: String, expected: String?) async throws {
        let output = try await enrichBench().run(
            "enrich.classify",
            with: [
                "title": .string(text), "text": "",
                "rules": [["category": "x", "matches": .string(pattern), "in": "title"]],
            ])
        #expect(output["matched_by"]?["text"]?.string == expected)
    }

    @Test(
        "patterns that cannot be read are refused",
        arguments: ["(", ")", "[a", "*a", "a\\", "(?=a)", #"\1"#, "a{3,2}", "a{1000}", "[z-a]", "((a{100}){100}){100}"])
    func refuse(pattern: String) async throws {
        let bench = try enrichBench()
        let with: Value = ["title": "a", "rules": [["category": "x", "matches": .string(pattern)]]]
        #expect(await code { try await bench.run("enrich.classify", with: with) } == "bad_rule")
    }

    @Test(.timeLimit(.minutes(1)))
    func `no text makes a pattern slow`() async throws {
        let text = String(repeating: "a", count: 20_000)
        let output = try await enrichBench().run(
            "enrich.classify",
            with: ["title": "", "text": .string(text), "rules": [["category": "x", "matches": "(a|a)*(a|aa)*(a*)*b"]]])
        #expect(output["matched"] == false)
    }
}
