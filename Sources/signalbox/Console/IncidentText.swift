import WorkflowModel

/// Incidents for people.
struct IncidentText {
    let paint: Paint
    let now: Timestamp
    let directory: Directory

    /// What `declare` says.
    func declared(_ output: Value, wasUnsure: Bool) -> [String] {
        let incident = output["incident"] ?? .null
        let id = incident["id"]?.string ?? "?"
        guard output["created"]?.bool == true else {
            return [
                paint.yellow("\(id) is there already") + ", \(incident["status"]?.string ?? "?"): \(title(incident))",
                paint.dim("nothing was changed; say more with: signalbox incident update \(id) --message TEXT"),
            ]
        }
        var lines = [paint.bold("\(id) is declared") + " as \(severity(incident)): \(title(incident))"]
        if wasUnsure {
            lines.append(
                paint.dim("unsure means the worst; go down with: signalbox incident update \(id) --severity …"))
        }
        if incident["commander"]?.string == nil {
            lines.append(paint.yellow("nobody leads it") + ": signalbox incident role \(id) commander PERSON")
        }
        if let due = news(incident) { lines.append("news are due \(due)") }
        return lines
    }

    /// What `update`, `role` and `link` say.
    func changed(_ output: Value) -> [String] {
        let incident = output["incident"] ?? .null
        let id = incident["id"]?.string ?? "?"
        guard output["changed"]?.bool == true else {
            return [paint.dim("=") + " \(id): all of that was so already, nothing was told"]
        }
        var words = (output["changes"]?.map ?? [:]).compactMap { entry -> String? in
            let field = entry.key.jsonText
            guard field != "roles" else { return roles(entry.value) }
            if field == "commander" { return nil }
            let to = short(entry.value["to"])
            return ["tickets", "services", "related", "summary", "impact", "title", "url"].contains(field)
                ? "\(field): \(to)" : "\(field): \(short(entry.value["from"])) → \(to)"
        }
        if words.isEmpty { words = ["the news are told"] }
        if let due = news(incident) { words.append("the next news are due \(due)") }
        return ["\(paint.bold(id)) \(severity(incident)), \(status(incident)): \(title(incident))"]
            + words.map { "  \($0)" }
    }

    /// What `resolve` says.
    func resolved(_ output: Value) -> [String] {
        let incident = output["incident"] ?? .null
        let id = incident["id"]?.string ?? "?"
        guard output["changed"]?.bool == true else {
            let at = incident["resolved_at"]?.timestamp.map { " since \($0.forPeople)" } ?? ""
            return [paint.dim("=") + " \(id) is \(status(incident)) already\(at); nothing was told"]
        }
        let times = times(incident)
        return [paint.green("\(id) is resolved") + ": \(title(incident))"]
            + (times.isEmpty ? [] : ["  " + times.joined(separator: ", ")])
    }

    /// What `note` says.
    func noted(_ output: Value) -> [String] {
        let id = output["id"]?.string ?? "?"
        guard output["added"]?.bool == true else { return [paint.dim("=") + " \(id): that is noted already"] }
        return ["noted on the timeline of \(id)"]
    }

    /// The table of a list.
    func table(_ found: Value, isAll: Bool) -> [String] {
        let incidents = found["incidents"]?.list ?? []
        guard !incidents.isEmpty else {
            return [
                isAll ? "no incidents are known" : "no open incidents" + paint.dim(" (--all shows those that are over)")
            ]
        }
        var table = TextTable(["id", "severity", "status", "since", "commander", "next news", "title"].map(paint.dim))
        for incident in incidents {
            table.add([
                incident["id"]?.string ?? "?", severity(incident), status(incident),
                incident["declared_at"]?.timestamp?.forPeople ?? "", person(incident["commander"]?.string) ?? "nobody",
                news(incident) ?? "", title(incident),
            ])
        }
        let count = found["count"]?.int ?? 0
        let isMore = found["more"]?.bool == true
        return table.lines()
            + (isMore ? [paint.dim("\(incidents.count) of \(count); there are more: --limit")] : [])
    }

