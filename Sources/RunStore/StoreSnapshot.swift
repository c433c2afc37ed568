/// A view of a store that stays as it is for as long as it is held, whatever is written meanwhile: what a dry run is laid over.
///
/// May be used from any thread. Hold it as short as may be: a store keeps what the view still shows.
public protocol StoreSnapshot: StoreReader, Sendable {
    /// The last number that the sequence `name` of `plugin` has given; 0 before the first.
    func lastNumber(_ name: String, of plugin: String) throws -> Int
    /// In how many documents of a collection each of the folded `words` occurs (``SearchWords``).
    func occurrences(of words: [String], in collection: String) throws -> [Int]
}
