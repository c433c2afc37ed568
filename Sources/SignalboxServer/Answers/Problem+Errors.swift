import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTP1
import RunStore
import WorkflowEngine
import WorkflowModel

extension Problem {
    /// The problem that an error is to the sender of a request; nil for one that nobody has thought of.
    init?(_ error: any Error) {
        switch error {
        case let problem as Problem: self = problem
        case let error as EngineError: self.init(engine: error)
        case let error as StoreError: self.init(store: error)
        case let error as JSONError:
            self.init(.badRequest, "bad_json", error.description, members: Problem.place(error))
        case let failure as Failure: self.init(.unprocessableContent, failure.code, failure.message)
        case is NIOTooManyBytesError:
            self.init(.contentTooLarge, "body_too_large", "the body is larger than this server takes")
            closesConnection = true
        case let error as HTTPParserError:
            self = .badRequest("bad_request", "the body of the request cannot be read: \(error)")
            closesConnection = true
        case is CancellationError:
            self = .unavailable("stopping", "the server stops; try again")
        case let error as HTTPError where error.status == .notFound:
            self = .notFound("there is nothing here; /openapi.json lists what there is")
        case let error as HTTPError:
            self.init(error.status, "http_\(error.status.code)", error.body ?? error.status.reasonPhrase)
        default: return nil
        }
    }

    /// `line` and `column` of a mistake in JSON.
    static func place(_ error: JSONError) -> ValueMap {
        ["line": .int(Int64(error.line)), "column": .int(Int64(error.column))]
    }

    private init(engine error: EngineError) {
        let status: HTTPResponse.Status =
            switch error.code {
            case .notFound: .notFound
            case .badInput: .unprocessableContent
            case .ended, .paused, .busy, .refused, .badPlaybook: .conflict
            case .closed: .serviceUnavailable
            case .noAnswer: .gatewayTimeout
            }
        self.init(status, error.code.rawValue, error.message)
        if error.code == .closed { headers[.retryAfter] = "1" }
    }

    private init(store error: StoreError) {
        switch error.code {
        case .misuse: self.init(.unprocessableContent, "misuse", error.message)
        case .full, .readOnly, .damaged, .io:
            // What is wrong with the disk of this machine is told to its log, not to whoever sends requests.
            self = .unavailable(
                "store_\(error.code.rawValue)", "the store cannot be used now; nothing was accepted", retryAfter: 10)
        default:
            self = .unavailable("store_\(error.code.rawValue)", "the store is not there now; nothing was accepted")
        }
    }
}
