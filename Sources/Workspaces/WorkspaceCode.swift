/// The codes of what is wrong with a workspace. A code never changes its meaning.
///
/// SB16xx: files and settings · SB17xx: tables.
public enum WorkspaceCode: String, Sendable, Hashable, CaseIterable {
    case noWorkspace = "SB1601"
    case unreadableFile = "SB1602"
    case largeFile = "SB1603"
    case tooManyFiles = "SB1604"
    case linkOutside = "SB1605"
    case ignoredFile = "SB1606"
    case unknownSetting = "SB1607"
    case wrongSetting = "SB1608"
    case missingSetting = "SB1609"
    case unknownZone = "SB1610"
    case wrongSecret = "SB1612"
    case wrongTemplate = "SB1613"
    case repeatedPlaybook = "SB1614"

    case wrongTable = "SB1701"
    case unknownColumn = "SB1702"
    case missingCell = "SB1703"
    case wrongCell = "SB1704"
    case repeatedRow = "SB1705"
    case unknownRow = "SB1706"
    case repeatedTable = "SB1707"
    case tooManyRows = "SB1708"
    case wrongPolicy = "SB1709"
    case unknownPolicyKey = "SB1710"
    case unclearDays = "SB1711"
    case unmeasured = "SB1712"

    /// What the code means, in one line.
    public var title: String {
        switch self {
        case .noWorkspace: "The folder is no workspace: it has no signalbox.yaml"
        case .unreadableFile: "A file or folder cannot be read"
        case .largeFile: "A file is larger than is read"
        case .tooManyFiles: "The workspace has more files than are read"
        case .linkOutside: "A symbolic link leads out of the workspace"
        case .ignoredFile: "A file is neither a playbook nor a known table"
        case .unknownSetting: "A key is not known in signalbox.yaml"
        case .wrongSetting: "A setting has a value that it cannot have"
        case .missingSetting: "A setting that must be there is missing"
        case .unknownZone: "A time zone is not known"
        case .wrongSecret: "A secret is declared or used in a wrong form"
        case .wrongTemplate: "A template cannot be read"
        case .repeatedPlaybook: "Two files have playbooks of the same id"
        case .wrongTable: "A table's file does not have the form of a table"
        case .unknownColumn: "A table has a column that is not known"
        case .missingCell: "A row lacks a value that it must have"
        case .wrongCell: "A row has a value that its column cannot have"
        case .repeatedRow: "Two rows have the same id"
        case .unknownRow: "A row names something that no table has"
        case .repeatedTable: "A table is there twice"
        case .tooManyRows: "A table has more rows than are read"
        case .wrongPolicy: "An SLA policy says something that it cannot"
        case .unknownPolicyKey: "A key or metric is not known in sla.yaml"
        case .unclearDays: "A target in days, with a calendar of business hours"
        case .unmeasured: "A metric has no target for a priority"
        }
    }
}
