import WorkflowModel

/// `email-delivery`: a text or a field with a dash, which reads as one name minus another.
extension TypeChecker {
    /// Reports such a name as the one mistake that it is; false when the difference is something else.
    mutating func dash(_ args: [Node]) -> Bool {
        guard args.count == 2, case .ident(let second) = args[1].kind,
            args[1].range.lowerBound == args[0].range.upperBound + 1, let path = args[0].path,
            !bound.contains(where: { $0.name == second }),
            case .problem(let code, _, _) = environment.type(of: second, tested: false)
        else { return false }
        let before = problems.count
        _ = value(args[0])
        guard problems.count == before + 1, let problem = problems.last,
            problem.range.upperBound == args[0].range.upperBound
        else {
            forget(from: before)
            return false
        }
        forget(from: before)
        let place = problem.range.lowerBound..<args[1].range.upperBound
        let name = "\(path.last ?? "")-\(second)"
        guard case .select(let owner, _, _) = args[0].kind else {
            report(
                .name(code: code), place, "there is no name `\(name)` here", help: "a text needs quotes: \"\(name)\"")
            return true
        }
        let meant = name.replacing("-", with: "_")
        let whole = self.name(owner)
        report(
            problem.kind, place, "\(shown(owner)) has no field `\(name)`",
            help: hasField(meant, owner)
                ? "did you mean `\(whole).\(meant)`?" : "a field with a dash is written \(whole)[\"\(name)\"]")
        return true
    }

    private mutating func hasField(_ field: String, _ owner: Node) -> Bool {
        let before = problems.count
        let type = type(owner).present
        forget(from: before)
        switch type {
        case .object(let object): return object.field(field) != nil
        case .space(let space):
            if case .type = environment.member(field, of: space, tested: false) { return true }
            return false
        default: return false
        }
    }
}
