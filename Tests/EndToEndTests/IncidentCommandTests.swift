import Foundation
import Testing
import WorkflowModel

/// Major incidents by the built program, in a copy of the sample workspace.
@Suite("signalbox incident", .timeLimit(.minutes(3)))
struct IncidentCommandTests {
    @Test func `declared, made worse, resolved: people are told, the timeline has it, the post-mortem is open`()
        async throws
    {
        let copy = try WorkspaceCopy()
        let declared = try await copy.json(
            "incident", "declare", "Card payments fail", "--severity", "SEV2", "--service", "payments", "--commander",
            "agent-5", "--role", "communications=agent-6", "--ticket", "4711", "--as", "lead-1")
        #expect(declared["output"]?["id"] == "INC-1")
        #expect(declared["output"]?["incident"]?["declared_by"] == "lead-1")
        #expect(declared["receipts"]?.list?.map { $0["type"]?.string } == ["incident.declared"])
        let worse = try await copy.run(
            "incident", "update", "INC-1", "-s", "sev1", "-m", "Everybody", "--as", "agent-5")
        #expect(worse.out.contains("severity: SEV2 → SEV1"), "\(worse.out)")
        #expect(worse.out.contains("incident-severity-changed: runs"), "\(worse.out)")
        let open = try await copy.json("incident", "list")
        #expect(open["incidents"]?.list?.map { $0["severity"] } == ["SEV1"])
        let resolved = try await copy.run("incident", "resolve", "INC-1", "--message", "Renewed")
        #expect(resolved.out.contains("INC-1 is resolved"), "\(resolved.out)")
        #expect(try await copy.json("incident", "list")["incidents"]?.list?.isEmpty == true)

        let page = try await copy.json("incident", "show", "INC-1")
        #expect(page["incident"]?["state"] == "closed")
        #expect(page["roles"]?.list?.map { $0["role"] } == ["commander", "communications"])
        let texts = (page["timeline"]?.list ?? []).compactMap { $0["text"]?.string }
        for line in [
            "Declared as SEV2: Card payments fail", "severity SEV2 → SEV1: Everybody", "Resolved: Renewed",
            "Post-mortem PM-1 opened", "Message to head-of-support@example.com: Now SEV1, was SEV2: Card payments fail",
        ] {
            #expect(texts.contains(line), "\(line) is not in \(texts)")
        }
        let audit = try await copy.json("audit", "list")
        #expect(
            audit.list?.compactMap { $0["target"]?.string } == [
                "incident.declare", "incident.update", "incident.resolve",
            ])
    }

    @Test func `what is wrong is refused with clear words, and changes nothing`() async throws {
        let copy = try WorkspaceCopy()
        _ = try await copy.json("incident", "declare", "There is one")
        let refusals: [([String], Int32, String)] = [
            (["declare", "x", "--severity", "SEV7"], 1, "there is no severity SEV7, only SEV1, SEV2, SEV3, SEV4"),
            (["declare", "x", "--service", "paymets"], 1, "did you mean payments?"),
            (["declare", "x", "--commander", "agent5"], 1, "did you mean agent-5?"),
            (["declare", "x", "--role", "scribe"], 2, "ROLE=PERSON"),
            (["declare", "x", "--next-news-in", "soon"], 2, "a duration such as 30m"),
            (["declare", "x", "--as", "lead1"], 1, "did you mean lead-1?"),
            (["update", "INC-1"], 2, "Say what is to be changed"),
            (["update", "INC1", "-m", "x"], 1, "did you mean INC-1?"),
            (["update", "INC-1", "--status", "fixed"], 1, "status"),
            (["role", "INC-1", "scribe"], 2, "--vacate"),
            (["link", "INC-1", "--duplicate-of", "INC-1"], 1, "itself"),
            (["show", "INC-9"], 1, "there is no incident INC-9"),
            (["list", "--service", "chekout"], 1, "did you mean checkout?"),
            (["resolve", "INC-1", "--at", "yesterday"], 2, "--at wants a time"),
        ]
        for (words, status, message) in refusals {
            let refused = try await copy.signalbox.run(["incident"] + words)
            #expect(refused.status == status, "\(words): \(refused.err)")
            #expect(refused.err.contains(message), "\(words): \(refused.err)")
        }
        let known = try await copy.json("incident", "list", "--all")["incidents"]?.list ?? []
        #expect(known.count == 1)
        #expect(known.first?["updated_at"] == known.first?["declared_at"])
    }

    @Test func `another system's incident is followed under its own id`() async throws {
        let copy = try WorkspaceCopy()
        _ = try await copy.run("emit", "--event", "events/incident.declared.json")
        _ = try await copy.run("emit", "--event", "events/incident.declared.json")
        let note = try await copy.run("incident", "note", "INC-42", "Looked at the gateway")
        #expect(note.out.contains("noted on the timeline of INC-42"), "\(note.out)\(note.err)")
        _ = try await copy.run("emit", "--event", "events/incident.resolved.json")
        let page = try await copy.json("incident", "show", "INC-42")
        #expect(page["incident"]?["status"] == "resolved")
        #expect(page["incident"]?["state"] == "closed")
        let declared = (page["timeline"]?.list ?? []).filter { $0["text"]?.string?.hasPrefix("Declared") == true }
        #expect(declared.count == 1)
    }
}
