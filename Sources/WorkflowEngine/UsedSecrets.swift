import PluginKit
import Synchronization
import WorkflowModel

/// The secrets that one call has looked up, so that none of them leaves the call: an action that puts one into its output or its
/// failure message by mistake would otherwise write it into the journal.
final class UsedSecrets: SecretLookup {
    private let source: any SecretLookup
    private let used = Mutex<[String: String]>([:])
    /// Shorter texts occur by chance; replacing them would spoil outputs and reveal where they stand.
    private static let shortest = 4

    init(_ source: any SecretLookup) { self.source = source }

    func secret(_ name: String) async throws -> String {
        let secret = try await source.secret(name)
        used.withLock { $0[name] = secret }
        return secret
    }

    func hidden(in value: Value) -> Value {
        let secrets = known
        return secrets.isEmpty ? value : UsedSecrets.hide(secrets, in: value)
    }

    func hidden(in error: any Error) -> any Error {
        let secrets = known
        guard !secrets.isEmpty else { return error }
        if var partial = error as? PartialFailure {
            partial.failure = hidden(in: partial.failure) as? Failure ?? partial.failure
            return partial
        }
        if var failure = error as? Failure {
            failure.message = UsedSecrets.hide(secrets, in: failure.message)
            return failure
        }
        if error is CancellationError { return error }
        let text = "\(error)"
        let hidden = UsedSecrets.hide(secrets, in: text)
        return hidden == text ? error : Failure(code: "unexpected", message: hidden, kind: .uncertain)
    }

    private var known: [(name: String, secret: String)] {
        used.withLock { used in
            used.filter { $0.value.utf8.count >= UsedSecrets.shortest }.map { ($0.key, $0.value) }
                .sorted { $0.1.utf8.count > $1.1.utf8.count }
        }
    }

    private static func hide(_ secrets: [(name: String, secret: String)], in value: Value) -> Value {
        switch value {
        case .string(let text): .string(hide(secrets, in: text))
        case .list(let items): .list(items.map { hide(secrets, in: $0) })
        case .map(let map):
            .map(
                ValueMap(
                    map.entries.map { entry in
                        let key = entry.key.string.map { MapKey.string(hide(secrets, in: $0)) } ?? entry.key
                        return (key, hide(secrets, in: entry.value))
                    }))
        default: value
        }
    }

    private static func hide(_ secrets: [(name: String, secret: String)], in text: String) -> String {
        var result = text
        for (name, secret) in secrets where result.contains(secret) {
            var parts: [Substring] = []
            var rest = result[...]
            while let range = rest.firstRange(of: secret) {
                parts.append(rest[..<range.lowerBound])
                rest = rest[range.upperBound...]
            }
            parts.append(rest)
            result = parts.joined(separator: "‹secret \(name)›")
        }
        return result
    }
}
