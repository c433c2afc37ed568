import WorkflowModel

/// The field `Retry-After` (RFC 9110 section 10.2.3): seconds, or a date.
enum RetryAfter {
    /// The longest wait that is believed: one day.
    private static let longest = Duration.seconds(86_400)
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// The wait that `text` asks for; nil when it is not given or unreadable.
    static func wait(_ text: String?, now: Timestamp) -> Duration? {
        guard let text = text?.split(separator: " ").joined(separator: " "), !text.isEmpty else { return nil }
        if text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            return Int64(text).map { min(.seconds($0), longest) } ?? longest
        }
        guard let date = date(text) else { return nil }
        return min(max(date - now, .zero), longest)
    }

    /// Reads `Sun, 06 Nov 1994 08:49:37 GMT`, the one form that senders may still write.
    private static func date(_ text: String) -> Timestamp? {
        let parts = text.split(separator: " ")
        guard parts.count == 6, parts[5] == "GMT", let month = months.firstIndex(of: String(parts[2])) else {
            return nil
        }
        let number = month + 1
        let two = number < 10 ? "0\(number)" : "\(number)"
        let day = parts[1].count == 1 ? "0\(parts[1])" : String(parts[1])
        return Timestamp(rfc3339: "\(parts[3])-\(two)-\(day)T\(parts[4])Z")
    }
}
