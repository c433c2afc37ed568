import Foundation
import WorkflowModel

/// Why a secret has no value. Never holds any part of a secret.
public struct SecretError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The secret's name.
    public var name: String
    /// What is wrong and what to do.
    public var message: String

    /// `secret NAME: …`.
    public var description: String { "secret \(name): \(message)" }
}

/// Looks up secrets at the moment of a call, each time anew, so that a changed secret needs no restart.
public struct SecretResolver: Sendable {
    /// The longest value, in bytes.
    public static let valueLimit = 64 << 10
    /// How long a command may take.
    public static let commandLimit = Duration.seconds(10)

    private let sources: [String: SecretSource]
    private let environment: [String: String]
    private let folder: String
    private let commandLimit: Duration

    /// A resolver for the secrets of a workspace.
    ///
    /// - Parameters:
    ///   - environment: the variables of this process; commands get them too.
    ///   - folder: where relative paths begin and commands run.
    ///   - commandLimit: how long a command may take.
    public init(
        _ sources: [String: SecretSource], environment: [String: String], folder: String,
        commandLimit: Duration = SecretResolver.commandLimit
    ) {
        self.sources = sources
        self.environment = environment
        self.folder = folder
        self.commandLimit = commandLimit
    }

    /// The value of a secret; one line end at its end is taken off. Waits for a command, at most as long as its limit.
    ///
    /// - Throws: ``SecretError`` when it is not declared, not set, empty or longer than ``valueLimit``.
    public func value(of name: String) throws(SecretError) -> String {
        guard let source = sources[name] else {
            let near = Similarity.nearest(to: name, among: sources.keys.sorted()).map { "; did you mean \($0)?" } ?? ""
            throw SecretError(name: name, message: "it is not declared in signalbox.yaml\(near)")
        }
        switch source {
        case .environment(let variable):
            guard let value = environment[variable], !value.isEmpty else {
                throw SecretError(name: name, message: "the environment variable \(variable) is not set")
            }
            return try checked(Array(value.utf8), name, "the environment variable \(variable)")
        case .file(let path):
            let full = path.hasPrefix("/") ? path : folder + "/" + path
            switch BoundedFile.read(full, limit: Self.valueLimit) {
            case .success(let bytes): return try checked(bytes, name, "the file \(path)")
            case .failure(let problem): throw SecretError(name: name, message: "\(path): \(problem.message)")
            }
        case .command(let words):
            guard let program = words.first else { throw SecretError(name: name, message: "its command is empty") }
            switch CommandOutput.read(
                words, environment: environment, folder: folder, limit: Self.valueLimit, within: commandLimit)
            {
            case .success(let bytes): return try checked(bytes, name, "the command \(program)")
            case .failure(let problem):
                throw SecretError(name: name, message: "the command \(program) \(problem.message)")
            }
        }
    }

    private func checked(_ bytes: [UInt8], _ name: String, _ what: String) throws(SecretError) -> String {
        var bytes = bytes
        if bytes.last == 0x0A { bytes.removeLast() }
        if bytes.last == 0x0D { bytes.removeLast() }
        guard !bytes.isEmpty else { throw SecretError(name: name, message: "\(what) is empty") }
        guard bytes.count <= Self.valueLimit else {
            throw SecretError(name: name, message: "\(what) gives more than \(Self.valueLimit) bytes")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw SecretError(name: name, message: "\(what) gives no UTF-8 text")
        }
        return text
    }
}
