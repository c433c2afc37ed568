import Testing
import TicketImport
import WorkflowModel
import YAML

@Suite("Mistakes in a mapping or an export")
struct MappingTests {
    private static func mistakes(_ old: String, _ new: String) -> [Diagnostic] {
        var lines = Exports.mapping.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        lines = lines.flatMap { line -> [String] in
            line.contains(old) ? (new.isEmpty ? [] : [line.replacing(old, with: new)]) : [line]
        }
        return ImportMapping.read(SourceFile(path: "map.yaml", text: lines.joined(separator: "\n"))).diagnostics
    }

    @Test(arguments: [
        (
            "zone: Europe/Berlin", "zone: Europe/Berln", 3, "there is no time zone Europe/Berln",
            "did you mean Europe/Berlin?"
        ),
        ("ticket: number", "tikcet: number", 5, "a mapping has no key tikcet", "did you mean ticket?"),
        ("dd-MM-yyyy HH:mm", "DD-MM-yyyy", 7, "format: D stands for nothing here", ""),
        ("dd-MM-yyyy HH:mm", "MM-yyyy HH:mm", 7, "format: dd is missing", ""),
        ("dd-MM-yyyy HH:mm", "dd-MM-MM-yyyy", 7, "format: MM is there twice", ""),
        ("title: subject", "titel: subject", 9, "tickets have no field titel", "did you mean title?"),
        ("title: subject", "id: subject", 9, "the ticket's id is the column that ticket: names", "take id away here"),
        ("title: subject", "title: {}", 9, "the field title needs one of column, columns and value", ""),
        ("title: subject", "title: { column: a, value: b }", 9, "the field title has column and value", ""),
        ("title: subject", "title: { colum: a }", 9, "the field title has no key colum", "did you mean column?"),
        ("title: subject", "requester: x", 16, "requester.id is inside requester", ""),
        ("title: subject", "a b: x", 9, "a b is no field's name", ""),
        ("missing: [\"?\", \"\"]", "missing: none", 4, "missing must be a list", ""),
        ("import: desk", "delimiter: \"|\"", 1, "delimiter must be", ""),
        ("    default: hold", "    default: [a", 13, "", ""),
    ])
    func `each mistake has its line and what to write`(
        old: String, new: String, line: Int, message: String, help: String
    ) throws {
        let found = MappingTests.mistakes(old, new)
        let one = try #require(
            found.first { $0.message.hasPrefix(message) && $0.range?.start.line == line }, "\(found)")
        if !help.isEmpty { #expect(one.help == help) }
    }

    @Test(arguments: ["import: ", "source: ", "zone: ", "ticket: ", "time: "])
    func `what must be there is asked for`(key: String) {
        let found = MappingTests.mistakes(key, "")
        #expect(found.contains { $0.message == "a mapping needs the key \(key.dropLast(2))" && $0.severity == .error })
    }

    @Test func `a misspelt field of a ticket is a warning only, since fields of one's own are allowed`() throws {
        let found = MappingTests.mistakes("title: subject", "titel: subject")
        #expect(found.map(\.severity) == [.warning])
    }

    @Test func `several mistakes are reported in one go`() {
        let text = "import: [a]\nsource: s\nzone: Mars\nticket: {}\ntime: at\nfields: 3\nextra: 1\n"
        let (mapping, found) = ImportMapping.read(SourceFile(path: "map.yaml", text: text))
        #expect(mapping == nil)
        #expect(found.map { $0.range?.start.line } == [1, 3, 4, 5, 6, 7])
    }

    @Test func `a column that the file does not have is reported at its place in the mapping`() throws {
        let found = try Exports.failure(
            Array("number,seq,when,subject,state,priority,persons,caller,solved_at,code,closed_at\n".utf8))
        #expect(found.map(\.message) == ["export.csv has no column at", "export.csv has no column person"])
        #expect(found.map { $0.range?.start.line } == [7, 15])
        #expect(found[1].help == "did you mean persons?")
        #expect(found.map(\.file) == ["map.yaml", "map.yaml"])
    }

    @Test func `a column that is there twice is refused`() throws {
        let found = try Exports.failure(Array("\(Exports.header),person\n".utf8))
        #expect(found.map(\.message) == ["export.csv has 2 columns named person"])
    }

    @Test(arguments: [
        ("", "the file is empty"), ("\u{FEFF}\n\n", "the file is empty"), ("a\u{0}b\n", "the file holds zero bytes"),
        ("number;seq;at\n1;2;3\n", "export.csv has no column number"),
        (Exports.header + "\nA,0,\"01-03", "a \" is opened and never closed"),
        (Exports.header + "\nA,0,\"01\"-03,\"\"\n", "after row 1 a quoted field goes wrong"),
        (String(repeating: "a,", count: 1000) + "b\n", "there are 1001 columns"),
    ])
    func `what is no table is refused`(text: String, message: String) throws {
        let found = try Exports.failure(Array(text.utf8))
        #expect(found.first?.message.hasPrefix(message) == true, "\(found)")
    }

    @Test func `a file that is not UTF-8 is refused`() throws {
        let found = try Exports.failure(Array("number,\u{20}".utf8) + [0xE9, 0x0A])
        #expect(found.first?.message == "the file is not UTF-8 text")
    }

    @Test func `other delimiters, a byte order mark and line ends of other systems are read`() throws {
        let mapping = "delimiter: tab\n" + Exports.mapping
        let text =
            "\u{FEFF}" + Exports.header.replacing(",", with: "\t") + "\r\n"
            + "A\t0\t01-03-2016 09:00\tx, y\tNew\tP3\t?\tc1\t?\t?\t?\r\n"
        let (events, report) = try TicketImport.run(
            csv: Array(text.utf8), path: "export.csv", mapping: Exports.read(mapping))
        #expect(events.first?.data["ticket"]?["title"] == "x, y")
        #expect(report.skippedRows == 0 && report.rows == 1)
    }

    @Test func `a field that is too long skips its row`() throws {
        let long = String(repeating: "x", count: 140_000)
        let (events, report) = try Exports.run(["A,0,01-03-2016 09:00,\(long),New,P3,?,c1,?,?,?"])
        #expect(events.isEmpty)
        #expect(report.skipped.map(\.reason) == ["field 4 is longer than 128 KiB"])
    }
}
