/// Draws a chart as a picture in SVG 1.1, without scripts, fonts or anything from outside.
public enum FlowChartSVG {
    /// The picture of `chart`, ending in a line break.
    public static func text(_ chart: FlowChart) -> String {
        let layout = FlowChartLayout(chart)
        var position: [String: Int] = [:]
        for (index, box) in chart.boxes.enumerated() { position[box.id] = index }
        var out = [
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(number(layout.width))\" height=\"\(number(layout.height))\" "
                + "viewBox=\"0 0 \(number(layout.width)) \(number(layout.height))\" font-family=\"sans-serif\" font-size=\"13\" "
                + "role=\"img\">", "<title>\(escaped(chart.title ?? chart.playbook))</title>",
            "<defs><marker id=\"tip\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" markerWidth=\"7\" markerHeight=\"7\" "
                + "orient=\"auto\"><path d=\"M0 0L10 5L0 10z\" fill=\"#555\"/></marker></defs>",
            "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>",
        ]
        for arrow in chart.arrows {
            guard let from = position[arrow.from], let to = position[arrow.to] else { continue }
            out += line(arrow, layout.places[from], layout.places[to], layout)
        }
        for (box, place) in zip(chart.boxes, layout.places) { out += drawn(box, place) }
        out.append("</svg>")
        return out.joined(separator: "\n") + "\n"
    }

    /// Where a box stands in the picture, in points from its top left corner, and how large the picture is.
    public struct BoxPlace: Sendable, Hashable {
        /// The left edge.
        public var x: Double
        /// The upper edge.
        public var y: Double
        /// Its width.
        public var width: Double
        /// Its height.
        public var height: Double
        /// The size of the whole picture.
        public var within: Size
    }

    /// A width and a height in points.
    public struct Size: Sendable, Hashable {
        /// The width.
        public var width: Double
        /// The height.
        public var height: Double
    }

    /// The places of the boxes of `chart`, in their order.
    public static func boxes(_ chart: FlowChart) -> [BoxPlace] {
        let layout = FlowChartLayout(chart)
        let size = Size(width: layout.width, height: layout.height)
        return layout.places.map { BoxPlace(x: $0.x, y: $0.y, width: $0.width, height: $0.height, within: size) }
    }

    private static func drawn(_ box: FlowChart.Box, _ place: FlowChartLayout.Place) -> [String] {
        let (fill, stroke) =
            switch box.shape {
            case .start: ("#e7f0fb", "#3b6ea5")
            case .end: ("#e8f5e9", "#2e7d32")
            case .failure: ("#fdecea", "#b3261e")
            case .choice, .ask: ("#fff8e1", "#b08900")
            case .loop, .wait, .call: ("#f3edf9", "#6b4fa0")
            case .step, .joint: ("#ffffff", "#555555")
            }
        let paint = "fill=\"\(fill)\" stroke=\"\(stroke)\""
        let (x, y, w, h) = (place.x, place.y, place.width, place.height)
        func points(_ points: [(Double, Double)]) -> String {
            "<polygon points=\"\(points.map { "\(number($0.0)),\(number($0.1))" }.joined(separator: " "))\" \(paint)/>"
        }
        let outline: String
        switch box.shape {
        case .choice, .loop:
            let cut = min(22, h / 2)
            outline = points([
                (x + cut, y), (x + w - cut, y), (x + w, y + h / 2), (x + w - cut, y + h), (x + cut, y + h),
                (x, y + h / 2),
            ])
        case .ask: outline = points([(x + 14, y), (x + w, y), (x + w - 14, y + h), (x, y + h)])
        default:
            let round =
                [.start, .end, .failure, .joint].contains(box.shape) ? min(18, h / 2) : box.shape == .wait ? 9 : 2
            outline =
                "<rect x=\"\(number(x))\" y=\"\(number(y))\" width=\"\(number(w))\" height=\"\(number(h))\" "
                + "rx=\"\(number(round))\" \(paint)/>"
        }
        let first = y + h / 2 - Double(place.lines.count - 1) * FlowChartLayout.lineHeight / 2 + 4.5
        return [outline]
            + place.lines.enumerated().map { index, line in
                "<text x=\"\(number(place.middle))\" y=\"\(number(first + Double(index) * FlowChartLayout.lineHeight))\" "
                    + "text-anchor=\"middle\" fill=\"#222\">\(escaped(line))</text>"
            }
    }

    private static func line(
        _ arrow: FlowChart.Arrow, _ from: FlowChartLayout.Place, _ to: FlowChartLayout.Place, _ layout: FlowChartLayout
    ) -> [String] {
        let dash = arrow.isFailure ? " stroke-dasharray=\"5 4\"" : ""
        let path: String
        let label: (x: Double, y: Double)
        if arrow.isBack {
            // Out at the right, up, and in at the right.
            let right = max(from.x + from.width, to.x + to.width) + 30
            let (y0, y1) = (from.y + from.height / 2, to.y + to.height / 2)
            path =
                "M\(number(from.x + from.width)) \(number(y0))C\(number(right)) \(number(y0)) \(number(right)) \(number(y1)) "
                + "\(number(to.x + to.width)) \(number(y1))"
            label = (right - 12, (y0 + y1) / 2)
        } else {
            let bend = max(20, (to.y - from.bottom) / 2)
            path =
                "M\(number(from.middle)) \(number(from.bottom))C\(number(from.middle)) \(number(from.bottom + bend)) "
                + "\(number(to.middle)) \(number(to.y - bend)) \(number(to.middle)) \(number(to.y))"
            label = (from.middle + (to.middle - from.middle) * 0.25, from.bottom + min(30, (to.y - from.bottom) * 0.35))
        }
        var out = ["<path d=\"\(path)\" fill=\"none\" stroke=\"#555\"\(dash) marker-end=\"url(#tip)\"/>"]
        if let text = arrow.label {
            let shown = text.count > 40 ? String(text.prefix(39)) + "…" : text
            out.append(
                "<text x=\"\(number(label.x))\" y=\"\(number(label.y))\" text-anchor=\"middle\" fill=\"#444\" font-size=\"11\" "
                    + "stroke=\"#fff\" stroke-width=\"3\" paint-order=\"stroke\">\(escaped(shown))</text>")
        }
        return out
    }

    /// A number with one digit behind the point, the same on every machine.
    private static func number(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        let sign = tenths < 0 ? "-" : ""
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(sign)\(abs(tenths) / 10).\(abs(tenths) % 10)"
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            // XML allows no other control characters.
            case _ where scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF: result += " "
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
