import Foundation

/// Gives `body` an empty folder and removes it afterwards.
func withFolder<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("store-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer {
        // What is left of a test's files hurts nobody.
        _ = try? FileManager.default.removeItem(atPath: folder)
    }
    return try await body(folder)
}
