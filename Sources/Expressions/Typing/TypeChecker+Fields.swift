import WorkflowModel

/// Names, fields and elements.
extension TypeChecker {
    mutating func ident(_ name: String, _ node: Node, _ tested: Bool) -> ExpressionType {
        if let local = bound.last(where: { $0.name == name }) { return local.type }
        let plain = name.hasPrefix(".") ? String(name.dropFirst()) : name
        switch environment.type(of: plain, tested: tested) {
        case .type(let type): return type
        case .problem(let code, let message, let help):
            if let type = Self.typeValue(plain) { return type }
            report(.name(code: code), node.range, message, help: Slips.name(plain) ?? help)
            return .dyn
        }
    }

    /// The type of a type's name, where it stands as a value.
    private static func typeValue(_ name: String) -> ExpressionType? {
        switch name {
        case "bool": .type(.bool)
        case "int": .type(.int)
        case "uint": .type(.uint)
        case "double": .type(.double)
        case "string": .type(.string)
        case "bytes": .type(.bytes)
        case "list": .type(.openList)
        case "map": .type(.map(.dyn, .dyn))
        case "null_type": .type(.null)
        default: TypeNames.isType(name) ? .type(.dyn) : nil
        }
    }

    mutating func select(
        _ operand: Node, _ field: String, _ testOnly: Bool, _ node: Node, _ tested: Bool
    ) -> ExpressionType {
        if !testOnly, let name = node.dottedName, TypeNames.isType(name), let type = Self.typeValue(name) {
            return type
        }
        let asked = tested || testOnly
        let found = self.field(field, of: type(operand, tested: asked), operand, node, asked)
        return testOnly ? .bool : found
    }

    /// The type of `operand.field`; `node` is the whole.
    mutating func field(
        _ field: String, of type: ExpressionType, _ operand: Node, _ node: Node, _ tested: Bool
    ) -> ExpressionType {
        switch type {
        case .dyn, .free, .parameter, .type: return .dyn
        case .absent(let inner):
            if !tested { reportAbsent(operand) }
            return self.field(field, of: inner, operand, node, tested)
        case .nullable(let inner):
            let before = problems.count
            let found = self.field(field, of: inner, operand, node, tested)
            // A field that does not exist is enough to say.
            if !tested, problems.count == before { reportMissing(operand) }
            return tested ? found.orNull : found
        case .optional(let inner): return .optional(self.field(field, of: inner, operand, node, true))
        case .map(_, let value): return value == .free ? .dyn : value
        case .space(let space):
            switch environment.member(field, of: space, tested: tested) {
            case .type(let type): return type
            case .problem(let code, let message, let help):
                report(.member(code: code), place(of: field, in: node), message, help: help)
                return .dyn
            }
        case .object(let object):
            if let found = object.field(field) { return found.type }
            if let others = object.others { return others }
            unknownField(field, type, object.fields.map(\.name), operand, node, tested)
            return .dyn
        case .oneOf(let members): return self.field(field, ofOneOf: members, type, operand, node, tested)
        case .secret:
            report(.secret, node.range, Self.secretMessage, help: Self.secretHelp)
            return .dyn
        default:
            unknownField(field, type, [], operand, node, tested)
            return .dyn
        }
    }

    private mutating func field(
        _ field: String, ofOneOf members: [ExpressionType], _ type: ExpressionType, _ operand: Node, _ node: Node,
        _ tested: Bool
    ) -> ExpressionType {
        var found = ExpressionType.free
        var names: [String] = []
        for member in members {
            switch member {
            case .object(let object):
                if let known = object.field(field) {
                    found = found.joined(known.type)
                } else if let others = object.others {
                    found = found.joined(others)
                }
                names += object.fields.map(\.name)
            case .map, .dyn, .space, .optional: return .dyn
            default: break
            }
        }
        if found == .free {
            unknownField(field, type, names, operand, node, tested)
            return .dyn
        }
        return found
    }

