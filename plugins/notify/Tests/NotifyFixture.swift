import NotifyPlugin
import PluginKit
import PluginTesting
import WorkflowModel

/// A bench with the plugin, and names as a ticket playbook has them.
func notifyBench(channels: ValueMap = ValueMap()) throws -> PluginBench {
    var bench = PluginBench(NotifyPlugin(manifest: try ManifestFile.read(besideTest: #filePath)))
    bench.channels = channels
    bench.names = [
        "ticket": ["id": "4711", "title": "Checkout is slow", "assignee": "agent-2", "priority": "P1"],
        "sla": ["metric": "first_reply"],
    ]
    bench.subject = "ticket:4711"
    bench.secrets = SecretBook([
        "CHAT_URL": "https://chat.example.com/services/T0/B0/s3cr3t-path-1", "SMTP": "pa55word-of-smtp",
        "SIGN": "signing-key-1", "HOOK_URL": "https://hooks.example.com/in/hook-s3cr3t",
    ])
    return bench
}

/// A text that is the secret `name`.
func secret(_ name: String) -> Value { .secret(SecretText(secret: name)) }

/// The channels of most tests.
let usualChannels: ValueMap = [
    "chat": ["by": "chat", "url": secret("CHAT_URL")],
    "mail": [
        "by": "email", "host": "smtp.example.com", "from": "Support <support@example.com>", "user": "support",
        "password": secret("SMTP"),
    ],
    "pager": ["by": "webhook", "url": secret("HOOK_URL"), "secret": secret("SIGN")],
]

/// The failure that `body` ends in; nil when it ends well or in anything else.
func failure(of body: () async throws -> some Any) async -> Failure? {
    do {
        _ = try await body()
        return nil
    } catch { return error as? Failure }
}
