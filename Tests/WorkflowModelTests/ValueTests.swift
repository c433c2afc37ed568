import Testing
import WorkflowModel

@Suite("Values")
struct ValueTests {
    @Test("texts are equal by code points, not by what Unicode calls equivalent")
    func codePoints() {
        #expect(Value.string("é") != Value.string("e\u{301}"))
        #expect(MapKey.string("é") != MapKey.string("e\u{301}"))
        #expect(Value.string("é") == Value.string("\u{E9}"))
    }

    @Test("maps keep the order of their keys and are equal in any order")
    func maps() {
        var map: ValueMap = ["b": 1, "a": 2]
        #expect(map.keys == [.string("b"), .string("a")])
        #expect(map == ["a": 2, "b": 1])
        map["b"] = 3
        #expect(map.keys == [.string("b"), .string("a")])
        map["b"] = nil
        #expect(map == ["a": 2])
        #expect(Value.map(["a": 1, "b": 2]).hashValue == Value.map(["b": 2, "a": 1]).hashValue)
    }

    @Test("small and large maps answer alike", arguments: [1, 16, 17, 18, 100])
    func sizes(count: Int) {
        var map = ValueMap()
        for number in 0..<count { map["key\(number)"] = .int(Int64(number)) }
        #expect(map.count == count)
        for number in 0..<count { #expect(map["key\(number)"] == .int(Int64(number))) }
        #expect(map["other"] == nil)
        map["key0"] = nil
        #expect(map["key0"] == nil)
        #expect(map.count == count - 1)
        if count > 1 { #expect(map["key\(count - 1)"] == .int(Int64(count - 1))) }
    }

    @Test("1 and 1u are one key, as in CEL")
    func numberKeys() {
        var map = ValueMap()
        map[.int(1)] = "a"
        map[.uint(1)] = "b"
        #expect(map.count == 1)
        #expect(map[.int(1)] == "b")
        #expect(MapKey(.double(1)) == .uint(1))
        #expect(MapKey(.double(1.5)) == nil)
    }

    @Test("a secret shows its name and is revealed by a look-up only")
    func secrets() {
        var text = SecretText([.plain("Bearer ")])
        text.append(.reference("TOKEN"))
        text.append(.plain(""))
        text.append(.plain("!"))
        #expect(text.redacted == "Bearer ‹secret TOKEN›!")
        #expect(text.revealed { "<\($0)>" } == "Bearer <TOKEN>!")
        #expect(text.names == ["TOKEN"])
        #expect(Value.list([["a": .secret(text)]]).holdsSecret)
    }

    @Test(
        "recipients are read as written",
        arguments: [
            ("assignee", Recipient.assignee), ("lead of billing", .lead(team: "billing")),
            ("on-call of  primary", .onCall(schedule: "primary")),
            ("group:managers", .group("managers")), ("list:legal", .list("legal")), ("#ops", .channel("#ops")),
            ("user@example.com", .address("user@example.com")), ("agent-1", .person("agent-1")),
        ])
    func recipients(text: String, recipient: Recipient) {
        #expect(Recipient(text) == recipient)
    }

    @Test("a recipient that nobody knows is named, with what was probably meant")
    func unknownRecipients() {
        var directory = Directory(zone: "Europe/Berlin")
        directory.teams = [Team(id: "billing", name: "Billing")]
        #expect(Recipient("lead of biling").unknown(in: directory) == "there is no team biling; did you mean billing?")
        #expect(Recipient("group:billing").unknown(in: directory) == nil)
        #expect(Recipient("agent-9").unknown(in: directory) == "there is no person agent-9")
    }
}
