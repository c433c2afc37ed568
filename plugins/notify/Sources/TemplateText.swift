import PluginKit
import Templates
import WorkflowModel

/// Prints a template of the workspace, strictly: a missing name is a failure, never a hole in the message.
enum TemplateText {
    /// The text of template `name` with `names` to fill in.
    ///
    /// - Throws: ``Failure``: `template_not_found`, `template_invalid`, `template_name_missing`, all with the place.
    static func render(_ name: String, names: ValueMap, in context: ActionContext) throws(Failure) -> String {
        let library = try library(for: name, in: context)
        do {
            return try library.render(name, names)
        } catch {
            throw Failure(code: "template_name_missing", message: error.message, place: error.place)
        }
    }

    /// The template with those that it puts in, and no others: a mistake in a template that is not used hurts nobody.
    private static func library(for name: String, in context: ActionContext) throws(Failure) -> TemplateLibrary {
        var parsed: [String: MessageTemplate] = [:]
        var order: [MessageTemplate] = []
        var wanted = [name]
        do {
            while let next = wanted.popLast() {
                guard parsed[next] == nil, let text = context.templates[next] else {
                    // A partial that is not there is reported by the library, at the tag that names it.
                    if next == name, parsed[name] == nil { throw notFound(name, in: context) }
                    continue
                }
                let template = try MessageTemplate(name: next, text: text)
                parsed[next] = template
                order.append(template)
                wanted += template.partials.map(\.name)
            }
            return try TemplateLibrary(order)
        } catch let error as TemplateError {
            throw Failure(code: "template_invalid", message: error.message, place: error.place)
        } catch let failure as Failure {
            throw failure
        } catch {
            throw .permanent("template_invalid", "template \(name): \(error)")
        }
    }

    private static func notFound(_ name: String, in context: ActionContext) -> Failure {
        let near = Similarity.nearest(to: name, among: context.templates.keys.sorted()).map { "; did you mean \($0)?" }
        return .permanent("template_not_found", "there is no template \(name)\(near ?? "")")
    }
}
