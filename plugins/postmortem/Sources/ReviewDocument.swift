import PluginKit
import Templates
import WorkflowModel

/// The post-mortem in Markdown, from a template of the workspace or the built-in one.
enum ReviewDocument {
    /// The name of the workspace's template that is taken when the step names none.
    static let usualTemplate = "postmortem"

    /// The document.
    ///
    /// - Throws: ``Failure``: `template_not_found`, `template_invalid`, `template_name_missing`.
    static func markdown(
        _ review: Review, _ timeline: Timeline, facts: ValueMap, summary: String?, impact: String?, template: String?,
        in context: ActionContext
    ) throws(Failure) -> String {
        let shownSummary = summary ?? facts["summary"]?.string
        let shownImpact = impact ?? facts["impact"]?.string
        var shown = review.shown
        shown["owner"] = .string(review.owner ?? "nobody yet")
        shown["severity"] = .string(review.severity ?? "not set")
        shown["summary"] = .string(shownSummary ?? "To be written: what happened, in three sentences.")
        shown["impact"] = .string(
            shownImpact ?? "To be written: since when, for how long, which customers, which functions.")
        shown["services"] = facts["services"].flatMap { $0.isNull ? Value?.none : $0 } ?? .list([])
        shown["left_out"] = timeline.leftOut > 0 ? .int(Int64(timeline.leftOut)) : .bool(false)
        shown["timeline"] = .list(timeline.entries.map { .map(escaped($0)) })
        var names = context.names
        names["postmortem"] = .map(shown)

        let name = template ?? usualTemplate
        do {
            guard let text = context.templates[name] else {
                if let template { throw notFound(template, in: context) }
                return try MessageTemplate(name: name, file: "postmortem.md", text: builtIn).render(names)
            }
            var parsed: [MessageTemplate] = [try MessageTemplate(name: name, text: text)]
            var known: Set<String> = [name]
            var next = 0
            while next < parsed.count {
                for use in parsed[next].partials where known.insert(use.name).inserted {
                    guard let text = context.templates[use.name] else { continue }
                    parsed.append(try MessageTemplate(name: use.name, text: text))
                }
                next += 1
            }
            let library = try TemplateLibrary(parsed)
            do {
                return try library.render(name, names)
            } catch {
                throw Failure(code: "template_name_missing", message: error.message, place: error.place)
            }
        } catch let error as TemplateError {
            throw Failure(code: "template_invalid", message: error.message, place: error.place)
        } catch let failure as Failure {
            throw failure
        } catch {
            throw .permanent("template_invalid", "template \(name): \(error)")
        }
    }

    private static func notFound(_ name: String, in context: ActionContext) -> Failure {
        let near = Similarity.nearest(to: name, among: context.templates.keys.sorted())
        return .permanent(
            "template_not_found", "there is no template \(name)\(near.map { "; did you mean \($0)?" } ?? "")")
    }

    /// An entry whose words cannot be taken for Markdown or HTML: what customers wrote stands in it.
    private static func escaped(_ entry: TimelineEntry) -> ValueMap {
        var map = entry.value.map ?? ValueMap()
        for field in ["text", "actor", "source"] {
            if let text = map[field]?.string { map[field] = .string(escaped(text)) }
        }
        return map
    }

    private static func escaped(_ text: String) -> String {
        var out = ""
        for character in text {
            if "\\`*_[]<>#|!".contains(character) { out.append("\\") }
            out.append(character)
        }
        return out
    }

    private static let builtIn = """
        # Post-mortem {{postmortem.id}}: {{postmortem.title}}

        | | |
        | --- | --- |
        | About | {{postmortem.subject}} |
        | Severity | {{postmortem.severity}} |
        | Owner | {{postmortem.owner}} |
        | Status | {{postmortem.status}} |
        | Opened | {{postmortem.opened_at}} |
        | Due | {{postmortem.due_at}} |

        ## Summary

        {{postmortem.summary}}

        ## Impact

        {{postmortem.impact}}
        {{#postmortem.services}}
        - {{.}}
        {{/postmortem.services}}

        ## Timeline

        {{#postmortem.timeline}}
        - {{at}} {{#pinned}}**{{text}}**{{/pinned}}{{^pinned}}{{text}}{{/pinned}}{{#actor}} ({{actor}}){{/actor}}{{#link}} <{{link}}>{{/link}}
        {{/postmortem.timeline}}
        {{#postmortem.left_out}}

        {{.}} entries of less weight are left out.
        {{/postmortem.left_out}}
        {{^postmortem.timeline}}
        Nothing is recorded.
        {{/postmortem.timeline}}

        ## Contributing factors

        Several as a rule; none of them is a person.

        ## Detection

        How did we learn of it, and what would have told us sooner?

        ## Response

        What was done, in what order, and why?

        ## What went well, what did not, where we were lucky

        ## Action items

        Kept by Signalbox: `postmortem.list_actions` for {{postmortem.incident}}.

        ## For those outside

        What happened, what we did, what we will do.

        """
}
