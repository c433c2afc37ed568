import ArgumentParser
import CDispatch
import Foundation
import WorkflowModel
import Workspaces

/// For whom somebody decides, beside the commands by which people decide.
struct ActingOptions: ParsableArguments {
    @Option(
        name: .customLong("as"),
        help: ArgumentHelp("Act for this person, by id or address. Only for admins.", valueName: "person"))
    var person: String?
}

/// Who decides: the person who types, or the one for whom an admin types.
///
/// Who types is the person of the workspace whose `system_user` is the user of the operating system that runs the command; without
/// one, the only person whose mail address has that name before its `@`. Somebody whom the people table does not know acts under
/// the user's name, and can decide what does not ask for certain people.
///
/// An admin is who is in the group `admins`. While nobody is, root and the owner of the state folder count as admins.
struct ActingPerson: Sendable {
    /// The group of those who may act for others.
    static let admins = "admins"

    /// The person's id, or the user's name of somebody whom the people table does not know.
    let id: String
    /// Who typed it, when that is somebody else.
    let typist: String?
    /// Whether the people table knows the person.
    let isKnown: Bool

    /// Who acts in this workspace.
    ///
    /// - Parameter other: what `--as` says.
    /// - Throws: ``CommandFailure`` when there is no such person, or who types may not act for others.
    static func find(_ other: String?, in open: OpenWorkspace, _ state: StateFolder) throws -> ActingPerson {
        let directory = open.workspace.directory
        let user = systemUser
        let typist = try person(ofUser: user, in: directory)
        guard let other else { return ActingPerson(id: typist ?? user, typist: nil, isKnown: typist != nil) }
        let lower = other.lowercased()
        guard
            let person = directory.person(other) ?? directory.people.first(where: { $0.email?.lowercased() == lower })
        else {
            let near = Similarity.nearest(to: other, among: directory.people.map(\.id))
            throw CommandFailure(
                .failed, "there is no person \(other)",
                help: near.map { "did you mean \($0)?" } ?? "the people table has the ids of people")
        }
        guard person.id != typist else { return ActingPerson(id: person.id, typist: nil, isKnown: true) }
        let admins = directory.members(of: admins).map(\.id)
        let isAdmin = admins.isEmpty ? ownsState(state) : typist.map(admins.contains) ?? false
        guard isAdmin else {
            throw CommandFailure(
                .failed, "\(typist ?? user) may not act for \(person.id): only admins may act for others",
                help: admins.isEmpty
                    ? "while the group admins has nobody, root and the owner of the state folder may"
                    : "admins are \(admins.joined(separator: ", "))")
        }
        return ActingPerson(id: person.id, typist: typist ?? user, isKnown: true)
    }

    /// What a request says of who typed it, beside its own content.
    func signing(_ body: ValueMap) -> ValueMap {
        var body = body
        body["typed_by"] = typist.map(Value.string)
        return body
    }

    /// The person of a user of the operating system; nil when the people table does not know the user.
    private static func person(ofUser user: String, in directory: Directory) throws -> String? {
        let named = directory.people.filter { $0.systemUser == user }.map(\.id)
        guard named.count < 2 else {
            throw CommandFailure(
                .failed, "the people table gives the system user \(user) to \(named.joined(separator: " and "))",
                help: "give it to one person")
        }
        if let id = named.first { return id }
        let mailed = directory.people.filter { person in
            person.systemUser == nil && person.email?.split(separator: "@").first?.lowercased() == user.lowercased()
        }
        return mailed.count == 1 ? mailed[0].id : nil
    }

    /// The user that runs this process: the system's word, which no environment variable changes.
    private static var systemUser: String {
        guard let entry = getpwuid(getuid()), let name = entry.pointee.pw_name else { return "user-\(getuid())" }
        return String(cString: name)
    }

    private static func ownsState(_ state: StateFolder) -> Bool {
        if getuid() == 0 { return true }
        var status = stat()
        guard stat(state.path, &status) == 0 else { return true }
        return status.st_uid == getuid()
    }
}
