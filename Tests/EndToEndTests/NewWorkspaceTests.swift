import Testing
import WorkflowModel

/// What a person makes first is right.
@Suite("A new workspace")
struct NewWorkspaceTests {
    @Test func `a new workspace passes the check, plays, and takes a playbook for every known event`() async throws {
        let copy = try WorkspaceCopy(empty: true)
        #expect(try await copy.run("init", ".", "--zone", "Europe/Berlin").status == 0)
        #expect(try await copy.json("check")["diagnostics"]?.list?.isEmpty == true)
        #expect(try await copy.json("dry-run", "welcome")["run"] != nil)
        #expect(try await copy.run("init", ".").status == 1, "a workspace is not written over")

        let types = EventCatalog.standard.names
        #expect(types.count >= 30)
        try await withThrowingTaskGroup { group in
            for (number, type) in types.enumerated() {
                group.addTask {
                    let made = try await copy.run("new", "playbook", "book-\(number)", "--on", type)
                    #expect(made.status == 0, "\(type): \(made.err)")
                }
            }
            try await group.waitForAll()
        }
        let check = try await copy.run("check")
        #expect(check.status == 0 && check.out.contains("no mistakes"), "\(check.out)")
        try await withThrowingTaskGroup { group in
            for (number, type) in types.enumerated() {
                group.addTask {
                    let told = try await copy.json("dry-run", "book-\(number)")
                    #expect(told["run"]?["state"]?.string == "succeeded", "\(type): \(told)")
                    #expect(told["sent"] == .bool(false))
                }
            }
            try await group.waitForAll()
        }
        #expect(copy.names(in: ".signalbox").isEmpty)
        let again = try await copy.run("new", "playbook", "book-0", "--on", "ticket.created")
        #expect(again.status == 1 && again.err.contains("there already"))
    }

    @Test func `every sample playbook plays on its sample event`() async throws {
        let copy = try WorkspaceCopy()
        let books = copy.names(in: "playbooks").map { $0.replacing(".yaml", with: "") }
        #expect(books.count >= 7)
        for book in books {
            // Of its two events the second one is about a person who is angry in the sample.
            let event = book == "vip-escalation" ? ["--event", "events/ticket.commented.json"] : []
            let outcome = try await copy.signalbox.run(["dry-run", book, "--format", "json"] + event)
            let told = try outcome.json
            #expect(told["fires"] != .bool(false), "\(book) does not fire on its sample event")
            #expect(told["run"]?["state"]?.string == "succeeded", "\(book): \(told)")
        }
        #expect(copy.names(in: ".signalbox").isEmpty, "a dry run leaves nothing behind")
    }
}
