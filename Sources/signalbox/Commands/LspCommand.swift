import ArgumentParser
import Foundation
import LanguageServer
import WorkflowModel

/// `signalbox lsp`: what editors talk to.
struct LspCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lsp", abstract: "Serve an editor: mistakes, completion and explanations as you write.",
        discussion: """
            An editor starts this and speaks the Language Server Protocol with it over standard input and output. docs/editors.md says \
            how to set it up. It reads the workspace around each file that is open, and writes nothing.
            """)

    func run() async throws {
        var session = LanguageSession(WorkspaceFiles(), version: Version.text)
        var reader = MessageReader()
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        // A client that is gone must not end this in the middle of a write.
        signal(SIGPIPE, SIG_IGN)
        while true {
            let count = read(STDIN_FILENO, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            reader.append(chunk[..<count])
            while let content = try next(&reader) {
                for message in session.take(content) {
                    guard send(MessageWriter.bytes(message)) else { throw ExitStatus.failed }
                }
                if case .ended(let isOrderly) = session.state {
                    if isOrderly { return }
                    throw ExitStatus.failed
                }
            }
        }
        // An editor that goes away without a word has not shut down.
        if session.state != .waiting { throw ExitStatus.failed }
    }

    private func next(_ reader: inout MessageReader) throws -> [UInt8]? {
        do throws(MessageReader.Broken) {
            return try reader.next()
        } catch {
            throw CommandFailure(.failed, "the stream from the editor cannot be read: \(error)")
        }
    }

    private func send(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            if written < 0 {
                if errno == EINTR { continue }
                return false
            }
            rest = rest.dropFirst(written)
        }
        return true
    }
}
