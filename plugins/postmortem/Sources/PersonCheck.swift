import PluginKit
import WorkflowModel

/// Refuses people who are in no table.
enum PersonCheck {
    /// Requires that `person` is in the people table.
    ///
    /// - Throws: ``Failure`` `unknown_person` with a suggestion.
    static func require(_ person: String, as role: String, in directory: Directory) throws(Failure) {
        guard directory.person(person) == nil else { return }
        let near = Similarity.nearest(to: person, among: directory.people.map(\.id))
        throw .permanent(
            "unknown_person",
            "\(role) \(person) is not in the people table\(near.map { "; did you mean \($0)?" } ?? "")")
    }
}
