import Shapes
import WorkflowModel
import YAML

/// What may stand at a place of a document: follows keys and elements from the root through shapes, and below `with` through the
/// schema of what is called.
struct ShapeWalk {
    /// A step from a node to one inside it.
    enum Part {
        /// The value of a key, in this mapping.
        case key(String, in: YAMLNode)
        /// An element of a list.
        case element
    }

    /// What may stand somewhere.
    struct Place {
        /// The forms of the language.
        var forms: [ShapeForm] = []
        /// What an action's input or a plugin's setting must be like.
        var schemas: [Schema] = []

        /// Whether nothing is known.
        var isUnknown: Bool { forms.isEmpty && schemas.isEmpty }
    }

    let library: ShapeLibrary
    let names: ShapeNames

    /// What may stand at the end of `path`.
    func place(_ path: [Part]) -> Place {
        var here = Place(forms: [.shape(library.root.id)])
        for part in path {
            switch part {
            case .key(let name, let mapping): here = value(of: name, in: mapping, here)
            case .element: here = element(here)
            }
        }
        return Place(forms: here.forms.flatMap(alternatives), schemas: here.schemas.flatMap(alternatives))
    }

    /// The shapes that a mapping at `place` may have.
    func shapes(_ place: Place) -> [Shape] {
        place.forms.flatMap(alternatives).compactMap { form in
            guard case .shape(let id) = form else { return nil }
            return id == "condition" ? library["conditions"] : library[id]
        }
    }

    /// The key of this name that a mapping at `place` may have.
    func key(_ name: String, _ place: Place) -> ShapeKey? { shapes(place).lazy.compactMap { $0.key(name) }.first }

    private func value(of name: String, in mapping: YAMLNode, _ place: Place) -> Place {
        var next = Place()
        for shape in shapes(place) {
            for case .inputs(let inputs, let key, let kind) in shape.rules where inputs == name {
                if let called = mapping[key]?.text, let input = names[kind]?.first(where: { $0.name == called })?.input
                {
                    next.schemas.append(input)
                }
            }
            guard let key = shape.key(name) else { continue }
            // What is known of the inputs says more than that they are values.
            if next.schemas.isEmpty { next.forms.append(key.form) }
        }
        for form in place.forms.flatMap(alternatives) {
            switch form {
            case .map(let inner, _): next.forms.append(inner)
            case .named(let kind):
                if let input = names[kind]?.first(where: { $0.name == name })?.input { next.schemas.append(input) }
            default: break
            }
        }
        for schema in place.schemas.flatMap(alternatives) {
            if let property = schema.property(name) {
                next.schemas.append(property)
            } else {
                next.schemas += schema.others
            }
        }
        return next
    }

    private func element(_ place: Place) -> Place {
        var next = Place()
        for form in place.forms.flatMap(alternatives) {
            switch form {
            case .list(let inner, _): next.forms.append(inner)
            case .shape("condition"): next.forms.append(form)
            default: break
            }
        }
        next.schemas = place.schemas.flatMap(alternatives).flatMap(\.items)
        return next
    }

    private func alternatives(_ form: ShapeForm) -> [ShapeForm] {
        switch form {
        case .either(let forms): forms.flatMap(alternatives)
        case .schema: []
        default: [form]
        }
    }

    private func alternatives(_ schema: Schema) -> [Schema] {
        schema.anyOf.isEmpty ? [schema] : [schema] + schema.anyOf
    }
}

extension YAMLNode {
    /// The way from this node to the deepest one at `byte`, and whether that is a key.
    func way(to byte: Int) -> (path: [ShapeWalk.Part], node: YAMLNode, isKey: Bool) {
        for entry in entries ?? [] {
            if entry.key.byteRange.lowerBound <= byte, byte <= entry.key.byteRange.upperBound {
                return ([], entry.key, true)
            }
            if entry.value.byteRange.lowerBound <= byte, byte <= entry.value.byteRange.upperBound, !entry.value.isNull {
                let rest = entry.value.way(to: byte)
                return ([.key(entry.key.text ?? "", in: self)] + rest.path, rest.node, rest.isKey)
            }
        }
        for item in items ?? []
        where item.byteRange.lowerBound <= byte && byte <= item.byteRange.upperBound {
            let rest = item.way(to: byte)
            return ([.element] + rest.path, rest.node, rest.isKey)
        }
        return ([], self, false)
    }

    /// The way to the scalar whose text contains `mark`, the mapping in which it is a key, or that it is none.
    func way(toMark mark: String) -> (path: [ShapeWalk.Part], key: YAMLNode?, scalar: YAMLNode)? {
        for entry in entries ?? [] {
            if entry.key.text?.contains(mark) == true { return ([], self, entry.key) }
            if let found = entry.value.way(toMark: mark) {
                return ([.key(entry.key.text ?? "", in: self)] + found.path, found.key, found.scalar)
            }
        }
        for item in items ?? [] {
            if let found = item.way(toMark: mark) { return ([.element] + found.path, found.key, found.scalar) }
        }
        return text?.contains(mark) == true ? ([], nil, self) : nil
    }
}
