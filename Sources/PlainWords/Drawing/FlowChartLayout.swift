/// Where the boxes of a chart stand: in layers from top to bottom, a box below all that lead to it.
struct FlowChartLayout {
    struct Place {
        var x: Double
        var y: Double
        var width: Double
        var height: Double
        var lines: [String]

        var bottom: Double { y + height }
        var middle: Double { x + width / 2 }
    }

    /// The place of each box, as in the chart.
    private(set) var places: [Place]
    private(set) var width = 0.0
    private(set) var height = 0.0
    private let layers: [[Int]]

    /// The characters of a line in a box, and its measures in points.
    static let lineLength = 34
    static let lineHeight = 17.0
    private static let characterWidth = 7.2
    private static let margin = 24.0
    private static let gap = (x: 36.0, y: 56.0)

    init(_ chart: FlowChart) {
        var position: [String: Int] = [:]
        for (index, box) in chart.boxes.enumerated() { position[box.id] = index }
        let arrows = chart.arrows.filter { !$0.isBack }.compactMap { arrow in
            position[arrow.from].flatMap { from in position[arrow.to].map { (from: from, to: $0) } }
        }
        // Boxes are made in the order of the playbook: what leads to a box without going back was made before it, but for the ways
        // that meet, so that going over the arrows by their ends settles the layers.
        var layer = [Int](repeating: 0, count: chart.boxes.count)
        for arrow in arrows.sorted(by: { ($0.to, $0.from) < ($1.to, $1.from) }) where arrow.from < arrow.to {
            layer[arrow.to] = max(layer[arrow.to], layer[arrow.from] + 1)
        }
        var layers = [[Int]](repeating: [], count: (layer.max() ?? 0) + 1)
        for index in chart.boxes.indices { layers[layer[index]].append(index) }
        places = chart.boxes.map { box in
            let lines = box.lines.flatMap { Self.wrapped($0) }
            let longest = Double(lines.map(\.count).max() ?? 1)
            let slack = box.shape == .choice ? 56.0 : 28.0
            return Place(
                x: 0, y: 0, width: max(80, longest * Self.characterWidth + slack),
                height: Double(lines.count) * Self.lineHeight + (box.shape == .choice ? 30 : 16), lines: lines)
        }
        Self.order(&layers, arrows)
        self.layers = layers
        place(arrows)
    }

    /// Sorts each layer by where its boxes come from, a few times down.
    private static func order(_ layers: inout [[Int]], _ arrows: [(from: Int, to: Int)]) {
        var sources: [Int: [Int]] = [:]
        for arrow in arrows { sources[arrow.to, default: []].append(arrow.from) }
        for index in layers.indices.dropFirst() {
            var rank: [Int: Double] = [:]
            for above in layers[..<index] { for (place, box) in above.enumerated() { rank[box] = Double(place) } }
            let weights = layers[index].map { box -> Double in
                let ranks = (sources[box] ?? []).compactMap { rank[$0] }
                return ranks.isEmpty ? .greatestFiniteMagnitude : ranks.reduce(0, +) / Double(ranks.count)
            }
            layers[index] = zip(weights, layers[index]).sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map(\.1)
        }
    }

    private mutating func place(_ arrows: [(from: Int, to: Int)]) {
        let widths = layers.map { layer in
            layer.reduce(0) { $0 + places[$1].width } + Double(max(0, layer.count - 1)) * Self.gap.x
        }
        let widest = widths.max() ?? 0
        var y = Self.margin
        for (layer, total) in zip(layers, widths) {
            var x = Self.margin + (widest - total) / 2
            let tallest = layer.map { places[$0].height }.max() ?? 0
            for box in layer {
                places[box].x = x
                places[box].y = y + (tallest - places[box].height) / 2
                x += places[box].width + Self.gap.x
            }
            y += tallest + Self.gap.y
        }
        // Room at the right for arrows that go back.
        width = widest + 2 * Self.margin + 60
        height = y - Self.gap.y + Self.margin
    }

    /// A text in lines.
    static func wrapped(_ text: String) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ") {
            var word = word
            while word.count > lineLength {
                if !line.isEmpty { lines.append(line) }
                lines.append(String(word.prefix(lineLength)))
                line = ""
                word = word.dropFirst(lineLength)
            }
            if line.isEmpty {
                line = String(word)
            } else if line.count + 1 + word.count <= lineLength {
                line += " " + word
            } else {
                lines.append(line)
                line = String(word)
            }
        }
        return line.isEmpty ? (lines.isEmpty ? [""] : lines) : lines + [line]
    }
}
