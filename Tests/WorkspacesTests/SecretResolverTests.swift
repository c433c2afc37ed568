import Foundation
import Testing
import Workspaces

@Suite("Secrets")
struct SecretResolverTests {
    private func resolver(_ source: SecretSource, _ folder: TemporaryWorkspace, limit: Duration = .seconds(10))
        -> SecretResolver
    {
        SecretResolver(
            ["A": source], environment: ["TOKEN": "t0p", "EMPTY": "", "PATH": "/usr/bin:/bin"], folder: folder.path,
            commandLimit: limit)
    }

    private func message(_ source: SecretSource, limit: Duration = .seconds(10)) throws -> String {
        let folder = try TemporaryWorkspace(["large": String(repeating: "x", count: 65_537), "empty": "\n"])
        let error = #expect(throws: SecretError.self) { try resolver(source, folder, limit: limit).value(of: "A") }
        return error?.description ?? ""
    }

    @Test("come from the environment, a file or a command; one line end is taken off")
    func values() throws {
        let folder = try TemporaryWorkspace(["secrets/token": "f1le\n\n", "crlf": "x\r\n"])
        #expect(try resolver(.environment("TOKEN"), folder).value(of: "A") == "t0p")
        #expect(try resolver(.file("secrets/token"), folder).value(of: "A") == "f1le\n")
        #expect(try resolver(.file(folder.path + "/crlf"), folder).value(of: "A") == "x")
        #expect(
            try resolver(.command(["sh", "-c", "cat secrets/token; echo $TOKEN >&2"]), folder).value(of: "A")
                == "f1le\n")
    }

    @Test("that cannot be had say why, and never what was read")
    func failures() throws {
        #expect(try message(.environment("NOPE")).contains("NOPE is not set"))
        #expect(try message(.environment("EMPTY")).contains("not set"))
        #expect(try message(.file("nothing")).contains("No such file"))
        #expect(try message(.file("large")).contains("65537 bytes"))
        #expect(try message(.file("empty")).contains("is empty"))
        #expect(try message(.command(["no-such-program"])).contains("is not found"))
        #expect(
            try message(.command(["sh", "-c", "echo s3cret; exit 3"]))
                == "secret A: the command sh failed with status 3")
        #expect(
            try message(.command(["sh", "-c", "sleep 5"]), limit: .milliseconds(200)).contains("did not end in time"))
        #expect(try message(.command(["yes"])).contains("more than 65536 bytes"))
    }

    @Test("that are not declared get a suggestion")
    func undeclared() throws {
        let folder = try TemporaryWorkspace([:])
        let resolver = SecretResolver(["DESK_TOKEN": .environment("X")], environment: [:], folder: folder.path)
        let error = #expect(throws: SecretError.self) { try resolver.value(of: "DESK_TOKN") }
        #expect(error?.message.contains("did you mean DESK_TOKEN") == true)
    }
}
