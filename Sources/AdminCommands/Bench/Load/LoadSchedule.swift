package import NIOCore

/// When the requests of an open loop are meant to start: one after the other at equal distances, whatever the server does.
///
/// Latencies count from these moments and not from when a request was sent: else a server that stalls would keep the
/// generator from asking, and only one request would have seen the stall.
package struct LoadSchedule: Sendable {
  private static let nanosecondsPerSecond: UInt64 = 1_000_000_000

  private let perSecond: UInt64
  private let start: NIODeadline
  private let end: NIODeadline
  private var taken: UInt64 = 0

  /// `perSecond` requests a second (at least 1), from `start` until before `end`.
  package init(perSecond: Int, start: NIODeadline, end: NIODeadline) {
    self.perSecond = UInt64(max(1, perSecond))
    self.start = start
    self.end = end
  }

  /// When the next request is meant to start; nil when there is none left.
  package var next: NIODeadline? {
    // Counted from the start each time, so that no rounding adds up.
    let moment = start + .nanoseconds(Int64(taken * Self.nanosecondsPerSecond / perSecond))
    return moment < end ? moment : nil
  }

  /// Takes the next request that is due at `now`; nil when none is.
  package mutating func takeDue(at now: NIODeadline) -> NIODeadline? {
    guard let next, next <= now else { return nil }
    taken += 1
    return next
  }
}
