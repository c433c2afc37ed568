import Foundation
import Glibc
import Outbound
import PluginKit
import Testing

/// HTTPS against a real TLS server: the one in the `openssl` program, with a certificate made for `localhost` alone.
@Suite(.serialized, .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl")))
struct TLSTests {
    struct Unavailable: Error {}

    /// Runs `openssl` and gives its handle; the process is ended by the caller.
    private static func openssl(_ arguments: [String], output: Pipe? = nil) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
        process.arguments = arguments
        process.standardInput = Pipe()
        process.standardOutput = output ?? FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        return process
    }

    private static func withServer(_ body: (Int, String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("signalbox-tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { #expect(throws: Never.self) { try FileManager.default.removeItem(at: folder) } }
        let key = folder.appendingPathComponent("key.pem").path
        let certificate = folder.appendingPathComponent("certificate.pem").path
        let maker = try openssl([
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, "-days", "2", "-subj",
            "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
        ])
        maker.waitUntilExit()
        guard maker.terminationStatus == 0 else { throw Unavailable() }
        let port = try LoopbackServer.unusedPort()
        let output = Pipe()
        let server = try openssl(
            ["s_server", "-accept", "127.0.0.1:\(port)", "-key", key, "-cert", certificate, "-www"], output: output)
        defer {
            // The process may have been started with other signals blocked.
            kill(server.processIdentifier, SIGKILL)
            server.waitUntilExit()
        }
        var said = Data()
        while !String(decoding: said, as: UTF8.self).contains("ACCEPT") {
            let more = output.fileHandleForReading.availableData
            guard !more.isEmpty else { throw Unavailable() }
            said.append(more)
        }
        try await body(port, certificate)
    }

    private static func failure(_ url: String, certificateFile: String?) async -> HTTPFailure? {
        var settings = OutboundSettings()
        settings.proxyFromEnvironment = false
        settings.certificateFile = certificateFile
        do throws(HTTPFailure) {
            let answer = try await CurlHTTPClient(settings: settings)
                .send(HTTPRequest(url: url), deadline: .seconds(20))
            #expect(answer.status == 200)
            return nil
        } catch {
            return error
        }
    }

    @Test func `a certificate is trusted by its authority and its host name, and by nothing less`() async throws {
        try await Self.withServer { port, certificate in
            #expect(await Self.failure("https://localhost:\(port)/", certificateFile: certificate) == nil)
            let untrusted = await Self.failure("https://localhost:\(port)/", certificateFile: nil)
            #expect(untrusted?.code == .tls)
            #expect(untrusted?.afterFirstByte == false)
            let otherHost = await Self.failure("https://127.0.0.1:\(port)/", certificateFile: certificate)
            #expect(otherHost?.code == .tls)
            #expect(otherHost?.afterFirstByte == false)
        }
    }
}
