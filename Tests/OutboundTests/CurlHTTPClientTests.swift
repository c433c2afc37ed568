import Outbound
import PluginKit
import Testing

@Suite struct CurlHTTPClientTests {
    private static func client(_ change: (inout OutboundSettings) -> Void = { _ in }) -> CurlHTTPClient {
        var settings = OutboundSettings()
        settings.proxyFromEnvironment = false
        change(&settings)
        return CurlHTTPClient(settings: settings)
    }

    private static func url(_ server: LoopbackServer, _ path: String = "/") -> String {
        "http://127.0.0.1:\(server.port)\(path)"
    }

    private static func failure(
        _ client: CurlHTTPClient, _ request: HTTPRequest, deadline: Duration = .seconds(20)
    ) async -> HTTPFailure? {
        do throws(HTTPFailure) {
            _ = try await client.send(request, deadline: deadline)
            return nil
        } catch {
            return error
        }
    }

    @Test func `status, header fields and body come back as they were sent`() async throws {
        let server = try LoopbackServer { connection in
            _ = connection.readRequest()
            connection.write(
                "HTTP/1.1 100 Continue\r\nX-Interim: 1\r\n\r\nHTTP/1.1 503 Busy\r\nRetry-After: 7\r\nX-A: one\r\n"
                    + "x-a:  two\r\nX-Empty:\r\nContent-Length: 5\r\n\r\ncaf\u{e9}")
        }
        defer { server.stop() }
        let answer = try await Self.client().send(HTTPRequest(url: Self.url(server)), deadline: .seconds(20))
        #expect(answer.status == 503)
        #expect(answer.headers.map(\.name) == ["Retry-After", "X-A", "x-a", "X-Empty", "Content-Length"])
        #expect(answer.headers.map(\.value) == ["7", "one", "two", "", "5"])
        #expect(answer.header("retry-after") == "7")
        #expect(answer.body == Array("caf\u{e9}".utf8))
    }

