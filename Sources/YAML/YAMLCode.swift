/// The codes of what this module reports. A code never changes its meaning.
enum YAMLCode {
    static let tooLarge = "SB1001"
    static let encoding = "SB1002"
    static let syntax = "SB1003"
    static let duplicateKey = "SB1004"
    static let tab = "SB1005"
    static let tag = "SB1006"
    static let mergeKey = "SB1007"
    static let secondDocument = "SB1008"
    static let keyIsNotText = "SB1009"
    static let tooDeep = "SB1010"
    static let alias = "SB1011"
    static let aliasSize = "SB1012"
    static let controlCharacter = "SB1013"
    static let empty = "SB1014"
    static let largeNumber = "SB1015"
    static let textAfterQuote = "SB1020"
    static let exclamationMark = "SB1021"
    static let colonInText = "SB1022"
    static let cutByHash = "SB1023"
    static let valueIsComment = "SB1024"
    static let doubleBraces = "SB1025"
    static let templateInFlow = "SB1026"
    static let expressionInFlow = "SB1027"
    static let specialStart = "SB1028"
    static let openQuote = "SB1029"
    static let spaceAfterColon = "SB1030"
    static let indentation = "SB1031"
    static let escape = "SB1032"
    static let textAfterBracket = "SB1033"
    static let entryInText = "SB1034"
}

extension YAMLParser {
    /// The codes of what the parser reports.
    public static let codes: Set<String> = Set(
        (Array(1001...1015) + Array(1020...1034)).map { "SB\($0)" })
}
