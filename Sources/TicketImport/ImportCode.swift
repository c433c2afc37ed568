/// The codes of what is wrong with a mapping or an export. A code never changes its meaning.
enum ImportCode {
    static let wrongKind = "SB3001"
    static let unknownKey = "SB3002"
    static let missingKey = "SB3003"
    static let wrongValue = "SB3004"
    static let unknownColumn = "SB3005"
    static let doubtfulField = "SB3006"
    static let conflict = "SB3007"
    static let size = "SB3010"
    static let encoding = "SB3011"
    static let quoting = "SB3012"
    static let header = "SB3013"
}
