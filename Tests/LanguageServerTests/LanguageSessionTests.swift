import LanguageServer
import Testing
import WorkflowModel

/// What an editor is told, message by message.
@Suite("A session with an editor")
struct LanguageSessionTests {
    static let head = """
        playbook: p
        owner: user1@example.com
        mode: active
        trigger: { event: ticket.created }

        """

    @Test func `the life of a session`() {
        var editor = ScriptedEditor(silent: ())
        #expect(editor.request("textDocument/hover", [:])["error"]?["code"] == -32002)
        let answer = editor.request("initialize", ["capabilities": [:]])
        #expect(answer["result"]?["capabilities"]?["hoverProvider"] == true)
        #expect(answer["result"]?["capabilities"]?["positionEncoding"] == "utf-16")
        #expect(editor.request("initialize", [:])["error"]?["code"] == -32600)
        #expect(editor.notify("initialized", [:]).isEmpty)
        #expect(editor.request("textDocument/rename", [:])["error"]?["code"] == -32601)
        #expect(editor.request("textDocument/hover", [:])["error"]?["code"] == -32602)
        #expect(editor.request("shutdown", .null)["result"] == .null)
        #expect(editor.request("textDocument/hover", [:])["error"]?["code"] == -32600)
        #expect(editor.notify("exit", .null).isEmpty)
        #expect(editor.session.state == .ended(isOrderly: true))
    }

    @Test func `what is no message is refused, and the session goes on`() {
        var session = LanguageSession(TabledWorkspace(), version: "1")
        #expect(session.take(Array("{".utf8)).first?["error"]?["code"] == -32700)
        #expect(session.take(Array("[]".utf8)).first?["error"]?["code"] == -32600)
        #expect(session.take(Array(#"{"jsonrpc":"2.0"}"#.utf8)).first?["error"]?["code"] == -32600)
        #expect(session.take(Array(#"{"jsonrpc":"2.0","id":1,"result":null}"#.utf8)).isEmpty)
        #expect(session.take(Array(#"{"jsonrpc":"2.0","id":1,"method":"initialize"}"#.utf8)).count == 1)
    }

    @Test func `a stream of too long or headless messages is given up`() throws {
        var reader = MessageReader()
        reader.append(Array("Content-Length: 99999999\r\n\r\n".utf8))
        #expect(throws: MessageReader.Broken.tooLong(99_999_999)) { try reader.next() }
        var other = MessageReader()
        other.append(Array(repeating: UInt8(ascii: "x"), count: 5000))
        #expect(throws: MessageReader.Broken.headers) { try other.next() }
        var third = MessageReader()
        third.append(Array("Content-Type: x\r\n\r\n".utf8))
        #expect(throws: MessageReader.Broken.headers) { try third.next() }
        var two = MessageReader()
        two.append(MessageWriter.bytes(1) + MessageWriter.bytes("ä"))
        #expect(try two.next() == Array("1".utf8))
        #expect(try two.next() == Array("\"ä\"".utf8))
        #expect(try two.next() == nil)
    }

    @Test func `mistakes are told with code, page and a range in UTF-16`() {
        var editor = ScriptedEditor()
        let said = editor.errors(Self.head + "steps:\n  - { name: \"🔔🔔\", uses: notify.sent, with: { to: a } }\n")
        #expect(said.count == 1)
        #expect(said.first?["code"]?.string?.hasPrefix("SB") == true)
        #expect(said.first?["severity"] == 1)
        #expect(said.first?["codeDescription"]?["href"]?.string?.hasPrefix("file:///doc/errors/SB") == true)
        // Two bells are four units of UTF-16 and two characters.
        #expect(said.first?["range"]?["start"] == ["line": 5, "character": 26])
        #expect(said.first?["message"]?.string?.contains("did you mean `notify.send`?") == true)
        let better = editor.notify(
            "textDocument/didChange",
            [
                "textDocument": ["uri": .string(ScriptedEditor.address), "version": 2],
                "contentChanges": [["text": .string(Self.head + "steps:\n  - wait: 5m\n")]],
            ])
        #expect(better.first?["params"]?["diagnostics"]?.list?.contains { $0["severity"] == 1 } == false)
        #expect(better.first?["params"]?["version"] == 2)
        let closed = editor.notify("textDocument/didClose", ["textDocument": ["uri": .string(ScriptedEditor.address)]])
        #expect(closed.first?["params"]?["diagnostics"] == [])
    }

