import Logging
import PluginKit
import RunStore
public import WorkflowModel

/// Performs actions that change nothing, outside of any run and without an executor: for boards, pages and commands. A `read`
/// action looks at the documents that the services' performer was given, so a store that is open for reading only is enough.
public struct ActionLook: Sendable {
    private let services: EngineServices
    private let settings: EngineSettings

    /// Looks with these services.
    public init(_ services: EngineServices, _ settings: EngineSettings) {
        self.services = services
        self.settings = settings
    }

    /// What the `read` or `pure` action `action` (`ticket.find`) gives for `input`, which is checked against the action's schema and
    /// filled with its defaults.
    ///
    /// - Throws: ``EngineError`` when there is no such action or it changes something; ``WorkflowModel/Failure`` as a step would have
    ///   it; ``StoreError``.
    public func look(_ action: String, _ input: ValueMap = ValueMap()) async throws -> Value {
        let entry = try services.registry.known(action)
        let check = ActionCheck(entry, settings.maximumOutput)
        let values = try check.input(.map(input))
        let given = ActionInput(values.map ?? ValueMap())
        let context = services.context(of: entry, for: .onlooker, now: services.clock.now)
        let output: Value
        do {
            switch entry.action {
            case .pure(let implementation): output = try implementation.run(given, in: context)
            case .read(let implementation):
                let details = CallDetails(
                    action: action, manifest: entry.manifest, attempt: 1,
                    timeout: entry.manifest.timeout ?? settings.attemptTimeout)
                output = try await services.performer.read(implementation, given, details, in: context)
            case .state:
                throw EngineError(.badInput, "\(action) changes what is kept, so it is a deed: signalbox act \(action)")
            case .write:
                throw EngineError(
                    .badInput, "\(action) changes the outside world, which only a step of a playbook may do")
            }
        } catch let error as EngineError {
            throw error
        } catch let error as StoreError where error.code != .misuse {
            throw error
        } catch {
            throw StepExecutor.failure(error, effect: entry.action.effect)
        }
        return try check.output(output)
    }
}

extension Engine {
    /// Looks with what this engine has.
    public var look: ActionLook { ActionLook(core.rules.services, core.rules.settings) }
}

extension EngineServices {
    /// The context of an action outside of any run.
    func context(of entry: PluginRegistry.Entry, for caller: ActionCaller, now: Timestamp) -> ActionContext {
        var log = log
        log[metadataKey: "action"] = "\(entry.fullName)"
        return ActionContext(
            now: now, caller: caller, workspace: workspace(), settings: pluginSettings[entry.plugin.name] ?? .null,
            log: log)
    }
}
