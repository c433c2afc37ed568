import PluginKit
import WorkflowModel

/// The services that a window touches: those it names, what they need, and what needs them.
struct ServiceScope: Sendable {
    let services: [Service]
    /// Services that the named ones need, directly or by way of others.
    let dependencies: Set<String>
    /// Services that need the named ones, directly or by way of others.
    let dependents: Set<String>

    /// The scope of the services `names`.
    ///
    /// - Throws: ``Failure`` `unknown_service` with a suggestion.
    init(_ names: [String], in directory: Directory) throws(Failure) {
        var named: [Service] = []
        for name in names where !named.contains(where: { $0.id == name }) {
            guard let service = directory.service(name) else {
                let near = Similarity.nearest(to: name, among: directory.services.map(\.id))
                throw .permanent(
                    "unknown_service",
                    "\(name) is not in the services table\(near.map { "; did you mean \($0)?" } ?? "")")
            }
            named.append(service)
        }
        guard !named.isEmpty else { throw .invalidInput("services is empty") }
        services = named
        let own = Set(named.map(\.id))
        let needs = Dictionary(directory.services.map { ($0.id, $0.dependencies) }, uniquingKeysWith: { $1 })
        var needed: [String: [String]] = [:]
        for service in directory.services {
            for dependency in service.dependencies { needed[dependency, default: []].append(service.id) }
        }
        dependencies = Self.reach(own, by: needs)
        dependents = Self.reach(own, by: needed)
    }

    /// The ids of the named services.
    var names: [String] { services.map(\.id) }

    /// Everything that `start` leads to, without itself; circles are walked once.
    private static func reach(_ start: Set<String>, by next: [String: [String]]) -> Set<String> {
        var found = Set<String>()
        var open = Array(start)
        while let id = open.popLast() {
            for other in next[id] ?? [] where !start.contains(other) && found.insert(other).inserted {
                open.append(other)
            }
        }
        return found
    }
}
