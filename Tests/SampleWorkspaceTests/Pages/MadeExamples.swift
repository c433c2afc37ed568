import Foundation
import Workspaces
import YAML

/// Mistakes that are too large, too strange or too bound to the machine to be shown on a page; the test makes them.
enum MadeExamples {
    typealias Making = @Sendable (ErrorExample) throws -> [Diagnostic]

    /// What the test makes, by code.
    static let all: [String: Making] = [
        "SB1001": { $0.playbook("# " + String(repeating: "x", count: 1 << 20) + "\n") },
        "SB1002": { $0.playbook(Array("title: ".utf8) + [0xFF, 0x0A]) },
        "SB1010": {
            $0.playbook(
                ErrorExample.completed(
                    "vars:\n  deep: " + String(repeating: "[", count: 65) + String(repeating: "]", count: 65) + "\n"))
        },
        "SB1012": { example in
            let lines = (1...8).map { level in
                "a\(level): &a\(level) [" + Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ") + "]"
            }
            return example.playbook("a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + lines.joined(separator: "\n") + "\n")
        },
        "SB1013": { $0.playbook(ErrorExample.completed("title: Bell\u{1}\n")) },
        "SB1601": { example in try example.inFolder { try example.check(folder: $0) } },
        "SB1602": { example in
            try example.inFolder { folder in
                try Data("zone: UTC\n".utf8).write(to: folder.appending(path: "signalbox.yaml"))
                try FileManager.default.createDirectory(
                    at: folder.appending(path: "people.yaml"), withIntermediateDirectories: false)
                return try example.check(folder: folder)
            }
        },
        "SB1603": { example in
            try example.workspace([
                ("people.yaml", Array(("# " + String(repeating: "x", count: WorkspaceLimits.fileBytes) + "\n").utf8))
            ])
        },
        "SB1604": { example in
            try example.inFolder { folder in
                try Data("zone: UTC\n".utf8).write(to: folder.appending(path: "signalbox.yaml"))
                let playbooks = folder.appending(path: "playbooks")
                try FileManager.default.createDirectory(at: playbooks, withIntermediateDirectories: false)
                for number in 0...WorkspaceLimits.files {
                    try Data().write(to: playbooks.appending(path: "\(number).yaml"))
                }
                return try example.check(folder: folder).filter { $0.code != "SB1014" }
            }
        },
        "SB1605": { example in
            try example.inFolder { folder in
                try Data("zone: UTC\n".utf8).write(to: folder.appending(path: "signalbox.yaml"))
                try FileManager.default.createSymbolicLink(
                    at: folder.appending(path: "people.yaml"), withDestinationURL: URL(filePath: #filePath))
                return try example.check(folder: folder)
            }
        },
        "SB1708": { example in
            let columns = (0..<20_000).map { "c\($0)" }.joined(separator: ",")
            return try example.workspace([("tables/wide.csv", Array("\(columns)\n1,2\n".utf8))])
        },
        "SB3010": { example in
            example.history(Self.mapping, export: Array((String(repeating: "a,", count: 1000) + "b\n").utf8))
        },
        "SB3011": { example in
            example.history(Self.mapping, export: Array("number,at,caf".utf8) + [0xE9, 0x0A])
        },
    ]

    /// Codes of which there is no example, with the reason.
    static let none: [String: String] = [
        "SB1501": "every planned key is there", "SB1502": "every planned kind of trigger is there",
        "SB1503": "every planned kind of step is there",
        "SB1504": "every planned name is there",
        "SB1906": "every write of the plugins here is tried again",
        "SB1907": "every write of the plugins here has a limit",
        "SB1922": "it stands beside the error", "SB2011": "only the command knows the plugins that are built in",
    ]

    private static let mapping = """
        import: desk
        source: https://desk.example.com
        zone: Europe/Berlin
        ticket: number
        time: { column: at, format: yyyy-MM-dd HH:mm }
        fields: { title: subject }

        """
}
