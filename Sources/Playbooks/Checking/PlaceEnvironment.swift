import Expressions

/// The names of a playbook at one place, as the type checker asks for them.
struct PlaceEnvironment: TypeEnvironment {
    let table: NameTable
    let scope: NameScope

    func type(of name: String, tested: Bool) -> NameResolution {
        Self.resolution(table.root(name, scope))
    }

    func member(_ name: String, of space: Int, tested: Bool) -> NameResolution {
        guard let space = NameTable.Space(rawValue: space) else { return .type(.dyn) }
        return Self.resolution(table.member(name, of: space, scope, onlyTested: tested))
    }

    func problem(ofWhole space: Int) -> NameResolution? {
        guard NameTable.Space(rawValue: space) == .secrets else { return nil }
        return .problem(
            code: PlaybookCode.misplacedSecret.rawValue, message: "`secrets` cannot be used as a whole",
            help: "write secrets.NAME")
    }

    func isPresent(_ node: Node) -> Bool { table.isPresent(node, scope) }

    func problem(ofArgument argument: String, to name: String) -> NameResolution? {
        guard name == "open_now" else { return nil }
        return table.problem(ofCalendar: argument)
    }

    private static func resolution(_ found: NameTable.Found) -> NameResolution {
        switch found {
        case .type(let type): .type(type)
        case .problem(let problem):
            .problem(code: problem.code.rawValue, message: problem.message, help: problem.help)
        }
    }
}
