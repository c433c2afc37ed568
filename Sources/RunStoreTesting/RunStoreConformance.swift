public import PluginKit
public import RunStore

/// The suite that every driver of the storage contract must pass: a list of cases, each on an empty store of its own.
///
/// A driver's tests run each case with a way to make a store:
///
///     @Test(arguments: RunStoreConformance.cases)
///     func conforms(_ fact: RunStoreConformance.Case) async throws {
///         try await fact.check { collections in try makeStore(collections) }
///     }
public enum RunStoreConformance {
    /// Makes an empty store with these collections.
    public typealias Factory = @Sendable ([String: CollectionDeclaration]) async throws -> any RunStore

    /// One fact that must hold.
    public struct Case: Sendable, CustomStringConvertible {
        /// The fact in a sentence.
        public let description: String
        private let body: @Sendable (any RunStore) async throws -> Void

        init(_ description: String, _ body: @escaping @Sendable (any RunStore) async throws -> Void) {
            self.description = description
            self.body = body
        }

        /// Checks the fact on a store from `factory`, and closes the store.
        ///
        /// - Throws: ``Mismatch``, or what the store threw.
        public func check(on factory: Factory) async throws {
            let store = try await factory(Sample.collections)
            do {
                try await body(store)
            } catch {
                await store.close()
                throw error
            }
            await store.close()
        }
    }

    /// What was not as the contract says, and where the suite looked.
    public struct Mismatch: Error, Sendable, CustomStringConvertible {
        /// What was expected and what came, with the line of the suite.
        public let description: String
    }

    /// All facts.
    public static let cases: [Case] =
        eventCases + runCases + journalCases + timerCases + ledgerCases + activeSetCases + documentCases + queryCases
        + searchCases + transactionCases + valueCases + pruningCases + peopleCases + gateCases + slotCases + claimCases
        + tokenCases
}

/// Throws when `condition` is false.
func expect(
    _ condition: Bool, _ fact: String, file: StaticString = #fileID, line: UInt = #line
) throws(RunStoreConformance.Mismatch) {
    if !condition { throw RunStoreConformance.Mismatch(description: "\(file):\(line): not so: \(fact)") }
}

/// Throws when what came is not what was expected.
func expectEqual<Item: Equatable>(
    _ found: Item, _ expected: Item, file: StaticString = #fileID, line: UInt = #line
) throws(RunStoreConformance.Mismatch) {
    guard found != expected else { return }
    throw RunStoreConformance.Mismatch(description: "\(file):\(line): expected \(expected), found \(found)")
}

/// Throws when `body` does not throw a ``StoreError`` of this code.
func expectRefusal(
    _ code: StoreError.Code, file: StaticString = #fileID, line: UInt = #line,
    isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> Void
) async throws(RunStoreConformance.Mismatch) {
    do {
        try await body()
    } catch {
        if let error = error as? StoreError, error.code == code, !error.message.isEmpty { return }
        throw RunStoreConformance.Mismatch(description: "\(file):\(line): expected \(code), was thrown \(error)")
    }
    throw RunStoreConformance.Mismatch(description: "\(file):\(line): expected \(code), nothing was thrown")
}
