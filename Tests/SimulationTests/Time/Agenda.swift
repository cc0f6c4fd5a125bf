/// What is going to happen, the earliest first; what happens at the same moment keeps the order in which it was entered.
struct Agenda {
  private struct Entry {
    var moment: Duration
    var number: UInt64
    var action: () -> Void

    func precedes(_ other: Entry) -> Bool {
      moment != other.moment ? moment < other.moment : number < other.number
    }
  }

  /// A binary heap.
  private var entries: [Entry] = []
  private var entered: UInt64 = 0

  var isEmpty: Bool { entries.isEmpty }

  /// When the next thing happens.
  var nextMoment: Duration? { entries.first?.moment }

  mutating func enter(at moment: Duration, _ action: @escaping () -> Void) {
    entries.append(Entry(moment: moment, number: entered, action: action))
    entered += 1
    var child = entries.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard entries[child].precedes(entries[parent]) else { return }
      entries.swapAt(child, parent)
      child = parent
    }
  }

  /// Takes out what happens next.
  mutating func takeNext() -> (moment: Duration, action: () -> Void)? {
    guard let first = entries.first else { return nil }
    let last = entries.removeLast()
    if !entries.isEmpty {
      entries[0] = last
      sink()
    }
    return (first.moment, first.action)
  }

  private mutating func sink() {
    var parent = 0
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < entries.count {
        if entries[child].precedes(entries[least]) { least = child }
      }
      guard least != parent else { return }
      entries.swapAt(parent, least)
      parent = least
    }
  }
}
