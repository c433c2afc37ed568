import Testing
import YAML

/// Mistakes that people make in conditions and values: where they are shown, and the line as it was meant.
struct SlipTests {
    struct Slip: Sendable, CustomTestStringConvertible {
        let text: String
        let code: String
        let place: String
        let fixed: String?
        var testDescription: String { text }

        init(_ text: String, _ code: String, _ place: String, _ fixed: String?) {
            self.text = text
            self.code = code
            self.place = place
            self.fixed = fixed
        }
    }

    static let slips = [
        Slip(#"when: "vip" in ticket.tags"#, "SB1020", "1:13-1:27", #"when: '"vip" in ticket.tags'"#),
        Slip(
            #"  - "vip" in ticket.tags  # the big ones"#, "SB1020", "1:11-1:25",
            #"  - '"vip" in ticket.tags'  # the big ones"#),
        Slip(#"- if: "a" == 'b'"#, "SB1020", "1:11-1:17", #"- if: '"a" == ''b'''"#),
        Slip("text: 'it's late'", "SB1020", "1:11-1:18", #"text: "it's late""#),
        Slip("when: !x", "SB1021", "1:7-1:9", #"when: "!x""#),
        Slip(
            "when: !ticket.vip && ticket.open # not the big ones", "SB1021", "1:7-1:33",
            #"when: "!ticket.vip && ticket.open" # not the big ones"#),
        Slip("when: !(a || b)", "SB1021", "1:7-1:16", #"when: "!(a || b)""#),
        Slip(
            #"- !has(ticket.owner) || ticket.owner == "x""#, "SB1021", "1:3-1:44",
            #"- '!has(ticket.owner) || ticket.owner == "x"'"#),
        Slip("when: !tags[0]", "SB1021", "1:7-1:15", #"when: "!tags[0]""#),
        Slip(#"when: a ? "b" : "c""#, "SB1022", "1:15-1:16", #"when: 'a ? "b" : "c"'"#),
        Slip("text: Note: call back", "SB1022", "1:11-1:12", #"text: "Note: call back""#),
        Slip("text: Look at this #now", "SB1023", "1:20-1:24", #"text: "Look at this #now""#),
        Slip("- Ticket #12 is late", "SB1023", "1:10-1:21", #"- "Ticket #12 is late""#),
        Slip("text: größer #später # ja", "SB1023", "1:14-1:21", #"text: "größer #später" # ja"#),
        Slip("to: #support", "SB1024", "1:5-1:13", ##"to: "#support""##),
        Slip("to:\n  - #support\n  - x", "SB1024", "2:5-2:13", ##"  - "#support""##),
        Slip("text: {{ x }}", "SB1025", "1:7-1:14", "text: ${{ x }}"),
        Slip("text: {{ x }} is late", "SB1025", "1:7-1:22", "text: ${{ x }} is late"),
        Slip("text: {{ x }} and {{ y }}: late", "SB1025", "1:7-1:32", #"text: "${{ x }} and ${{ y }}: late""#),
        Slip("with: { key: {{ x }} }", "SB1025", "1:14-1:21", #"with: { key: "${{ x }}" }"#),
        Slip("with: { key: ${{ x }} }", "SB1026", "1:14-1:22", #"with: { key: "${{ x }}" }"#),
        Slip(
            "with: {to: a, text: Hi ${{ x.y }}!, n: 1}", "SB1026", "1:21-1:35",
            #"with: {to: a, text: "Hi ${{ x.y }}!", n: 1}"#),
        Slip("with:\n  {to: a,\n   text: ${{ x }}}", "SB1026", "3:10-3:18", #"   text: "${{ x }}"}"#),
        Slip("with: { key: =f(a, b) }", "SB1027", "1:14-1:22", #"with: { key: "=f(a, b)" }"#),
        Slip("with: { key: =a[0], other: 1 }", "SB1027", "1:14-1:19", #"with: { key: "=a[0]", other: 1 }"#),
        Slip(#"to: [=g("x", 1), b]"#, "SB1027", "1:6-1:16", #"to: ['=g("x", 1)', b]"#),
        Slip("when: { any: has(a, b) }", "SB1027", "1:14-1:23", #"when: { any: "has(a, b)" }"#),
        Slip("to: @support", "SB1028", "1:5-1:13", #"to: "@support""#),
        Slip("share: %50", "SB1028", "1:8-1:11", #"share: "%50""#),
        Slip("cron: * * * * *", "SB1028", "1:7-1:16", #"cron: "* * * * *""#),
        Slip("when: > 5", "SB1028", "1:7-1:10", #"when: "> 5""#),
        Slip("to: *all", "SB1011", "1:5-1:9", #"to: "*all""#),
        Slip("a: \"open\nb: \"x\"\nc: 1", "SB1029", "1:4-1:5", #"a: "open""#),
        Slip("a: 1\nb: 'open\nc: 2\n", "SB1029", "2:4-2:5", "b: 'open'"),
        Slip("t: \"x\n  y\"\na: \"open\nb: \"x\"\nc: 1", "SB1029", "3:4-3:5", #"a: "open""#),
        Slip("a: 1\nwhen:x\nb: 2\n", "SB1030", "2:1-2:6", "when: x"),
        Slip(#"path: "C:\new\dir\q""#, "SB1032", "1:14-1:16", #"path: 'C:\new\dir\q'"#),
        Slip("a:\n  b: 1\n c: 2\n", "SB1031", "3:2-3:6", nil),
        Slip("- a\n- b\nc: d\n", "SB1031", "3:1-3:5", nil),
        Slip("text: [Hello] world", "SB1033", "1:15-1:20", #"text: "[Hello] world""#),
        Slip("text: [JIRA-1] Ticket: late", "SB1033", "1:16-1:28", #"text: "[JIRA-1] Ticket: late""#),
        Slip("a: [1, 2]]", "SB1033", "1:10-1:11", "a: [1, 2]"),
        Slip("a: {b: 1}}", "SB1033", "1:10-1:11", "a: {b: 1}"),
        Slip("key: - x", "SB1031", "1:6-1:9", #"key: "- x""#),
        Slip("trigger: ticket.created\n  when: x", "SB1031", "2:3-2:10", nil),
        Slip("text: Dear customer,\n  the ticket is: late\n  bye\nto: x", "SB1031", "2:3-2:22", nil),
        Slip("a:\n- b\n - c\n", "SB1034", "3:2-3:5", nil),
        Slip("a: [1, 2\nb: 3\n", "SB1003", "1:4-1:5", nil),
        Slip("with: { to: #support, text: x }", "SB1024", "1:13-1:21", ##"with: { to: "#support", text: x }"##),
        Slip("to: [a, #support]", "SB1024", "1:9-1:17", ##"to: [a, "#support"]"##),
        Slip("- a: 1\n-b: 2\n", "SB1031", "2:1-2:2", "- b: 2"),
        Slip("if: a\n  stop: b\n", "SB1031", "2:3-2:10", nil),
        Slip("with: { text: \"open }\n", "SB1029", "1:15-1:16", nil),
        Slip("a: { text: \"open }\nb: { text: \"${{ x }} is late\" }\n", "SB1029", "1:12-1:13", nil),
    ]

    @Test("a slip is shown at its place with the line as it was meant", arguments: slips)
    func slip(one: Slip) throws {
        let source = SourceFile(path: "playbook.yaml", text: one.text)
        let (_, diagnostics) = YAMLParser.parse(source)
        #expect(diagnostics.map(\.code) == [one.code])
        let found = try #require(diagnostics.first)
        #expect(place(found.range) == one.place)
        #expect(found.fixedLine == one.fixed)
        #expect(found.help != nil)
        #expect(found.severity == .error)
    }

    @Test("the mended line is free of the slip", arguments: slips)
    func mended(one: Slip) throws {
        guard let fixed = one.fixed else { return }
        let line = try #require(parse(one.text).diagnostics.first?.range?.start.line)
        var lines = one.text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        lines[line - 1] = fixed
        #expect(codes(lines.joined(separator: "\n")) == [])
    }

    @Test(
        "what is no slip is left alone",
        arguments: [
            "key: value  # comment", "key: value #", "key: value #--- x", "timeout: 5m # short", "timeout: 5 #five",
            "steps: #these are the steps\n  - a", "text: a#b", "text: \"a #b\"", "key:  # nothing yet",
            "text: Hi ${{ x }}, how are you", "with: {key: value, n: 1}  # {{", "when: a == b", "when: \"!x\"",
            "x: =f(a, b)", "x: {k: \"=f(a, b)\"}", "x: {k: =f(a)}", "x: [':(', b]", "x: [a(b), c]",
            "text: |\n  a #b\n  {{ x }}\n",
            "text: 10:30", "text: one\n  two-three\n  -x", "text: \"one\n  - two\"", "url: http://x/y",
            "to: support@example.com", "share: 50%",
        ])
    func innocent(text: String) {
        #expect(codes(text) == [])
    }

    @Test func `of two open quotes both are found`() {
        let found = parse("a: \"open\nb: \"open\nc: 1").diagnostics
        #expect(found.map { "\($0.code) \(place($0.range))" } == ["SB1029 1:4-1:5", "SB1029 2:4-2:5"])
    }

    @Test func `every slip of a file is found in one go, and what is left is read`() throws {
        let text = """
            name: triage
            when: "vip" in ticket.tags
            steps:
              - id: first
                if: !ticket.open
                uses: notify.send
                with: { to: ${{ who }} }
              - id: second
                text: Note: call
                text: again
              - id: third
                to: #support
                when:x
            owner: me
            """
        let (root, diagnostics) = parse(text)
        #expect(
            diagnostics.map { "\($0.range?.start.line ?? 0) \($0.code)" } == [
                "2 SB1020", "5 SB1021", "7 SB1026", "9 SB1022", "10 SB1004", "12 SB1024", "13 SB1030",
            ])
        let node = try #require(root)
        #expect(node["owner"]?.text == "me")
        #expect(node["when"]?.isDamaged == true)
        #expect(node["steps"]?.items?.count == 3)
        #expect(node["steps"]?.items?[0]["uses"]?.text == "notify.send")
        #expect(node["steps"]?.items?[0].isIncomplete == false)
        #expect(node["steps"]?.items?[2].isIncomplete == true)
    }
}
