/// The codes of what is wrong with a manifest. A code never changes its meaning.
enum ManifestCode {
    static let wrongKind = "SB2001"
    static let unknownKey = "SB2002"
    static let missingKey = "SB2003"
    static let wrongValue = "SB2004"
    static let schema = "SB2005"
    static let example = "SB2006"
    static let misplaced = "SB2007"
    static let repeated = "SB2008"
    static let expression = "SB2009"
    static let unknownName = "SB2010"
}
