/// What will happen at which time, earliest first; what is due at the same time happens in the order in which it was planned.
struct Agenda {
    enum Item {
        case wake(Int)
        case happen(() -> Void)
    }

    private struct Entry {
        var at: Int64
        var number: Int
        var item: Item

        func isBefore(_ other: Entry) -> Bool { (at, number) < (other.at, other.number) }
    }

    private var heap: [Entry] = []
    private var next = 0

    var isEmpty: Bool { heap.isEmpty }

    mutating func plan(_ item: Item, at instant: Int64) {
        heap.append(Entry(at: instant, number: next, item: item))
        next += 1
        var child = heap.count - 1
        while child > 0, heap[child].isBefore(heap[(child - 1) / 2]) {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    mutating func takeFirst() -> (at: Int64, item: Item)? {
        guard let first = heap.first, let last = heap.popLast() else { return nil }
        guard !heap.isEmpty else { return (first.at, first.item) }
        heap[0] = last
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count {
                if heap[child].isBefore(heap[least]) { least = child }
            }
            guard least != parent else { break }
            heap.swapAt(parent, least)
            parent = least
        }
        return (first.at, first.item)
    }

    mutating func clear() { heap = [] }
}
