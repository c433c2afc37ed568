import CloudEvents
import Testing

@Suite struct MediaTypeTests {
    @Test(
        "A media type is read without its parameters, in lower case",
        arguments: [
            ("application/json", "application/json", nil),
            ("Application/CloudEvents+JSON; charset=UTF-8", "application/cloudevents+json", "utf-8"),
            ("text/plain; format=flowed; charset=\"us-ascii\"", "text/plain", "us-ascii"),
        ] as [(String, String, String?)])
    func read(_ text: String, _ essence: String, _ charset: String?) {
        let type = MediaType(text)
        #expect(type?.essence == essence)
        #expect(type?.charset == charset)
    }

    @Test("What is no media type is none", arguments: ["", "json", "a/", "/b", "a/b/c", "a b/c(", ";charset=utf-8"])
    func refuse(_ text: String) { #expect(MediaType(text) == nil) }

    @Test(
        "JSON is recognised by its suffix, too",
        arguments: [
            ("application/json", true), ("application/vnd.x+json; v=1", true), ("text/plain", false),
            ("application/jsonl", false),
        ])
    func json(_ text: String, _ isJSON: Bool) { #expect(MediaType(text)?.isJSON == isJSON) }
}
