import PluginKit
import WorkflowModel

/// Incidents as documents of the collection `incident.incidents`.
enum IncidentShelf {
    static let collection = "incident.incidents"

    /// The incident of this id, here or in another system; nil when there is none.
    static func find(_ id: String, in reader: any PluginStoreReader) throws -> Incident? {
        guard FactSheet.isID(id) else { return nil }
        if let body = try reader.document(id, in: collection) { return Incident(id: id, body: body) }
        let query = DocumentQuery([.init("external_id", .equals(.string(id)))], order: "declared_at", limit: 1)
        return try reader.documents(in: collection, query).first.map { Incident(id: $0.id, body: $0.body) }
    }

    /// The open incident with this key.
    static func open(key: String, in reader: any PluginStoreReader) throws -> Incident? {
        let query = DocumentQuery(
            [.init("dedupe_key", .equals(.string(key))), .init("state", .equals("open"))], order: "declared_at",
            limit: 1)
        return try reader.documents(in: collection, query).first.map { Incident(id: $0.id, body: $0.body) }
    }

    /// The incident that a step is about: the input `incident`, else that of the run.
    ///
    /// - Throws: ``WorkflowModel/Failure`` `invalid_input` when none is named, `unknown_incident` when it is not known.
    static func incident(
        _ input: ActionInput, in reader: any PluginStoreReader, _ context: ActionContext
    ) throws -> Incident {
        let id = try id(input, context)
        guard let incident = try find(id, in: reader) else {
            let newest = DocumentQuery(order: "declared_at", descending: true, limit: 1000)
            let near = Similarity.nearest(to: id, among: try reader.documents(in: collection, newest).map(\.id))
            throw Failure.permanent(
                "unknown_incident", "there is no incident \(id)\(near.map { "; did you mean \($0)?" } ?? "")")
        }
        return incident
    }

    /// The id that a step names.
    static func id(_ input: ActionInput, _ context: ActionContext) throws(Failure) -> String {
        if let id = try input.optionalText("incident") {
            return id.hasPrefix("incident:") ? String(id.dropFirst("incident:".count)) : id
        }
        if let id = context.names["incident"]?["id"]?.string { return id }
        if let subject = context.subject, subject.hasPrefix("incident:") {
            return String(subject.dropFirst("incident:".count))
        }
        throw .invalidInput("no incident is named and the run is about none; give `incident: ID`")
    }

    /// An id that no incident has yet.
    static func newID(in store: any PluginStore) throws -> String {
        while true {
            let id = "INC-\(try store.nextNumber("incident"))"
            // Another system may have told us of an incident of that name.
            if try store.document(id, in: collection) == nil { return id }
        }
    }

    static func put(_ incident: Incident, in store: any PluginStore) throws {
        try store.put(incident.id, incident.body, in: collection)
    }
}
