import PluginKit
import Playbooks
import WorkflowModel

/// What a check needs to know of a plugin.
struct PluginFacts {
    let name: String
    let configuration: Schema
    let emits: [String]
    let signatures: [ActionSignature]

    init(_ manifest: PluginManifest) {
        name = manifest.name
        configuration = manifest.configuration
        emits = manifest.emits
        signatures = manifest.actions.map { action in
            var signature = ActionSignature(
                name: "\(manifest.name).\(action.name)", effect: action.effect.rawValue, input: action.input,
                output: action.output, summary: action.summary)
            signature.emits = action.emits
            signature.echoes = action.echoes
            signature.onceBy = action.onceBy
            signature.sets = action.sets
            signature.target = action.target
            return signature
        }
    }
}
