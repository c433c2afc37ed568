import Foundation
import Glibc
import Synchronization
import Testing
import WorkflowModel

/// Events over HTTP with the built program.
@Suite("Events over HTTP", .timeLimit(.minutes(5)), .serialized)
struct IngestionTests {
    private static let contentType = "Content-Type: application/cloudevents+json"

    private static func event(_ id: String) -> String {
        #"{"specversion":"1.0","id":"\#(id)","source":"/http-test","type":"test.happened","data":{"text":"ü"}}"#
    }

    private func token(_ copy: WorkspaceCopy) async throws -> String {
        let made = try await copy.signalbox.run([
            "tokens", "create", "desk", "--role", "coordinator", "--format", "json",
        ])
        return try #require(try made.json["token"]?.string, "\(made.err)")
    }

    /// The ids that were answered with 202.
    private final class Accepted: Sendable {
        let ids = Mutex<[String]>([])
    }

    @Test func `events are taken in once, and promtool has nothing against the metrics`() async throws {
        let copy = try WorkspaceCopy()
        let token = try await token(copy)
        let served = try await Served(copy)
        for isDuplicate in [false, true] {
            let answer = try await served.wire.ask(
                "/events", method: "POST", token: token, fields: [Self.contentType], body: Self.event("1"))
            #expect(answer.status == 202, "\(answer.text)")
            #expect(try answer.json["events"]?[0]?["duplicate"]?.bool == isDuplicate)
        }
        let bad = try await served.wire.ask(
            "/events", method: "POST", token: token, fields: [Self.contentType], body: "{]")
        #expect(bad.status == 400 && bad.code == "bad_body", "\(bad.text)")
        let metrics = try await served.wire.ask("/metrics", token: token)
        #expect(metrics.body.contains("signalbox_events_total{outcome=\"accepted\"} 1\n"), "\(metrics.body)")
        #expect(try OtherProgram.complaints(about: metrics.body, in: copy) == "")
        let stopped = await served.stop()
        #expect(stopped.status == 0)
        #expect(stopped.err.contains("request refused") && stopped.err.contains("bad_body"), "\(stopped.err)")
        #expect(!FileManager.default.fileExists(atPath: copy.state.appending(path: "server.json").path))
    }

    @Test func `a port that is taken is told with who has it`() async throws {
        let copy = try WorkspaceCopy()
        let served = try await Served(copy)
        let other = try WorkspaceCopy()
        let refused = try await other.run("serve", "--listen", "127.0.0.1:\(served.wire.port)")
        #expect(refused.status == 3)
        #expect(refused.err.contains("cannot listen on 127.0.0.1:\(served.wire.port)"), "\(refused.err)")
        #expect(refused.err.contains("signalbox)"), "\(refused.err)")
        #expect(try await other.run("serve", "--listen", "localhost").status == 2)
        _ = await served.stop()
    }

