import Playbooks
import Testing

@Suite("Codes")
struct PlaybookCodeTests {
    @Test("each code has a title of its own and the number of its area")
    func table() {
        let codes = PlaybookCode.allCases
        #expect(Set(codes.map(\.title)).count == codes.count)
        #expect(codes.allSatisfy { $0.rawValue.wholeMatch(of: /SB1[1-59]\d\d/) != nil })
    }
}
