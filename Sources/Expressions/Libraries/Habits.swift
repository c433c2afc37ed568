/// Functions that people know from spreadsheets and other languages, with what to write here.
enum Habits {
    private static let functions: [String: String] = [
        "len": "size(x)", "length": "size(x)", "count": "size(x)", "lower": "x.lowerAscii()",
        "tolower": "x.lowerAscii()",
        "tolowercase": "x.lowerAscii()", "lowercase": "x.lowerAscii()", "downcase": "x.lowerAscii()",
        "upper": "x.upperAscii()", "toupper": "x.upperAscii()", "touppercase": "x.upperAscii()",
        "uppercase": "x.upperAscii()", "upcase": "x.upperAscii()", "max": "math.greatest(a, b)",
        "min": "math.least(a, b)", "abs": "math.abs(x)", "round": "math.round(x)", "floor": "math.floor(x)",
        "ceil": "math.ceil(x)", "sqrt": "math.sqrt(x)", "any": "list.exists(x, …)", "some": "list.exists(x, …)",
        "every": "list.all(x, …)", "find": "list.filter(x, …)", "select": "list.filter(x, …)",
        "where": "list.filter(x, …)", "each": "list.map(x, …)", "foreach": "list.map(x, …)", "strip": "x.trim()",
        "empty": "missing(x), or size(x) == 0", "isempty": "missing(x), or size(x) == 0", "isnull": "missing(x)",
        "blank": "missing(x)", "isblank": "missing(x)", "coalesce": "default(x, y)",
        "ifnull": "default(x, y)", "ifempty": "default(x, y)", "if": "condition ? a : b", "iif": "condition ? a : b",
        "concat": "a + b", "now": "now, without brackets", "today": "now, without brackets", "date": "timestamp(\"…\")",
        "datetime": "timestamp(\"…\")", "time": "timestamp(\"…\")", "parseint": "int(x)", "toint": "int(x)",
        "integer": "int(x)", "float": "double(x)", "tofloat": "double(x)", "number": "double(x)", "str": "string(x)",
        "tostring": "string(x)", "text": "string(x)", "regex": "x.matches(\"…\")", "match": "x.matches(\"…\")",
        "test": "x.matches(\"…\")", "substr": "x.substring(start, end)", "includes": "x.contains(\"…\"), or y in list",
        "hours": "duration(\"2h\")", "days": "duration(\"2d\")", "minutes": "duration(\"15m\")", "not": "!x",
        "startswith": "x.startsWith(\"…\")", "endswith": "x.endsWith(\"…\")", "beginswith": "x.startsWith(\"…\")",
        "unique": "list.distinct()", "uniq": "list.distinct()", "in": "x in list", "is_open": "open_now(\"calendar\")",
    ]

    /// What to write instead of the function `name`; nil when it is no known habit.
    static func function(_ name: String) -> String? { functions[name.lowercased()].map { "write \($0)" } }

    private static let units = ["second": "s", "minute": "m", "min": "m", "hour": "h", "day": "d", "week": "w"]

    /// The letter of a unit of time that is written out: `d` for `days`.
    static func unit(_ word: String) -> String? {
        let word = word.lowercased()
        return units[word] ?? (word.hasSuffix("s") ? units[String(word.dropLast())] : nil)
    }
}
