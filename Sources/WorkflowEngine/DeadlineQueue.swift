import WorkflowModel

/// Times in their order, each with a number; of equal times the one that was added first comes first. What is removed stays inside, unseen,
/// until it is at the front or most of what is inside is such.
struct DeadlineQueue<Item> {
    private struct Place {
        var due: Timestamp
        var number: Int

        static func < (left: Place, right: Place) -> Bool { (left.due, left.number) < (right.due, right.number) }
    }

    /// A binary heap: the earliest is first, and no place is earlier than the one at half its index.
    private var heap: [Place] = []
    private var items: [Int: Item] = [:]
    private var last = 0

    var isEmpty: Bool { items.isEmpty }

    /// The earliest time.
    var earliest: Timestamp? { heap.first?.due }

    /// Adds an item; gives the number by which it can be removed.
    mutating func add(_ item: Item, due: Timestamp) -> Int {
        last += 1
        items[last] = item
        heap.append(Place(due: due, number: last))
        rise(from: heap.count - 1)
        return last
    }

    mutating func remove(_ number: Int) {
        guard items.removeValue(forKey: number) != nil else { return }
        if heap.count > 64, heap.count > 2 * items.count {
            heap.removeAll { items[$0.number] == nil }
            // A sorted list is a heap.
            heap.sort(by: <)
        }
        dropRemoved()
    }

    /// Takes out the earliest item when it is due at `now` or before.
    mutating func next(dueBy now: Timestamp) -> Item? {
        guard let first = heap.first, first.due <= now else { return nil }
        dropFirst()
        let item = items.removeValue(forKey: first.number)
        dropRemoved()
        return item
    }

    private mutating func dropRemoved() {
        while let first = heap.first, items[first.number] == nil { dropFirst() }
    }

    private mutating func dropFirst() {
        let last = heap.removeLast()
        guard !heap.isEmpty else { return }
        heap[0] = last
        sink()
    }

    private mutating func rise(from start: Int) {
        var index = start
        while index > 0, heap[index] < heap[(index - 1) / 2] {
            heap.swapAt(index, (index - 1) / 2)
            index = (index - 1) / 2
        }
    }

    private mutating func sink() {
        var index = 0
        while true {
            var least = index
            for child in [2 * index + 1, 2 * index + 2] where child < heap.count && heap[child] < heap[least] {
                least = child
            }
            guard least != index else { return }
            heap.swapAt(index, least)
            index = least
        }
    }
}
