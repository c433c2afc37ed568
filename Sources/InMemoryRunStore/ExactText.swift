/// Text that is compared and sorted by its code points, as databases do; Swift's own order unites composed and decomposed forms.
struct ExactText: Hashable, Comparable, Sendable {
    let text: String

    init(_ text: String) { self.text = text }

    static func == (left: ExactText, right: ExactText) -> Bool { left.text.utf8.elementsEqual(right.text.utf8) }

    static func < (left: ExactText, right: ExactText) -> Bool {
        left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }

    func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}

extension Array where Element: Comparable {
    /// The position of the first element that is not less than `element`, in an array that is sorted.
    func position(of element: Element) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if self[middle] < element { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Puts `element` into its place, unless it is there.
    mutating func insertSorted(_ element: Element) {
        let position = position(of: element)
        if position < count, self[position] == element { return }
        insert(element, at: position)
    }

    /// Takes `element` out of a sorted array.
    mutating func removeSorted(_ element: Element) {
        let position = position(of: element)
        if position < count, self[position] == element { remove(at: position) }
    }
}
