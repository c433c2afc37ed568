import ArgumentParser
import Foundation
import WorkflowModel

/// What commands print on: text for people or JSON for programs, results on standard output, everything else on standard error.
struct Console: Sendable {
    /// `--format`.
    enum Format: String, ExpressibleByArgument, CaseIterable, Sendable {
        case text, json
    }

    let format: Format
    /// Whether text may be coloured.
    let paint: Paint

    init(format: Format) {
        self.format = format
        paint = Paint(isOn: format == .text && Console.isTerminal(STDOUT_FILENO) && Console.allowsColour)
    }

    /// Prints `text` and a line end, when people read.
    func line(_ text: String = "") {
        if format == .text { Console.standardOutput(text + "\n") }
    }

    /// Prints `value` as JSON on one line, when a program reads.
    func json(_ value: Value) {
        if format == .json { Console.standardOutput(JSONWriter.text(value) + "\n") }
    }

    /// Says something beside the result: on standard error, and only to people.
    func remark(_ text: String) {
        if format == .text { Console.standardError(text + "\n") }
    }

    /// Says why nothing was done.
    static func complain(_ message: String, help: String?) {
        let paint = Paint(isOn: isTerminal(STDERR_FILENO) && allowsColour)
        standardError(paint.red("signalbox:") + " \(message)\n")
        if let help { standardError(paint.cyan("help:") + " \(help)\n") }
    }

    static func standardOutput(_ text: String) { write(text, to: STDOUT_FILENO) }

    static func standardError(_ text: String) { write(text, to: STDERR_FILENO) }

    static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

    /// NO_COLOR (no-color.org) and TERM=dumb switch colours off.
    static var allowsColour: Bool {
        let environment = ProcessInfo.processInfo.environment
        return (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
    }

    private static func write(_ text: String, to descriptor: Int32) {
        var text = text
        text.withUTF8 { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let written = Foundation.write(
                    descriptor,
                    UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[rest.indices]).baseAddress,
                    rest.count)
                if written < 0 {
                    if errno == EINTR { continue }
                    return
                }
                rest = rest.dropFirst(written)
            }
        }
    }
}

/// Colours for a terminal; off, it gives texts back as they are.
struct Paint: Sendable {
    let isOn: Bool

    func bold(_ text: String) -> String { code("1", text) }
    func dim(_ text: String) -> String { code("2", text) }
    func red(_ text: String) -> String { code("31", text) }
    func green(_ text: String) -> String { code("32", text) }
    func yellow(_ text: String) -> String { code("33", text) }
    func cyan(_ text: String) -> String { code("36", text) }

    private func code(_ code: String, _ text: String) -> String { isOn ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text }
}
