import Testing

/// Waits until something that can be seen is so: asks for it again and again, for `limit` at most. What was not so by then is an issue
/// at the caller's place, and the test goes on.
///
/// - Parameter what: what is waited for, in a few words.
func eventually(
    _ what: String, within limit: Duration = .seconds(20), at location: SourceLocation = #_sourceLocation,
    _ isSo: () async throws -> Bool
) async throws {
    let end = ContinuousClock.now + limit
    while try await !isSo() {
        guard ContinuousClock.now < end else {
            Issue.record("waited \(limit) for \(what)", sourceLocation: location)
            return
        }
        try await Task.sleep(for: .milliseconds(10))
    }
}
