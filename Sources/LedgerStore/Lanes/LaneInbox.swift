import Synchronization

/// What callers bring to a lane. They leave it here without a turn of the lane's actor for each, so that hundreds of them
/// cost the lane one.
final class LaneInbox: Sendable {
  /// One command with whoever waits for its answer.
  struct Item: Sendable {
    var command: LaneCommand
    /// When the caller stops waiting.
    var deadline: ContinuousClock.Instant
    /// Told once, by the lane.
    var caller: CheckedContinuation<Result<LaneAnswer, StoreError>, Never>
  }

  private let items = Mutex<[Item]>([])

  /// Leaves an item.
  /// - Returns: whether the lane must be told: nothing was there before, so nobody else has told it.
  func add(_ item: Item) -> Bool {
    items.withLock { items in
      items.append(item)
      return items.count == 1
    }
  }

  /// Everything that was left since the last time, in its order.
  func takeAll() -> [Item] {
    items.withLock { items in
      var taken: [Item] = []
      swap(&taken, &items)
      return taken
    }
  }
}
