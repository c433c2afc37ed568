import PluginKit
import Synchronization
import WorkflowModel

/// The versions of the policies: each that has measured anything is kept, so that it can go on measuring.
final class PolicyShelf: Sendable {
    private let read = Mutex<[String: PolicySet]>([:])
    /// Versions in memory at a time; more are read again when they are needed.
    private static let most = 50

    /// Keeps the workspace's version, so that it is there when the workspace has another.
    ///
    /// - Returns: the version; nil when the workspace has no policies.
    func keep(_ table: PolicyTable?, in store: any PluginStore) throws -> String? {
        guard let table else { return nil }
        if try store.document(table.version, in: SLAPlugin.policies) == nil {
            try store.put(table.version, ["content": table.content], in: SLAPlugin.policies)
        }
        return table.version
    }

    /// The versions that `history` needs, with the workspace's own.
    ///
    /// - Throws: ``WorkflowModel/Failure`` when one is damaged; what `store` throws.
    func computation(
        for history: [Happening], _ table: PolicyTable?, in store: any PluginStoreReader
    ) throws -> ClockComputation {
        var sets: [String: PolicySet] = [:]
        let versions = history.reduce(into: Set<String>()) { $0.formUnion($1.versions) }
        for version in versions.sorted() {
            sets[version] = try set(version, table, in: store)
        }
        let current = try table.map { try set($0) }
        let known = sets
        return ClockComputation { version in version.map { known[$0] } ?? current }
    }

    /// The policies of a version; nil when it was never kept.
    func set(_ version: String, _ table: PolicyTable?, in store: any PluginStoreReader) throws -> PolicySet? {
        if let table, table.version == version { return try set(table) }
        if let known = read.withLock({ $0[version] }) { return known }
        guard let content = try store.document(version, in: SLAPlugin.policies)?["content"] else { return nil }
        return try set(PolicyTable(version: version, content: content))
    }

    /// The policies of a table.
    func set(_ table: PolicyTable) throws -> PolicySet {
        if let known = read.withLock({ $0[table.version] }) { return known }
        let set = try PolicySet(table)
        read.withLock { known in
            if known.count >= Self.most { known = [:] }
            known[table.version] = set
        }
        return set
    }
}
