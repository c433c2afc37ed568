import RunMachine
import Testing
import WorkflowModel

/// A journal as the first version stored it. It must be readable for ever: what is stored is never changed, only added to.
@Suite("Recorded journals")
struct RecordedJournalTests {
    @Test func `a journal of format 1 replays to its end and is followed`() throws {
        var entries: [JournalEntry] = []
        for (index, line) in RecordedJournalTests.format1.split(separator: "\n").enumerated() {
            let parts = line.split(separator: "|", maxSplits: 2, omittingEmptySubsequences: false)
            entries.append(
                try JournalEntry(
                    kind: String(parts[0]), step: parts[1].isEmpty ? nil : String(parts[1]), version: 1,
                    body: TypedJSON.parse(String(parts[2])), sequence: index + 1))
        }
        var whole = try MachineBench(ReplayTests.everything)
        try whole.machine.replay(entries)
        #expect(whole.machine.state == .failed)
        #expect(whole.machine.failure?.code == "bad")
        #expect(whole.machine.stepResults["loop"]?["items"]?.list?.count == 3)
        var part = try MachineBench(ReplayTests.everything)
        try part.machine.replay(entries.prefix(entries.count / 2))
        part.machine.recover(now: part.now)
        part.finish()
        #expect(part.machine.state == .succeeded)
    }

    static let format1 = #"""
        started||{"run":"run_1","url":null,"at":{"$time":"2026-11-22T08:00:00Z"},"event":{"id":"e1","type":"ticket.created"},"names":{"ticket":{"id":"T-1","priority":"P1","tags":["a","b","c"]}},"inputs":{"who":"me"},"seed":{"$uint":"42"}}
        assigned||{"vars":{"m":{"$time":"2026-11-22T08:00:00Z"}}}
        completed|steps[0]|{"attempt":1,"output":{"value":"T-1"},"started_at":{"$time":"2026-11-22T08:00:00Z"}}
        decided|steps[1]|{"as":"skip"}
        assigned|steps[2]|{"vars":{"n":1}}
        decided|steps[3]|{"as":"loop","items":["a","b","c"]}
        intended|steps[3].steps[0]#0|{"attempt":1,"key":"key-steps[3].steps[0]#0","started_at":{"$time":"2026-11-22T08:00:00Z"},"input":{"value":"a"}}
        completed|steps[3].steps[0]#0|{"attempt":1,"output":{"value":"a"},"started_at":{"$time":"2026-11-22T08:00:00Z"}}
        decided|steps[3].steps[1]#0|{"as":"else"}
        completed|steps[3].steps[1].else[0]#0|{"attempt":1,"output":{"value":"a"},"started_at":{"$time":"2026-11-22T08:00:00Z"}}
        intended|steps[3].steps[0]#1|{"attempt":1,"key":"key-steps[3].steps[0]#1","started_at":{"$time":"2026-11-22T08:00:00Z"},"input":{"value":"b"}}
        completed|steps[3].steps[0]#1|{"attempt":1,"output":{"value":"b"},"started_at":{"$time":"2026-11-22T08:00:00Z"}}
        decided|steps[3].steps[1]#1|{"as":"then"}
        retried|steps[3].steps[1].then[0]#1|{"attempt":1,"failure":{"code":"busy","message":"busy","kind":"transient","step":"flaky","place":{"file":"p.yaml","line":3,"column":7}},"due":{"$time":"2026-11-22T08:00:00.239557515Z"},"started_at":{"$time":"2026-11-22T08:00:00Z"}}
        fired|steps[3].steps[1].then[0]#1|{"late_by":{"$duration":"0s"}}
        retried|steps[3].steps[1].then[0]#1|{"attempt":2,"failure":{"code":"busy","message":"busy","kind":"transient","step":"flaky","place":{"file":"p.yaml","line":3,"column":7}},"due":{"$time":"2026-11-22T08:00:01.875433142Z"},"started_at":{"$time":"2026-11-22T08:00:00Z"}}
        fired|steps[3].steps[1].then[0]#1|{"late_by":{"$duration":"0s"}}
        completed|steps[3].steps[1].then[0]#1|{"attempt":3,"output":{},"started_at":{"$time":"2026-11-22T08:00:00Z"}}
        intended|steps[3].steps[0]#2|{"attempt":1,"key":"key-steps[3].steps[0]#2","started_at":{"$time":"2026-11-22T08:00:01.875433142Z"},"input":{"value":"c"}}
        completed|steps[3].steps[0]#2|{"attempt":1,"output":{"value":"c"},"started_at":{"$time":"2026-11-22T08:00:01.875433142Z"}}
        decided|steps[3].steps[1]#2|{"as":"else"}
        completed|steps[3].steps[1].else[0]#2|{"attempt":1,"output":{"value":"c"},"started_at":{"$time":"2026-11-22T08:00:01.875433142Z"}}
        decided|steps[4]|{"as":"parallel"}
        intended|steps[4].parallel[0]|{"attempt":1,"key":"key-steps[4].parallel[0]","started_at":{"$time":"2026-11-22T08:00:01.875433142Z"},"input":{"value":1}}
        completed|steps[4].parallel[0]|{"attempt":1,"output":{"value":1},"started_at":{"$time":"2026-11-22T08:00:01.875433142Z"}}
        completed|steps[4].parallel[1]|{"attempt":1,"output":{},"started_at":{"$time":"2026-11-22T08:00:01.875433142Z"}}
        intended|steps[4].parallel[2]|{"attempt":1,"key":"key-steps[4].parallel[2]","started_at":{"$time":"2026-11-22T08:00:01.875433142Z"},"input":{}}
        uncertain|steps[4].parallel[2]|{"attempt":1,"failure":{"code":"lost","message":"lost","kind":"uncertain","step":"z","place":{"file":"p.yaml","line":3,"column":7}}}
        retried|steps[4].parallel[2]|{"attempt":1,"failure":{"code":"lost","message":"lost","kind":"uncertain","step":"z","place":{"file":"p.yaml","line":3,"column":7}},"due":{"$time":"2026-11-22T08:00:02.070367005Z"},"started_at":{"$time":"2026-11-22T08:00:01.875433142Z"},"may_be_duplicate":true}
        fired|steps[4].parallel[2]|{"late_by":{"$duration":"0s"}}
        intended|steps[4].parallel[2]|{"attempt":2,"key":"key-steps[4].parallel[2]","started_at":{"$time":"2026-11-22T08:00:01.875433142Z"},"may_be_duplicate":true}
        completed|steps[4].parallel[2]|{"attempt":2,"output":{},"started_at":{"$time":"2026-11-22T08:00:01.875433142Z"}}
        failed|steps[5]|{"attempt":1,"failure":{"code":"bad","message":"went wrong","kind":"permanent","step":"bad","place":{"file":"p.yaml","line":3,"column":7}},"started_at":{"$time":"2026-11-22T08:00:02.070367005Z"}}
        handling||{"failure":{"code":"bad","message":"went wrong","kind":"permanent","step":"bad","place":{"file":"p.yaml","line":3,"column":7}}}
        intended|on_failure[0]|{"attempt":1,"key":"key-on_failure[0]","started_at":{"$time":"2026-11-22T08:00:02.070367005Z"},"input":{"value":"went wrong"}}
        completed|on_failure[0]|{"attempt":1,"output":{"value":"went wrong"},"started_at":{"$time":"2026-11-22T08:00:02.070367005Z"}}
        ended||{"state":"failed","failure":{"code":"bad","message":"went wrong","kind":"permanent","step":"bad","place":{"file":"p.yaml","line":3,"column":7}}}
        """#
}
