import Synchronization

/// Counts from 1.
final class Counted: Sendable {
  private let count = Mutex(0)

  /// The next number.
  func next() -> Int {
    count.withLock { count in
      count += 1
      return count
    }
  }
}
