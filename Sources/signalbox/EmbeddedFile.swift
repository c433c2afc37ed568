import EmbeddedFiles
import YAML

/// The files that are part of the binary.
enum EmbeddedFile {
    /// The paths of all files, in the order of the binary.
    static var paths: [String] {
        (0..<signalbox_embedded_count()).compactMap { signalbox_embedded_at($0).path.map { String(cString: $0) } }
    }

    /// The text of the file at `path` of the source tree; nil when it is not part of the binary.
    static func text(_ path: String) -> String? {
        for index in 0..<signalbox_embedded_count() {
            let file = signalbox_embedded_at(index)
            guard let name = file.path, String(cString: name) == path else { continue }
            return text(file)
        }
        return nil
    }

    /// The pages of all codes, by code.
    static var pages: [String: CodePage] {
        let pages = (0..<signalbox_error_page_count()).compactMap { CodePage(text(signalbox_error_page_at($0))) }
        return Dictionary(pages.map { ($0.code, $0) }, uniquingKeysWith: { first, _ in first })
    }

    private static func text(_ file: signalbox_embedded_file) -> String {
        String(decoding: UnsafeBufferPointer(start: file.bytes, count: file.length), as: UTF8.self)
    }
}
