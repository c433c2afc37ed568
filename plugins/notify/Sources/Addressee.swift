import WorkflowModel

/// Somebody or something that a message can go to.
struct Addressee: Sendable, Hashable {
    /// What reaches it.
    enum Kind: Sendable, Hashable {
        case person
        case address
        case channel
    }

    var kind: Kind
    /// The person's id, the address in lower case, or the channel with its `#`: equal keys are the same addressee.
    var key: String
    var name: String?
    var email: String?

    /// The addressee for `person`.
    init(_ person: Person) {
        kind = .person
        key = person.id
        name = person.name
        email = person.email
    }

    /// The addressee for a bare address.
    init(address: String) {
        kind = .address
        key = address.lowercased()
        email = address
    }

    /// The addressee for a chat channel, written with its `#`.
    init(channel: String) {
        kind = .channel
        key = channel
    }

    /// The addressee as messages and ledgers name it.
    var shown: String {
        switch (name, email) {
        case (let name?, let email?): "\(name) <\(email)>"
        case (let name?, nil): name
        default: email ?? key
        }
    }

    /// How a chat message calls it.
    var mention: String { kind == .address ? key : kind == .person ? "@\(key)" : key }
}
