import Calendars
import Foundation
import Testing
import WorkflowModel

/// The cases of a file of conformance data.
func conformanceCases(_ path: String) throws -> [Value] {
    let folder = try #require(Bundle.module.url(forResource: "Conformance", withExtension: nil))
    let data = try JSON.parse([UInt8](Data(contentsOf: folder.appending(path: path))), maximumDepth: 64)
    return try #require(data["cases"]?.list)
}

func texts(_ value: Value?) -> [String] { value?.list?.compactMap(\.string) ?? [] }

func instant(_ text: String) throws -> Timestamp { try #require(Timestamp(rfc3339: text), "\(text) is no instant") }
