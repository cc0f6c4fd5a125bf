package import Ledger

/// Finds the first lines of a log that are not older than some moments, by looking at a few lines at a time: it says which
/// ones, and is told their times. Times never decrease within a log.
package struct LineSearch: Sendable {
  /// The most lines that are looked at in one round.
  package static let linesPerRound = 256

  /// What is known of one moment: the line lies from `low` up to `high`.
  private struct Gap {
    let moment: Timestamp
    var low: Int64
    var high: Int64
  }

  private var gaps: [Gap]

  /// A search among the lines from `first` up to `end`.
  package init(_ moments: [Timestamp], from first: Int64, to end: Int64) {
    gaps = moments.map { Gap(moment: $0, low: first, high: max(first, end)) }
  }

  /// The lines to look at next, ascending; none: everything is found.
  package var probes: [Int64] {
    let open = Dictionary(gaps.filter { $0.low < $0.high }.map { ($0.low, $0.high) }, uniquingKeysWith: max)
    guard !open.isEmpty else { return [] }
    let each = Int64(max(1, Self.linesPerRound / open.count))
    var probes: Set<Int64> = []
    for (low, high) in open.sorted(by: { $0.key < $1.key }).prefix(Self.linesPerRound) {
      let count = high - low
      let parts = min(each, count)
      for part in 1...parts {
        let (whole, rest) = count.quotientAndRemainder(dividingBy: parts + 1)
        probes.insert(min(high - 1, low + whole * part + rest * part / (parts + 1)))
      }
    }
    return probes.sorted()
  }

  /// Takes in the time of the line at an index.
  package mutating func take(_ index: Int64, at moment: Timestamp) {
    for position in gaps.indices where gaps[position].low <= index && index < gaps[position].high {
      if moment >= gaps[position].moment { gaps[position].high = index } else { gaps[position].low = index + 1 }
    }
  }

  /// For each moment the index of the first line that is not older, or the end; once there are no probes any more.
  package var found: [Int64] { gaps.map(\.low) }
}