    /// Everything about one.
    func page(_ found: Value) -> [String] {
        let incident = found["incident"] ?? .null
        var lines = ["\(paint.bold(incident["id"]?.string ?? "?")) \(title(incident))", ""]
        var table = TextTable()
        func row(_ name: String, _ text: String?) { if let text, !text.isEmpty { table.add([paint.dim(name), text]) } }
        row("severity", severity(incident))
        row("status", status(incident) + (incident["merged_into"]?.string.map { " into \($0)" } ?? ""))
        row("services", names(incident["services"]))
        row("impact", incident["impact"]?.string)
        row("customers", incident["customers_affected"]?.int.map { "\($0)" })
        row("data loss", incident["data_loss"]?.bool == true ? paint.red("possible") : nil)
        row("regulation", incident["regulatory"]?.bool == true ? paint.red("somebody must be informed by law") : nil)
        row("declared", moment(incident, "declared_at", by: "declared_by"))
        row("acknowledged", moment(incident, "acknowledged_at", by: "acknowledged_by", after: "time_to_acknowledge"))
        row("mitigated", moment(incident, "mitigated_at", after: "time_to_mitigate"))
        row("resolved", moment(incident, "resolved_at", by: "resolved_by", after: "time_to_resolve"))
        row("opened again", incident["reopen_count"]?.int.map { $0 == 1 ? "once" : "\($0) times" })
        row("next news", news(incident))
        row(
            "elsewhere",
            [incident["external_id"]?.string, incident["url"]?.string].compactMap { $0 }.joined(separator: " "))
        row("related", names(incident["related"]))
        lines += table.lines()
        if let summary = incident["summary"]?.string { lines += ["", summary] }
        let roles = found["roles"]?.list ?? []
        if !roles.isEmpty {
            var table = TextTable()
            for role in roles {
                let since = role["since"]?.timestamp.map { "since \($0.forPeople)" } ?? ""
                table.add([role["role"]?.string ?? "?", person(role["person"]?.string) ?? "nobody", paint.dim(since)])
            }
            lines += ["", paint.bold("roles")] + table.lines(indent: 2)
        }
        let tickets = found["tickets"]?.list ?? []
        if !tickets.isEmpty {
            var table = TextTable()
            for ticket in tickets {
                table.add([
                    ticket["id"]?.string ?? "?", ticket["priority"]?.string ?? "", ticket["status"]?.string ?? "",
                    person(ticket["assignee"]?.string) ?? "", ticket["title"]?.string ?? paint.dim("not known here"),
                ])
            }
            lines += ["", paint.bold("tickets")] + table.lines(indent: 2)
        }
        return lines + timeline(found)
    }

    private func timeline(_ found: Value) -> [String] {
        let entries = found["timeline"]?.list ?? []
        guard !entries.isEmpty else { return [] }
        var lines = ["", paint.bold("timeline")]
        if let left = found["timeline_left_out"]?.int, left > 0 {
            lines.append("  " + paint.dim("\(left) earlier ones; --entries shows more"))
        }
        var table = TextTable()
        for entry in entries {
            let text = (entry["text"]?.string ?? "").split(whereSeparator: \.isNewline).joined(separator: " ")
            let isPinned = entry["pinned"]?.bool == true
            let actor = entry["actor"]?.string.map { paint.dim(" (\($0))") } ?? ""
            table.add([entry["at"]?.timestamp?.forPeople ?? "", (isPinned ? paint.bold(text) : text) + actor])
        }
        return lines + table.lines(indent: 2)
    }

    private func title(_ incident: Value) -> String { incident["title"]?.string ?? "(no title)" }

    private func severity(_ incident: Value) -> String { incident["severity"]?.string ?? "no severity" }

    private func status(_ incident: Value) -> String {
        let status = incident["status"]?.string ?? "?"
        return incident["state"]?.string == "closed" ? paint.green(status) : paint.yellow(status)
    }

    /// `agent-5 (Agent Five)`.
    private func person(_ id: String?) -> String? {
        guard let id else { return nil }
        guard let name = directory.person(id)?.name, name != id else { return id }
        return "\(id) (\(name))"
    }

    /// `in 12m`, `5m late`.
    private func news(_ incident: Value) -> String? {
        guard let due = incident["next_news_at"]?.timestamp else { return nil }
        return due >= now
            ? "in \(DurationText.forPeople(due - now))" : paint.red("\(DurationText.forPeople(now - due)) late")
    }

    private func times(_ incident: Value) -> [String] {
        [("acknowledge", "time_to_acknowledge"), ("mitigate", "time_to_mitigate"), ("resolve", "time_to_resolve")]
            .compactMap { name, field in
                duration(incident[field]).map { "\($0) to \(name)" }
            }
    }

    private func moment(_ incident: Value, _ field: String, by: String? = nil, after: String? = nil) -> String? {
        guard let instant = incident[field]?.timestamp else { return nil }
        var text = instant.forPeople
        if let who = by.flatMap({ incident[$0]?.string }) { text += " by \(person(who) ?? who)" }
        if let took = after.flatMap({ duration(incident[$0]) }) { text += ", after \(took)" }
        return text
    }

    /// A duration as it is, or as JSON brings it.
    private func duration(_ value: Value?) -> String? {
        (value?.duration ?? value?.string.flatMap { DurationText.parse($0) }).map(DurationText.forPeople)
    }

    private func roles(_ change: Value) -> String {
        let (from, to) = (change["from"]?.map ?? [:], change["to"]?.map ?? [:])
        var words = to.compactMap { entry -> String? in
            from[entry.key] == entry.value
                ? nil : "\(entry.key.jsonText) is \(person(entry.value.string) ?? "nobody")"
        }
        words += from.compactMap { to[$0.key] == nil ? "nobody is \($0.key.jsonText)" : nil }
        return words.joined(separator: ", ")
    }

    private func names(_ value: Value?) -> String? {
        value?.list.map { $0.compactMap(\.string).joined(separator: ", ") }
    }

    private func short(_ value: Value?) -> String {
        guard let value, !value.isNull else { return "none" }
        if let list = value.list { return list.map(ValueText.short).joined(separator: ", ") }
        return value.timestamp?.forPeople ?? ValueText.short(value)
    }
}
