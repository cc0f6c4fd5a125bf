import DequeModule

/// Keeps the newest entries within a number and a weight, and drops the oldest beyond them: the sandbox's memory stays
/// the same whether it served a hundred edits or a million.
package struct BoundedStore<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  private struct Entry {
    var value: Value
    var weight: Int
  }

  private let maximumCount: Int
  private let maximumWeight: Int
  private var entries: [Key: Entry] = [:]
  private var order = Deque<Key>()
  /// The weights of all entries together, in the unit that the caller chose (bytes here).
  package private(set) var weight = 0

  /// An empty store.
  ///
  /// - Parameters:
  ///   - maximumCount: the most entries.
  ///   - maximumWeight: the most that all entries together may weigh.
  package init(maximumCount: Int, maximumWeight: Int) {
    self.maximumCount = maximumCount
    self.maximumWeight = maximumWeight
  }

  /// The number of entries.
  package var count: Int { entries.count }

  /// The value under a key, where it is still kept.
  package subscript(key: Key) -> Value? { entries[key]?.value }

  /// Enters a value, and drops the oldest ones while there are too many. A key that is there already keeps its place.
  /// What alone is heavier than all may be is not entered.
  package mutating func insert(_ value: Value, for key: Key, weight newWeight: Int) {
    guard newWeight <= maximumWeight, maximumCount > 0 else { return }
    if let old = entries.updateValue(Entry(value: value, weight: newWeight), forKey: key) {
      weight -= old.weight
    } else {
      order.append(key)
    }
    weight += newWeight
    while entries.count > maximumCount || weight > maximumWeight, let oldest = order.popFirst() {
      if let dropped = entries.removeValue(forKey: oldest) { weight -= dropped.weight }
    }
  }
}