    private mutating func unknownField(
        _ field: String, _ type: ExpressionType, _ known: [String], _ operand: Node, _ node: Node, _ tested: Bool
    ) {
        let near = Similarity.nearest(to: field, among: known)
        // Asking whether something is there is no mistake, unless it is a misspelt name.
        if tested, near == nil, type.isMap { return }
        let before = shown(operand)
        guard type.isMap else {
            var help: String?
            if case .list(let element) = type, element.isMap || element.isUnknown {
                help = "write \(name(operand))[0].\(field) for the first one"
            }
            report(
                .unknownField, place(of: field, in: node),
                "\(before) is \(type.inWords) and has no field `\(field)`", help: help)
            return
        }
        report(
            .unknownField, place(of: field, in: node), "\(before) has no field `\(field)`",
            help: near.map { "did you mean `\(name(operand)).\($0)`?" }
                ?? (known.isEmpty ? nil : "fields: \(known.prefix(40).joined(separator: ", "))"))
    }

    /// Where the name of a field stands.
    func place(of field: String, in node: Node) -> Range<Int> {
        if case .call(_, _, let args) = node.kind, args.count == 2 {
            let range = args[1].range
            return args[1].literal?.string != nil && range.count == field.unicodeScalars.count + 2
                ? range.lowerBound + 1..<range.upperBound - 1 : range
        }
        let end = node.range.upperBound
        let scalars = expression.text.unicodeScalars
        let last = scalars.index(scalars.startIndex, offsetBy: max(0, end - 1), limitedBy: scalars.endIndex)
        var closing = 0
        if case .select(_, _, true) = node.kind, let last, last < scalars.endIndex, scalars[last] == ")" {
            closing = trailing(end)
        } else if let last, last < scalars.endIndex, scalars[last] == "`" {
            closing = 1
        }
        let upper = end - closing
        return max(node.range.lowerBound, upper - field.unicodeScalars.count)..<upper
    }

    /// How many characters of `has(… )` stand behind the field's name.
    private func trailing(_ end: Int) -> Int {
        var count = 0
        for scalar in expression.text.unicodeScalars.prefix(end).reversed() {
            guard scalar == ")" || scalar == " " || scalar == "\n" || scalar == "`" else { break }
            count += 1
        }
        return count
    }

    /// `a[b]`, `a[?b]` and `a.?b`
    mutating func element(_ container: Node, _ index: Node, optional: Bool, _ node: Node, _ tested: Bool)
        -> ExpressionType
    {
        let asked = tested || optional
        var type = self.type(container, tested: asked)
        if case .absent(let inner) = type {
            if !asked { reportAbsent(container) }
            type = inner
        }
        if case .optional(let inner) = type {
            let found = element(of: inner, container, index, node, true)
            return .optional(found.present)
        }
        if case .nullable(let inner) = type {
            if !asked { reportMissing(container) }
            type = inner
        }
        let found = element(of: type, container, index, node, asked)
        return optional ? .optional(found.present) : found
    }

    private mutating func element(
        of type: ExpressionType, _ container: Node, _ index: Node, _ node: Node, _ tested: Bool
    ) -> ExpressionType {
        let key = value(index)
        if let field = index.literal?.string {
            switch type {
            case .object, .space, .secret: return self.field(field, of: type, container, node, tested)
            case .oneOf where type.isMap: return self.field(field, of: type, container, node, tested)
            default: break
            }
        }
        switch type {
        case .list(let element):
            if !key.present.isUnknown, !key.present.members.contains(where: \.isNumber) {
                let named = index.literal?.string
                report(
                    .wrongOperand, index.range,
                    "\(shown(container)) is a list, and its elements have numbers, from 0",
                    help: named.map { "write \(name(container))[0].\($0) for the first one" })
            }
            return element == .free ? .dyn : element
        case .map(let keys, let content):
            if !keys.canEqual(key) {
                report(
                    .wrongOperand, index.range,
                    "the keys of \(shown(container)) are \(keys.inWords), and this is \(key.inWords)")
            }
            return content == .free ? .dyn : content
        case .oneOf(let members) where members.contains(where: \.hasElements): return .dyn
        case .dyn, .free, .parameter, .object, .space, .optional, .nullable, .absent: return .dyn
        case .secret:
            report(.secret, node.range, Self.secretMessage, help: Self.secretHelp)
            return .dyn
        default:
            var help: String?
            if type.isText { help = "write \(name(container)).charAt(0) for the first character" }
            report(
                .wrongOperand, container.range,
                "`[ ]` looks into lists and maps, and \(shown(container)) is \(type.inWords)", help: help)
            return .dyn
        }
    }

    static let secretMessage = "a secret cannot be looked into"
    static let secretHelp = "it can be passed on as it is, or joined to a text by +"
}