    @Test(arguments: ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "PROPFIND"])
    func `the server sees method, path, header fields and body, and nothing made up`(method: String) async throws {
        let record = Record()
        let server = try LoopbackServer { connection in
            guard let request = connection.readRequest() else { return }
            record.add(request.line)
            request.headers.sorted().forEach(record.add)
            record.add(String(decoding: request.body, as: UTF8.self))
            connection.write("HTTP/1.1 204 No Content\r\n\r\n")
        }
        defer { server.stop() }
        let hasBody = ["POST", "PUT", "PATCH", "DELETE"].contains(method)
        let body = hasBody ? Array("{\"a\":1}".utf8) : []
        let request = HTTPRequest(
            method: method, url: Self.url(server, "/v2/t?x=1%202"), headers: [("X-Key", "abc"), ("X-Empty", "")],
            body: body)
        let answer = try await Self.client().send(request, deadline: .seconds(20))
        #expect(answer.status == 204)
        let expected =
            ["\(method) /v2/t?x=1%202 HTTP/1.1", "Accept: */*"] + (hasBody ? ["Content-Length: 7"] : [])
            + [
                "Host: 127.0.0.1:\(server.port)", "User-Agent: signalbox", "X-Empty:", "X-Key: abc",
                String(decoding: body, as: UTF8.self),
            ]
        #expect(record.lines == expected)
    }

    @Test func `a redirect is an answer and is not followed`() async throws {
        let server = try LoopbackServer { connection in
            _ = connection.readRequest()
            connection.write("HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n")
        }
        defer { server.stop() }
        let answer = try await Self.client().send(HTTPRequest(url: Self.url(server)), deadline: .seconds(20))
        #expect(answer.status == 302)
        #expect(answer.header("location") == "/elsewhere")
        #expect(server.accepted == 1)
    }

    @Test func `a server that never answers costs the deadline, and the request may have arrived`() async throws {
        let server = try LoopbackServer { connection in
            _ = connection.readRequest()
            connection.waitForClose()
        }
        defer { server.stop() }
        let request = HTTPRequest(method: "POST", url: Self.url(server), body: [1])
        let failure = await Self.failure(Self.client(), request, deadline: .milliseconds(300))
        #expect(failure?.code == .timeout)
        #expect(failure?.afterFirstByte == true)
        #expect(failure?.isTransient == true)
    }

    @Test func `a connection dropped after the request was read leaves the outcome unknown`() async throws {
        let server = try LoopbackServer { connection in _ = connection.readRequest() }
        defer { server.stop() }
        let failure = await Self.failure(
            Self.client(), HTTPRequest(method: "POST", url: Self.url(server), body: [1]))
        #expect(failure?.code == .connectionLost)
        #expect(failure?.afterFirstByte == true)
        #expect(server.accepted == 1, "a write must not be repeated by the transport")
    }

    @Test func `a connection dropped in the middle of the answer is lost`() async throws {
        let server = try LoopbackServer { connection in
            _ = connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
        }
        defer { server.stop() }
        let failure = await Self.failure(Self.client(), HTTPRequest(url: Self.url(server)))
        #expect(failure?.code == .connectionLost)
        #expect(failure?.afterFirstByte == true)
    }

    @Test func `a write after a read does not use the kept connection`() async throws {
        let server = try LoopbackServer { connection in
            while let request = connection.readRequest() {
                // Every kept connection is dead for a write.
                if request.line.hasPrefix("POST"), request.headers.contains("X-Second: 1") { return }
                connection.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            }
        }
        defer { server.stop() }
        let client = Self.client { $0.transfers = 1 }
        _ = try await client.send(HTTPRequest(url: Self.url(server)), deadline: .seconds(20))
        let request = HTTPRequest(method: "POST", url: Self.url(server), headers: [("X-Second", "1")])
        let failure = await Self.failure(client, request)
        #expect(failure?.code == .connectionLost)
        #expect(server.accepted == 2)
    }

    @Test func `a port where nobody listens is refused and nothing was sent`() async throws {
        let port = try LoopbackServer.unusedPort()
        let failure = await Self.failure(Self.client(), HTTPRequest(url: "http://127.0.0.1:\(port)/hook/s3cret"))
        #expect(failure?.code == .refused)
        #expect(failure?.afterFirstByte == false)
        #expect(failure?.message.contains("http://127.0.0.1:\(port)") == true)
        #expect(failure?.message.contains("s3cret") == false)
    }

    @Test func `TLS with a server that speaks none fails before the request`() async throws {
        let server = try LoopbackServer { connection in
            connection.write("HTTP/1.1 400 Bad Request\r\n\r\n")
            connection.waitForClose()
        }
        defer { server.stop() }
        let request = HTTPRequest(method: "POST", url: "https://127.0.0.1:\(server.port)/", body: [1])
        let failure = await Self.failure(Self.client(), request)
        #expect(failure?.code == .tls)
        #expect(failure?.afterFirstByte == false)
    }

    @Test func `an answer over the limit is cut off`() async throws {
        let server = try LoopbackServer { connection in
            _ = connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\n\r\n" + String(repeating: "x", count: 5000))
        }
        defer { server.stop() }
        let client = Self.client { $0.responseLimit = 4096 }
        let failure = await Self.failure(client, HTTPRequest(url: Self.url(server)))
        #expect(failure?.code == .tooLarge)
        #expect(failure?.afterFirstByte == true)
    }

    @Test func `header fields without end are cut off`() async throws {
        let server = try LoopbackServer { connection in
            _ = connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\n")
            while connection.write("X-Filler: \(String(repeating: "x", count: 1000))\r\n") {}
        }
        defer { server.stop() }
        let failure = await Self.failure(Self.client(), HTTPRequest(url: Self.url(server)))
        #expect(failure?.code == .tooLarge)
    }

    @Test func `what is no HTTP is said to be none`() async throws {
        let server = try LoopbackServer { connection in
            _ = connection.readRequest()
            connection.write("SSH-2.0-server\r\n")
        }
        defer { server.stop() }
        let failure = await Self.failure(Self.client(), HTTPRequest(url: Self.url(server)))
        #expect(failure?.code == .protocolError)
    }

    @Test func `cancelling the task ends a transfer under way`() async throws {
        let (arrivals, arrived) = AsyncStream.makeStream(of: Void.self)
        let server = try LoopbackServer { connection in
            _ = connection.readRequest()
            arrived.yield()
            connection.waitForClose()
        }
        defer { server.stop() }
        let request = HTTPRequest(url: Self.url(server))
        let task = Task { await Self.failure(Self.client(), request, deadline: .seconds(60)) }
        for await _ in arrivals { break }
        task.cancel()
        let failure = await task.value
        #expect(failure?.code == .cancelled)
        #expect(failure?.afterFirstByte == true)
    }

    @Test func `beyond the places for waiting a transfer fails at once, and one that waits can be cancelled`()
        async throws
    {
        let (arrivals, arrived) = AsyncStream.makeStream(of: Void.self)
        let server = try LoopbackServer { connection in
            _ = connection.readRequest()
            arrived.yield()
            connection.waitForClose()
        }
        defer { server.stop() }
        let client = Self.client {
            $0.transfers = 1
            $0.waiting = 1
        }
        let request = HTTPRequest(url: Self.url(server))
        let first = Task { await Self.failure(client, request, deadline: .seconds(60)) }
        for await _ in arrivals { break }
        // Of two more, one gets the place in the queue and the other none.
        let more = [0, 1].map { _ in Task { await Self.failure(client, request, deadline: .seconds(60)) } }
        let (codes, told) = AsyncStream.makeStream(of: HTTPFailure.Code?.self)
        for task in more { Task { told.yield(await task.value?.code) } }
        var iterator = codes.makeAsyncIterator()
        #expect(await iterator.next() == .overloaded)
        more.forEach { $0.cancel() }
        #expect(await iterator.next() == .cancelled)
        #expect(server.accepted == 1)
        first.cancel()
        #expect(await first.value?.code == .cancelled)
    }

    @Test func `many requests at once all come back`() async throws {
        let server = try LoopbackServer { connection in
            while let request = connection.readRequest() {
                let body = request.line.split(separator: " ")[1]
                connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
            }
        }
        defer { server.stop() }
        let client = Self.client { $0.transfers = 4 }
        let port = server.port
        let paths = try await withThrowingTaskGroup(of: String.self) { group in
            for number in 0..<100 {
                group.addTask {
                    let request = HTTPRequest(url: "http://127.0.0.1:\(port)/\(number)")
                    return String(decoding: try await client.send(request, deadline: .seconds(60)).body, as: UTF8.self)
                }
            }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(paths == Set((0..<100).map { "/\($0)" }))
        #expect(server.accepted < 100, "reads use their connections again")
    }
}
