import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import WorkflowModel
import Workspaces

/// Stands in the pipeline of a connection behind the parser, and ends what takes too long or cannot be parsed: a head or body that does
/// not come, an answer that does not begin, a connection on which nothing happens.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let settings: ServerSettings
    private let table: ConnectionTable
    private let metrics: ServerMetrics
    private var watch = ConnectionWatch()
    private var alarm: (at: NIODeadline, task: Scheduled<Void>)?
    /// A head was written that announces the end of the connection.
    private var closesAfterAnswer = false
    private var isOver = false

    init(settings: ServerSettings, table: ConnectionTable, metrics: ServerMetrics) {
        self.settings = settings
        self.table = table
        self.metrics = metrics
    }

    // MARK: Beginning and end

    func handlerAdded(context: ChannelHandlerContext) {
        let bell = ByteBell { [self] in watch.bytesCame(now: .now()) }
        do {
            try context.pipeline.syncOperations.addHandler(bell, position: .first)
        } catch {
            // Only a pipeline that is gone refuses a handler.
            context.close(promise: nil)
        }
        if context.channel.isActive { begin(context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        begin(context)
        context.fireChannelActive()
    }

    private func begin(_ context: ChannelHandlerContext) {
        watch = ConnectionWatch(
            times: .init(
                head: TimeAmount(settings.headTime), body: TimeAmount(settings.bodyTime),
                answer: TimeAmount(settings.requestTime), silence: TimeAmount(settings.idleTime)), now: .now())
        if table.open(context.channel, now: .now()) == .full {
            end(
                context,
                .unavailable("too_many_connections", "all \(table.limit) connections are in use; try again"), "too_many"
            )
        } else {
            setAlarm(context)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        isOver = true
        alarm?.task.cancel()
        table.close(context.channel)
        context.fireChannelInactive()
    }

    // MARK: What passes

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isOver else { return }
        switch unwrapInboundIn(data) {
        case .head(let head):
            let wasSilent = watch.isSilent
            watch.headCame(now: .now())
            if wasSilent { table.note(context.channel, silentSince: nil) }
            if head.headerFields[.expect]?.lowercased() == "100-continue", !isTooLarge(head) {
                context.writeAndFlush(wrapOutboundOut(.head(HTTPResponse(status: .continue))), promise: nil)
            }
        case .body: break
        case .end: watch.endCame(now: .now())
        }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        setAlarm(context)
        context.fireChannelReadComplete()
    }

    /// A body that is refused anyway need not be sent.
    private func isTooLarge(_ head: HTTPRequest) -> Bool {
        head.headerFields[.contentLength].flatMap(Int.init).map { $0 > settings.bodyBytes } ?? false
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        // The connection has had its last answer.
        guard !isOver else {
            promise?.fail(ChannelError.outputClosed)
            return
        }
        switch unwrapOutboundIn(data) {
        case .head(let head):
            watch.answerBegan()
            if head.headerFields[.connection]?.lowercased() == "close" { closesAfterAnswer = true }
            context.write(data, promise: promise)
        case .body: context.write(data, promise: promise)
        case .end:
            watch.answerEnded(now: .now())
            if watch.isSilent { table.note(context.channel, silentSince: .now()) }
            guard closesAfterAnswer else {
                setAlarm(context)
                context.write(data, promise: promise)
                return
            }
            context.writeAndFlush(data, promise: promise)
            linger(context)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard !isOver, watch.open == 0, !(error is IOError) else {
            // Inside of a request whoever reads its body says what is wrong.
            context.fireErrorCaught(error)
            return
        }
        switch error as? HTTPParserError {
        case .invalidEOFState?, .closedConnection?: context.close(promise: nil)
        case .headerOverflow?:
            end(
                context,
                Problem(
                    .requestHeaderFieldsTooLarge, "header_too_large",
                    "the head has more than \(settings.headerFields) fields or \(settings.headerBytes) bytes"),
                "header_too_large")
        default: end(context, .badRequest("bad_request", "this is no HTTP request: \(error)"), "bad_request")
        }
    }

    // MARK: Time

    private func setAlarm(_ context: ChannelHandlerContext) {
        guard !isOver, let due = watch.due else { return }
        if let alarm {
            // Mostly the time is put off: then the alarm finds out itself that it rings too early.
            guard due.at < alarm.at else { return }
            alarm.task.cancel()
        }
        let loopBound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let task = context.eventLoop.scheduleTask(deadline: due.at) {
            let (guardian, context) = loopBound.value
            guardian.alarm = nil
            guardian.ring(context)
        }
        alarm = (due.at, task)
    }

    private func ring(_ context: ChannelHandlerContext) {
        // The connection has gone on since: it is looked at again when its next time is up.
        guard !isOver, let due = watch.due, due.at <= .now() else { return setAlarm(context) }
        switch due.reason {
        case .silence:
            metrics.closed(because: "silent")
            isOver = true
            context.close(promise: nil)
        case .head:
            end(
                context,
                Problem(
                    .requestTimeout, "head_timeout",
                    "the head of the request did not come within \(DurationText.forPeople(settings.headTime))"),
                "head_timeout")
        case .body:
            end(
                context,
                Problem(
                    .requestTimeout, "body_timeout",
                    "the body of the request did not come within \(DurationText.forPeople(settings.bodyTime))"),
                "body_timeout")
        case .answer:
            end(
                context,
                .unavailable(
                    "answer_timeout",
                    "there was no answer within \(DurationText.forPeople(settings.requestTime)); what was asked for may still be done"
                ),
                "answer_timeout")
        }
    }

    /// Answers with a problem, past whoever may be at work on a request, and ends the connection.
    private func end(_ context: ChannelHandlerContext, _ problem: Problem, _ reason: String) {
        metrics.closed(because: reason)
        metrics.refused(problem.code)
        isOver = true
        alarm?.task.cancel()
        var fields = problem.headers
        let body = JSONWriter.data(problem.document(requestID: "none"))
        fields[.contentType] = "application/problem+json"
        fields[.contentLength] = String(body.count)
        fields[.connection] = "close"
        context.write(wrapOutboundOut(.head(HTTPResponse(status: problem.status, headerFields: fields))), promise: nil)
        context.write(wrapOutboundOut(.body(ByteBuffer(bytes: body))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        linger(context)
    }

    /// Closes so that the answer arrives: a connection that is closed while the other side still sends is reset, and the answer with it.
    private func linger(_ context: ChannelHandlerContext) {
        isOver = true
        alarm?.task.cancel()
        context.close(mode: .output, promise: nil)
        let loopBound = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: .milliseconds(500)) { loopBound.value.close(promise: nil) }
    }
}

/// Tells that bytes have come, before anybody knows what they mean.
private final class ByteBell: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let ring: () -> Void

    init(_ ring: @escaping () -> Void) { self.ring = ring }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        ring()
        context.fireChannelRead(data)
    }
}
