import CoreMetrics
import Synchronization

/// A number that only grows.
package final class CounterSeries: CounterHandler {
  private let value = Atomic<Int64>(0)

  /// Adds `amount`; what does not fit stays at the end of the range.
  package func increment(by amount: Int64) {
    var current = value.load(ordering: .relaxed)
    while true {
      let (sum, overflow) = current.addingReportingOverflow(amount)
      let wanted = overflow ? Int64.max : sum
      let (exchanged, original) = value.compareExchange(expected: current, desired: wanted, ordering: .relaxed)
      if exchanged { return }
      current = original
    }
  }

  /// Starts again from zero.
  package func reset() {
    value.store(0, ordering: .relaxed)
  }

  /// The number.
  var current: Int64 { value.load(ordering: .relaxed) }
}

/// A number that goes up and down.
package final class GaugeSeries: MeterHandler, RecorderHandler {
  private let value = Mutex(0.0)

  /// Sets it.
  package func set(_ value: Int64) { set(Double(value)) }
  /// Sets it.
  package func set(_ value: Double) { self.value.withLock { $0 = value } }
  /// Raises it.
  package func increment(by amount: Double) { value.withLock { $0 += amount } }
  /// Lowers it.
  package func decrement(by amount: Double) { value.withLock { $0 -= amount } }
  /// Sets it: a recorder that does not aggregate shows what came last.
  package func record(_ value: Int64) { set(Double(value)) }
  /// Sets it: a recorder that does not aggregate shows what came last.
  package func record(_ value: Double) { set(value) }

  /// The number.
  var current: Double { value.withLock { $0 } }
}

/// How values are spread, in fixed buckets.
package final class HistogramSeries: TimerHandler, RecorderHandler {
  /// A reading of it.
  struct Reading: Sendable {
    /// How many values fell into each bucket, the last being above all bounds; not summed up.
    var counts: [Int64]
    /// The sum of all values.
    var sum: Double
  }

  /// Upper bounds of the buckets of a timer, in seconds: from a cached answer to the provider's own time-out.
  static let secondsBounds: [Double] = [
    0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300,
  ]
  /// Upper bounds of the buckets of plain numbers, such as the sizes of batches.
  static let numberBounds: [Double] = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024, 4_096, 16_384, 65_536]

  let bounds: [Double]
  private let state: Mutex<Reading>

  /// An empty histogram of these buckets.
  init(bounds: [Double]) {
    self.bounds = bounds
    state = Mutex(Reading(counts: [Int64](repeating: 0, count: bounds.count + 1), sum: 0))
  }

  /// Notes a time.
  package func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }
  /// Notes a number.
  package func record(_ value: Int64) { record(Double(value)) }
  /// Notes a number.
  package func record(_ value: Double) {
    let position = bounds.firstIndex { value <= $0 } ?? bounds.count
    state.withLock { state in
      state.counts[position] += 1
      state.sum += value
    }
  }

  /// What it holds now.
  var current: Reading { state.withLock { $0 } }
}