    @Test func `keys are completed by their place`() {
        var editor = ScriptedEditor()
        let top = editor.labels(Self.head + "|")
        #expect(top.contains("steps") && top.contains("on_failure") && !top.contains("playbook"))
        #expect(editor.labels(Self.head + "steps:\n  - us|").contains("uses"))
        let beside = editor.labels(Self.head + "steps:\n  - uses: notify.send\n    |")
        #expect(beside.contains("with") && beside.contains("retry") && !beside.contains("for_each"))
        #expect(editor.labels(Self.head + "steps:\n  - ask:\n      who: assignee\n      |").contains("question"))
        #expect(editor.labels(Self.head + "throttle: { limit: 5, | }").sorted() == ["key", "over", "per"])
        let inputs = editor.labels(Self.head + "steps:\n  - uses: notify.send\n    with:\n      to: a\n      |")
        #expect(inputs == ["urgency", "template", "quiet"])
        let flow = editor.labels(Self.head + "steps:\n  - { uses: notify.send, with: { t| } }")
        #expect(flow.contains("to") && flow.contains("template"))
    }

    @Test func `values are completed by what may stand there`() {
        var editor = ScriptedEditor()
        #expect(editor.labels("playbook: p\nmode: |\n") == ["active", "shadow", "disabled"])
        #expect(editor.labels(Self.head + "steps:\n  - uses: |") == ["notify.page", "notify.send"])
        #expect(editor.labels("playbook: p\ntrigger:\n  event: tick|").contains("ticket.created"))
        #expect(
            editor.labels(Self.head + "steps:\n  - uses: notify.send\n    with:\n      urgency: |") == ["low", "high"])
        #expect(editor.labels(Self.head + "steps:\n  - uses: notify.send\n    with: { template: | }") == ["hello"])
        #expect(editor.labels(Self.head + "steps:\n  - wait: 4h\n    calendar: |") == ["office-hours"])
        #expect(editor.labels(Self.head + "steps:\n  - call: |") == ["open-bridge"])
        let items = editor.ask("completion", Self.head + "steps:\n  - uses: notify.s|")["items"]?.list ?? []
        let send = items.first { $0["label"] == "notify.send" }
        #expect(send?["textEdit"]?["newText"] == "send")
        #expect(send?["textEdit"]?["range"]?["start"] == ["line": 5, "character": 17])
    }

    @Test func `names and fields are completed inside expressions`() {
        var editor = ScriptedEditor()
        let names = editor.labels(Self.head + "steps:\n  - if: |\n    wait: 5m")
        #expect(names.contains("ticket") && names.contains("steps") && !names.contains("failure"))
        #expect(editor.labels(Self.head + "steps:\n  - if: ticket.|\n    wait: 5m").contains("priority"))
        #expect(editor.labels(Self.head + "steps:\n  - if: ticket.customer.|\n    wait: 5m").contains("tier"))
        #expect(
            editor.labels(Self.head + "steps:\n  - if: ticket.priority == \"P1\" && ticket.st|\n    wait: 5m")
                .contains("status"))
        #expect(editor.labels(Self.head + "steps:\n  - if: ticket.|").contains("priority"))
        let steps = Self.head + "steps:\n  - { id: told, uses: notify.send, with: { to: a } }\n"
        #expect(editor.labels(steps + "  - if: steps.|\n    wait: 5m") == ["told"])
        #expect(editor.labels(steps + "  - if: steps.told.|\n    wait: 5m").prefix(2) == ["token", "status"])
        #expect(
            editor.labels(steps + "  - uses: notify.send\n    with: { to: \"=ticket.| \" }").contains("assignee"))
        #expect(
            editor.labels(steps + "  - uses: notify.send\n    with:\n      to: \"see ${{ ticket.|").contains("url"))
        #expect(editor.labels(steps + "  - uses: notify.send\n    with: { to: =secrets.| }") == ["CHAT_URL"])
        #expect(
            editor.labels("playbook: p\ntrigger:\n  event: sla.at_risk\n  when:\n    - sla.|").contains("remaining"))
    }

    @Test(
        arguments: [
            ("mo|de: active", "Whether it acts"), ("mode: act|ive", "it runs"), ("trig|ger: {}", "What starts it"),
            ("steps:\n  - uses: notify.se|nd", "Sends a message"),
            ("steps:\n  - uses: notify.send\n    with: { t|o: a }", "Who gets it"),
            (
                "trigger: { event: ticket.created }\nsteps:\n  - if: ticket.prio|rity == \"P1\"\n    wait: 5m",
                "ticket.priority"
            ),
            ("trigger: { event: ticket.created }\nsteps:\n  - if: n|ow > now\n    wait: 5m", "a time"),
            ("retry|: 5", nil),
        ] as [(String, String?)])
    func `what stands under the cursor is explained`(text: String, about: String?) {
        var editor = ScriptedEditor()
        let said = editor.ask("hover", "playbook: p\n" + text)["contents"]?["value"]?.string
        if let about { #expect(said?.contains(about) == true, "\(said ?? "nothing")") } else { #expect(said == nil) }
    }

    @Test func `what a name refers to is found`() {
        var editor = ScriptedEditor()
        let text = """
            playbook: p
            trigger: { event: ticket.created }
            vars: { limit: 5 }
            steps:
              - id: told
                uses: notify.send
                with: { to: a, template: hello }

            """
        let step = editor.ask("definition", text + "  - if: steps.to|ld.token == \"x\" || vars.limit > 3\n    wait: 5m")
        #expect(step["uri"]?.string == "file:///desk/playbooks/p%20q.yaml")
        #expect(step["range"]?["start"] == ["line": 4, "character": 8])
        let variable = editor.ask("definition", text + "  - if: vars.li|mit > 3\n    wait: 5m")
        #expect(variable["range"]?["start"] == ["line": 2, "character": 8])
        let of = editor.ask(
            "definition", text + "  - wait_for: { event: notification.acknowledged, of: to|ld, timeout: 5m }")
        #expect(of["range"]?["start"] == ["line": 4, "character": 8])
        let template = editor.ask("definition", text.replacing("hello", with: "hel|lo"))
        #expect(template["uri"] == "file:///desk/templates/hello.mustache")
        let call = editor.ask("definition", text + "  - call: open-br|idge")
        #expect(call["uri"] == "file:///desk/playbooks/open-bridge.yaml")
        #expect(editor.ask("definition", text + "  - wa|it: 5m") == .null)
    }

    @Test func `a playbook is formatted, and one that cannot be read is left alone`() {
        var editor = ScriptedEditor()
        let document: Value = ["textDocument": ["uri": .string(ScriptedEditor.address)], "options": [:]]
        _ = editor.open("playbook: p\nsteps:\n    - {wait: 5m}   # why\n")
        let edits = editor.request("textDocument/formatting", document)["result"]?.list ?? []
        #expect(edits.count == 1)
        #expect(edits.first?["range"]?["end"] == ["line": 3, "character": 0])
        let text = edits.first?["newText"]?.string ?? ""
        #expect(text.contains("# why") && text.contains("\n  - "), "\(text)")
        _ = editor.open(text)
        #expect(editor.request("textDocument/formatting", document)["result"] == [])
        _ = editor.open("playbook: [")
        #expect(editor.request("textDocument/formatting", document)["error"]?["code"] == -32803)
    }

    /// Whatever stands in a document and wherever the cursor is, there is an answer.
    @Test func `every place of a document can be asked about`() {
        var editor = ScriptedEditor()
        let text =
            Self.head
            + "steps:\n  - if: ticket.priority == \"P1\"\n    then:\n      - { uses: notify.send, with: { to: \"=ticket.assignee\" } }\n  - x: [\n"
        var count = 0
        for (number, index) in text.indices.enumerated() where number.isMultiple(of: 4) {
            let marked = text[..<index] + "|" + text[index...]
            for method in ["completion", "hover", "definition"] {
                _ = editor.ask(method, String(marked))
                count += 1
            }
            // Half a text, as it is while it is written.
            _ = editor.labels(text[..<index] + "|")
        }
        #expect(count > 100)
        #expect(editor.session.state == .running)
    }
}