    @Test(arguments: [SIGTERM, SIGKILL])
    func `stopped in the middle, all that was answered with 202 is there afterwards`(_ signal: Int32) async throws {
        let copy = try WorkspaceCopy()
        let token = try await token(copy)
        let served = try await Served(copy)
        let wire = served.wire
        let accepted = Accepted()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for sender in 0..<4 {
                group.addTask {
                    for number in 0..<100_000 {
                        let id = "\(sender)-\(number)"
                        // Anything but a 202 says that the server is on its way out.
                        guard
                            let answer = try? await wire.ask(
                                "/events", method: "POST", token: token, fields: [Self.contentType],
                                body: Self.event(id)),
                            answer.status == 202
                        else { return }
                        accepted.ids.withLock { $0.append(id) }
                    }
                }
            }
            group.addTask {
                // The signal is sent all the same: it ends the senders.
                try await eventually("sixty events") { accepted.ids.withLock(\.count) >= 60 }
                served.process.signal(signal)
            }
            try await group.waitForAll()
        }
        let ended = await served.process.end(isKilled: signal == SIGKILL)
        #expect(ended.status == (signal == SIGTERM ? 0 : 137), "\(ended.err)")
        let ids = accepted.ids.withLock(\.self)
        #expect(ids.count >= 60)
        let second = try await Served(copy)
        for start in stride(from: 0, to: ids.count, by: 500) {
            let some = ids[start..<min(start + 500, ids.count)]
            let answer = try await second.wire.ask(
                "/events", method: "POST", token: token, fields: ["Content-Type: application/x-ndjson"],
                body: some.map(Self.event).joined(separator: "\n"))
            let events = try answer.json["events"]?.list ?? []
            #expect(events.count == some.count)
            #expect(events.allSatisfy { $0["duplicate"] == true })
        }
        #expect(await second.stop().status == 0)
    }

    @Test func `behind nginx with TLS, as the documentation has it`() async throws {
        guard let nginx = OtherProgram.path(of: "nginx"), let openssl = OtherProgram.path(of: "openssl") else { return }
        let copy = try WorkspaceCopy()
        try copy.write(
            try copy.text("signalbox.yaml") + "\nserver: { trusted_proxies: [127.0.0.1] }\n", to: "signalbox.yaml")
        let token = try await token(copy)
        let served = try await Served(copy, "--log-level", "debug", "--log-format", "json")
        let folder = copy.folder.appending(path: "nginx")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let made = try OtherProgram.run(
            openssl,
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                "-subj", "/CN=signalbox.example.com", "-keyout", "\(folder.path)/key.pem", "-out",
                "\(folder.path)/cert.pem",
            ])
        try #require(made.status == 0, "\(made.text)")
        let example = String(
            decoding: try Data(contentsOf: SignalboxProcess.root.appending(path: "packaging/nginx.conf")), as: UTF8.self
        )
        let port = try FreePort.take()
        let changed = [
            ("127.0.0.1:8420", "127.0.0.1:\(served.wire.port)"),
            ("listen 443 ssl http2", "listen 127.0.0.1:\(port) ssl"), ("listen [::]:443 ssl http2;", ""),
            ("/etc/ssl/signalbox/fullchain.pem", "\(folder.path)/cert.pem"),
            ("/etc/ssl/signalbox/privkey.pem", "\(folder.path)/key.pem"),
        ].reduce(example) { text, change in
            #expect(text.contains(change.0))
            return text.replacing(change.0, with: change.1)
        }
        let places = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map {
            "\($0)_temp_path \(folder.path)/\($0);"
        }
        try copy.write(
            """
            daemon off; master_process off; pid \(folder.path)/pid; error_log \(folder.path)/error.log;
            events {}
            http { access_log off; \(places.joined(separator: " "))
            \(changed) }
            """, to: "nginx/nginx.conf")
        let proxy = try ChildProcess(
            nginx, ["-c", "\(folder.path)/nginx.conf", "-e", "\(folder.path)/error.log"],
            environment: ProcessInfo.processInfo.environment)
        defer { proxy.signal(SIGKILL) }
        let request = folder.appending(path: "request")
        let body = Self.event("tls")
        try Data(
            ("POST /events HTTP/1.1\r\nHost: signalbox.example.com\r\nConnection: close\r\nAuthorization: Bearer \(token)\r\n"
                + "\(Self.contentType)\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)").utf8
        ).write(to: request)
        var answer = (status: Int32(1), text: "")
        try await eventually("an answer through the proxy") {
            answer = try OtherProgram.run(
                openssl,
                [
                    "s_client", "-quiet", "-connect", "127.0.0.1:\(port)", "-servername", "signalbox.example.com",
                    "-CAfile", "\(folder.path)/cert.pem", "-verify_return_error",
                ], input: request)
            return answer.text.contains("HTTP/1.1")
        }
        let said = FileManager.default.contents(atPath: "\(folder.path)/error.log").map {
            String(decoding: $0, as: UTF8.self)
        }
        #expect(answer.text.contains("HTTP/1.1 202"), "\(answer.text) \(said ?? "")")
        #expect(answer.text.contains(#""id":"tls","sequence":1,"#), "\(answer.text)")
        _ = await served.stop()
    }
}
