import Synchronization

/// Which messages of steps under way have left already, so that another attempt in this process repeats only those that failed.
/// A restart forgets it: delivery is at least once, and the key in each message lets the other side tell.
final class DeliveryMemory: Sendable {
    private static let capacity = 10_000
    private let delivered = Mutex<[String]>([])

    /// Whether the message of this key has left.
    func has(_ key: String) -> Bool { delivered.withLock { $0.contains(key) } }

    /// Notes that the message of this key has left.
    func note(_ key: String) {
        delivered.withLock { keys in
            if keys.count >= Self.capacity { keys.removeFirst(Self.capacity / 2) }
            keys.append(key)
        }
    }

    /// Forgets these keys: their step has its outcome.
    func forget(_ keys: [String]) {
        let gone = Set(keys)
        delivered.withLock { $0.removeAll(where: gone.contains) }
    }
}
