/// What lanes have done so far: for benchmarks and tests.
package struct LaneStatistics: Sendable, Hashable {
  /// Round trips sent, over all connections.
  package var roundTrips = 0
  /// Batches begun, each try of one counted.
  package var batches = 0
  /// Commands in these batches.
  package var commands = 0
  /// Commands of the largest batch.
  package var largestBatch = 0

  /// Counts a batch of so many commands.
  mutating func countBatch(_ size: Int) {
    batches += 1
    commands += size
    largestBatch = max(largestBatch, size)
  }

  /// Adds what another lane did.
  mutating func add(_ other: LaneStatistics) {
    roundTrips += other.roundTrips
    batches += other.batches
    commands += other.commands
    largestBatch = max(largestBatch, other.largestBatch)
  }
}
