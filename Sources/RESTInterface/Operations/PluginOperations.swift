import Access
import PluginKit
import Projections
import WorkflowModel

/// What actions there are, and how each is used.
enum PluginOperations {
    static let all: [Operation] = [list, show, action]

    private static let list = Operation(
        id: "listPlugins", method: .get, path: "\(API.root)/plugins", tag: "plugins",
        summary: "All plugins with their actions and schemas.", need: .read(), parameters: Parameter.page,
        answer: SchemaWords.page(of: "Plugin"), problems: [400],
        work: .answer { call in
            let page = try call.query.page(of: "plugins")
            let fitting = call.services.registry.plugins.map(\.manifest).sorted { $0.name < $1.name }
                .filter { $0.name > page.after ?? "" }
            let shown = fitting.prefix(page.limit)
            return Page.answer(
                shown.map(PluginJSON.whole), list: "plugins", last: shown.count < fitting.count ? shown.last?.name : nil
            )
        })

    private static let show = Operation(
        id: "showPlugin", method: .get, path: "\(API.root)/plugins/{plugin}", tag: "plugins",
        summary: "A plugin with its actions and schemas.", need: .read(),
        parameters: [.path("plugin", "The plugin's name.")], answer: SchemaWords.ref("Plugin"), problems: [404],
        work: .answer { call in
            let (name, manifests) = (call.part("plugin"), call.services.registry.plugins.map(\.manifest))
            guard let found = manifests.first(where: { $0.name == name }) else {
                let near = Similarity.nearest(to: name, among: manifests.map(\.name))
                throw APIProblem.notFound("there is no plugin \(name)" + (near.map { "; did you mean \($0)?" } ?? ""))
            }
            return APIAnswer(PluginJSON.whole(found))
        })

    private static let action = Operation(
        id: "showAction", method: .get, path: "\(API.root)/actions/{action}", tag: "plugins",
        summary: "An action's inputs, outputs, effect and examples.", need: .read(),
        parameters: [.path("action", "The action's full name, such as `notify.send`.")],
        answer: SchemaWords.ref("Action"), problems: [404],
        work: .answer { call in
            let (name, registry) = (call.part("action"), call.services.registry)
            guard let entry = registry[name] else {
                let near = Similarity.nearest(to: name, among: registry.entries.keys.sorted())
                throw APIProblem.notFound("there is no action \(name)" + (near.map { "; did you mean \($0)?" } ?? ""))
            }
            return APIAnswer(PluginJSON.action(entry.manifest, of: entry.plugin.name))
        })
}
