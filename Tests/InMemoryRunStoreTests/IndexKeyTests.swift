import PluginKit
import RunStore
import Testing
import WorkflowModel

@Test("index keys sort as values do, kind by kind")
func keysSortAsValues() {
    let values: [Value?] = [
        nil, false, true, .double(-.infinity), .int(.min), -1.5, -1, .double(-.leastNonzeroMagnitude), 0, 0.5, 1, 1.5,
        9_007_199_254_740_992, 9_007_199_254_740_993, .int(.max - 1), .int(.max), .uint(1 << 63), .uint(.max - 1),
        .uint(.max), .double(1e300), .double(.infinity), .double(.nan), "", "A", "a", "ab", "b", "\u{e9}", "\u{1F600}",
        .timestamp(.earliest), .timestamp(Timestamp(seconds: -1, nanoseconds: 5)),
        .timestamp(Timestamp(seconds: 0)), .timestamp(Timestamp(seconds: 0, nanoseconds: 1)), .timestamp(.latest),
        .duration(.seconds(-2)), .duration(.milliseconds(-1500)), .duration(.milliseconds(-1)), .duration(.zero),
        .duration(.nanoseconds(1)), .duration(.seconds(1)), [],
    ]
    let keys = values.map { IndexKey($0) }
    for (left, right) in zip(keys, keys.dropFirst()) { #expect(left < right) }
}

@Test("equal numbers of different kinds have one key")
func equalNumbers() {
    #expect(IndexKey(2) == IndexKey(.uint(2)))
    #expect(IndexKey(2) == IndexKey(2.0))
    #expect(IndexKey(.double(-0.0)) == IndexKey(0))
    #expect(IndexKey(nil) == IndexKey(.null))
    #expect(IndexKey("1") != IndexKey(1))
}

@Test("only the indexes whose key changes are told of")
func keyChanges() {
    let declaration = CollectionDeclaration(
        name: "tickets", indexes: ["status", "requester.id", "priority"], search: ["title"])
    let before: ValueMap = ["status": "new", "requester": ["id": "a", "name": "A"], "priority": 2, "title": "One"]
    let after: ValueMap = ["status": "open", "requester": ["id": "a", "name": "B"], "priority": 2.0, "title": "One"]
    let changes = declaration.keyChanges(from: before, to: after)
    #expect(changes.map(\.field) == ["status"])
    #expect(changes.first?.before == IndexKey("new"))
    #expect(changes.first?.after == IndexKey("open"))
    #expect(declaration.keyChanges(from: before, to: before).isEmpty)
    #expect(declaration.keyChanges(from: ["status": nil], to: [:]).isEmpty)
    #expect(declaration.keyChanges(from: nil, to: [:]).map(\.after) == [.missing, .missing, .missing])
    #expect(declaration.keyChanges(from: before, to: nil).allSatisfy { $0.before != nil && $0.after == nil })
    #expect(declaration.hasSameTexts(before, after))
    #expect(!declaration.hasSameTexts(before, ["title": "Two"]))
}
