import RunStore
import Testing

@Test(
    "text is split into folded words",
    arguments: [
        ("VPN fails: error-42, twice!", ["vpn", "fails", "error", "42", "twice"]),
        ("Ångström Zürich Ærø naïve ÉCOLE", ["angstrom", "zurich", "ærø", "naive", "ecole"]),
        ("e\u{301}cole Zu\u{308}rich", ["ecole", "zurich"]),
        ("Ελλάδα ΆΛΦΑ", ["ελλαδα", "αλφα"]),
        ("Ёлка Йод", ["елка", "иод"]),
        ("Łódź Ștefan Đỗ", ["łodz", "stefan", "đo"]),
        ("東京 x", ["東京", "x"]), ("snake_case a.b@c", ["snake", "case", "a", "b", "c"]), ("", []), ("— ! \u{1F600}", []),
    ])
func splits(_ text: String, _ words: [String]) {
    // Letters with a stroke are letters of their own to some and folded to others; either is fine as long as it is one.
    let folded = words.map { $0.map { ["ø": "o", "ł": "l", "đ": "d"][$0] ?? $0 } }.map { String($0) }
    #expect(SearchWords.words(of: text) == folded || SearchWords.words(of: text) == words)
}

@Test("a query's words are taken once, and a word's length is bounded")
func queryWords() {
    #expect(SearchWords.queryWords(of: "b a B c a") == ["b", "a", "c"])
    #expect(SearchWords.words(of: String(repeating: "x", count: 1000)).map(\.count) == [SearchWords.maximumLength])
    let many = (0..<500).map { "w\($0)" }.joined(separator: " ")
    #expect(SearchWords.queryWords(of: many).count == SearchWords.maximumQueryWords)
}

@Test("a text of ASCII alone has the words that it has beside other letters")
func plainAndFolded() {
    var text = ""
    for byte in UInt8(0)..<0x80 { text += "Ab\(Character(Unicode.Scalar(byte)))9\(Character(Unicode.Scalar(byte)))" }
    text += " " + String(repeating: "Long", count: 30)
    #expect(SearchWords.words(of: text + " \u{e9}") == SearchWords.words(of: text) + ["e"])
    #expect(SearchWords.words(of: text[...].dropFirst(1)) == SearchWords.words(of: String(text.dropFirst(1))))
}
