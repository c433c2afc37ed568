import Foundation
import WorkflowModel

/// A request of the conformance data, and what must be read from it.
struct ConformanceCase: Sendable {
    let id: String
    let headers: [(name: String, value: String)]
    let body: [UInt8]
    /// Nil when it must be refused.
    let events: [Value]?
    let mode: String?

    /// All cases.
    static func all() throws -> [ConformanceCase] {
        guard let url = Bundle.module.url(forResource: "http", withExtension: "json", subdirectory: "Conformance")
        else {
            throw Unreadable()
        }
        let root = try JSON.parse(Array(try Data(contentsOf: url)))
        return try (root["cases"]?.list ?? []).map { item in
            guard let id = item["id"]?.string, let http = item["http"], let expect = item["expect"] else {
                throw Unreadable()
            }
            let headers = (http["headers"]?.list ?? []).compactMap { pair in
                pair.list.flatMap { pair in
                    pair[0].string.flatMap { name in pair[1].string.map { (name: name, value: $0) } }
                }
            }
            let body =
                http["body"]?.string.map { Array($0.utf8) } ?? http["body_base64"]?.string.flatMap(Base64Text.decode)
                ?? []
            return ConformanceCase(
                id: id, headers: headers, body: body,
                events: expect["error"] == true ? nil : expect["events"]?.list ?? [], mode: expect["mode"]?.string)
        }
    }

    struct Unreadable: Error {}
}
