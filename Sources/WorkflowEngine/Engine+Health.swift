public import RunStore

extension Engine {
    /// The newer executor's refusal, once one has begun; nil as long as this one may work.
    public var replacedBy: StoreError? { core.replacement }

    /// Why nothing can be stored now; nil when it can. It asks the writer of the store and waits for its turn.
    public func storeTrouble() async -> String? {
        if let failure = core.store.writeLoad.last?.failure { return failure.message }
        do {
            try await core.store.write { _ in }
            return nil
        } catch {
            return (error as? StoreError)?.message ?? "\(error)"
        }
    }
}
