import HTTPTypes
import Hummingbird

extension Router<ServerContext> {
    private static var known: [HTTPRequest.Method] { [.get, .head, .post, .put, .patch, .delete, .options] }

    /// Answers the methods that a path does not have with 405 and the ones that it has. Called when all routes are there.
    func refuseOtherMethods() {
        var methods: [String: (path: RouterPath, methods: Set<HTTPRequest.Method>)] = [:]
        for route in routes {
            methods[route.path.description, default: (route.path, [])].methods.insert(route.method)
        }
        for (_, var entry) in methods.sorted(by: { $0.key < $1.key }) {
            // Made for every GET later on.
            if entry.methods.contains(.get) { entry.methods.insert(.head) }
            let allowed = Self.known.filter { entry.methods.contains($0) }.map(\.rawValue).joined(separator: ", ")
            for method in Self.known where !entry.methods.contains(method) {
                on(entry.path, method: method) { _, _ -> Response in
                    throw Problem(
                        .methodNotAllowed, "method_not_allowed",
                        "\(method.rawValue) is not for this path; it has \(allowed)",
                        headers: [.allow: allowed])
                }
            }
        }
    }
}
