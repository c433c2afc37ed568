import Hummingbird
import WorkflowEngine
import Workspaces

/// All that a server answers.
struct Routes {
    let settings: ServerSettings
    let services: ServerServices
    let metrics: ServerMetrics
    let state: ServerState

    func router() -> Router<ServerContext> {
        let router = known()
        router.refuseOtherMethods()
        return router
    }

    /// The routes that the OpenAPI document tells of.
    func known() -> Router<ServerContext> {
        let router = Router(context: ServerContext.self, options: .autoGenerateHeadEndpoints)
        router.add(
            middleware: FrontMiddleware(
                settings: settings, clock: services.clock, log: services.log, metrics: metrics))
        HealthRoutes(services: services, state: state).add(to: router)
        router.add(
            middleware: AccessMiddleware(
                source: services.callers, keeper: RateKeeper(settings), clock: services.clock))
        let intake = EventIntake(services: services, state: state)
        HookRoute(settings: settings, services: services, intake: intake, metrics: metrics).add(to: router)
        MetricsRoute(services: services).add(to: router)
        EventRoute(settings: settings, services: services, intake: intake).add(to: router)
        if let api = services.api {
            APIRoutes(api: api, settings: settings, callers: services.callers, clock: services.clock).add(to: router)
        }
        return router
    }
}
