import NIOCore

/// What the requests of a load came to. Only those count that were meant to start within the measured time.
struct LoadCounts: Sendable {
  /// Requests that were meant to start.
  var intended = 0
  /// Requests that were answered with 200.
  var done = 0
  /// How long those took, from when they were meant to start.
  var latency = LatencyHistogram()
  /// All others, by their kind.
  var errors: [String: Int] = [:]
  /// Requests that were never sent because too many were outstanding.
  var dropped = 0
  /// Processor time of this process at the start and the end of the measured time.
  var processor = (start: ProcessorTime.now(), end: ProcessorTime.now())

  /// Requests that failed.
  var failed: Int { errors.values.reduce(0, +) }

  /// Counts how one ended.
  mutating func count(_ outcome: LoadOutcome, after latency: TimeAmount) {
    guard let kind = outcome.errorKind else {
      done += 1
      self.latency.record(.nanoseconds(latency.nanoseconds))
      return
    }
    errors[kind, default: 0] += 1
  }
}
