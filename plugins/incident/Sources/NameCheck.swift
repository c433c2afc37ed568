import PluginKit
import WorkflowModel

/// Refuses people and services that are in no table, and roles that are no names.
struct NameCheck {
    let directory: Directory

    /// The id of the person of this id or address.
    ///
    /// - Throws: ``WorkflowModel/Failure`` `unknown_person` with a suggestion.
    func person(_ name: String) throws(Failure) -> String {
        if let person = directory.person(name) { return person.id }
        let near = Similarity.nearest(to: name, among: directory.people.map(\.id))
        throw .permanent(
            "unknown_person", "\(name) is not in the people table\(near.map { "; did you mean \($0)?" } ?? "")")
    }

    /// The services, each once. A workspace without a services table takes any.
    ///
    /// - Throws: ``WorkflowModel/Failure`` `unknown_service` with a suggestion.
    func services(_ names: [String]) throws(Failure) -> [String] {
        var found: [String] = []
        for name in names where !found.contains(name) {
            guard directory.services.isEmpty || directory.service(name) != nil else {
                let near = Similarity.nearest(to: name, among: directory.services.map(\.id))
                throw .permanent(
                    "unknown_service",
                    "\(name) is not in the services table\(near.map { "; did you mean \($0)?" } ?? "")")
            }
            found.append(name)
        }
        return found
    }

    /// - Throws: ``WorkflowModel/Failure`` `invalid_input`.
    static func role(_ name: String) throws(Failure) -> String {
        let isName =
            name.utf8.count <= 40 && name.utf8.first.map { (0x61...0x7A).contains($0) } == true
            && name.utf8.allSatisfy {
                (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D || $0 == 0x5F
            }
        guard isName else {
            throw .invalidInput(
                "a role is written in small letters, digits, - and _, such as commander or customer-liaison; this is \(name)"
            )
        }
        return name
    }
}
