public import PluginKit
public import WorkflowModel

/// What must hold for every plugin. Each check answers with what is wrong, one text a fault; a test expects none.
public enum PluginChecks {
    /// Manifest and implementation fit together, and every action has a summary that says something and an example.
    public static func manifest(_ plugin: any Plugin) -> [String] {
        var faults: [String] = []
        do { _ = try PluginRegistry([plugin]) } catch { faults.append(error.description) }
        if !plugin.manifest.consumes.isEmpty, plugin.consumer == nil {
            faults.append("\(plugin.manifest.name) consumes events but has no consumer")
        }
        for action in plugin.manifest.actions {
            if action.examples.isEmpty { faults.append("\(action.name) has no example") }
            if action.input.types != ["object"] { faults.append("\(action.name): the input is no object") }
            if action.input.allowsOthers { faults.append("\(action.name): misspelt inputs would be taken silently") }
            for property in action.input.properties where property.schema.description == nil {
                faults.append("\(action.name): the input \(property.name) has no description")
            }
        }
        return faults
    }

    /// Each example's inputs are accepted, and its output fits the schema.
    public static func examples(_ plugin: any Plugin) -> [String] {
        var faults: [String] = []
        for action in plugin.manifest.actions {
            for example in action.examples {
                faults += action.input.violations(of: example.with).map {
                    "\(action.name): \(example.title): with: \($0)"
                }
                faults += action.output.violations(of: example.output).map {
                    "\(action.name): \(example.title): output: \($0)"
                }
            }
        }
        return faults
    }

    /// The examples of pure actions, run on `bench`, give the output that they show.
    public static func pureExamples(_ plugin: any Plugin, on bench: PluginBench) async -> [String] {
        var faults: [String] = []
        for action in plugin.manifest.actions where action.effect == .pure {
            for example in action.examples {
                do {
                    let output = try await bench.run("\(plugin.manifest.name).\(action.name)", with: example.with)
                    if JSONWriter.text(output) != JSONWriter.text(example.output) {
                        faults.append(
                            "\(action.name): \(example.title): gives \(JSONWriter.text(output)), "
                                + "the manifest says \(JSONWriter.text(example.output))")
                    }
                } catch {
                    faults.append("\(action.name): \(example.title): \(error)")
                }
            }
        }
        return faults
    }

    /// Inputs of the wrong kind end in a permanent failure and never in anything else.
    public static func badInput(_ plugin: any Plugin, on bench: PluginBench) async -> [String] {
        var faults: [String] = []
        let odd: [Value] = [
            .int(-1), .string(""), .string(String(repeating: "x", count: 5000)), .list([.map([:])]), [:],
        ]
        for action in plugin.manifest.actions {
            for property in action.input.properties {
                for value in odd {
                    var with = action.examples.first?.with.map ?? ValueMap()
                    with[property.name] = value
                    do {
                        _ = try await bench.run("\(plugin.manifest.name).\(action.name)", with: .map(with))
                    } catch let failure as Failure {
                        if failure.message.isEmpty || failure.code.isEmpty {
                            faults.append("\(action.name): a failure about \(property.name) says nothing")
                        }
                    } catch {
                        faults.append("\(action.name): \(property.name) of \(JSONWriter.text(value)): \(error)")
                    }
                }
            }
        }
        return faults
    }

    /// No failure, output or recorded document of `body` shows `secret`.
    public static func leaks(of secret: String, on bench: PluginBench, _ body: () async throws -> Value) async
        -> [String]
    {
        var shown: [String: String] = [:]
        do { shown["the output"] = JSONWriter.text(try await body()) } catch let failure as Failure {
            shown["the failure"] = "\(failure.code) \(failure.message)"
        } catch {
            shown["the error"] = "\(error)"
        }
        for (name, text) in bench.outbox.files { shown["the outbox file \(name)"] = text }
        for event in bench.shelf.emitted { shown["the event \(event.type)"] = JSONWriter.text(.map(event.data)) }
        return shown.filter { $0.value.contains(secret) }.map { "\($0.key) shows the secret" }.sorted()
    }

    /// The rehearsals of all writes, with their examples' inputs, say what they would do and reach neither outbox nor network.
    public static func rehearsals(_ plugin: any Plugin, on bench: PluginBench) async -> [String] {
        var faults: [String] = []
        for action in plugin.manifest.actions where action.effect == .write {
            for example in action.examples {
                do {
                    let rehearsal = try await bench.rehearse(
                        "\(plugin.manifest.name).\(action.name)", with: example.with)
                    if rehearsal.summary.isEmpty { faults.append("\(action.name): the rehearsal says nothing") }
                } catch {
                    faults.append("\(action.name): \(example.title): \(error)")
                }
            }
        }
        if !bench.http.requests.isEmpty { faults.append("a rehearsal sent a request") }
        if !bench.mail.deliveries.isEmpty { faults.append("a rehearsal sent a mail") }
        if !bench.outbox.files.isEmpty { faults.append("a rehearsal wrote to the outbox") }
        return faults
    }
}
