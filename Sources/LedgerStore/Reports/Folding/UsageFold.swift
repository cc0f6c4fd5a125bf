import Ledger

/// Folds lines of a log into the parts of a report that no rollup can tell. Whose edit a line tells of stands in the line
/// that held it, or in the edit's record; those that are not among the folded lines are asked for at the end.
struct UsageFold: Sendable {
  /// What a line books for an edit of which it is not known yet whose it is.
  struct Waiting: Sendable {
    var bucket: Int
    var record: RecordID
    /// The index of the line that held the edit.
    var hold: Int64
    var counts: UsageCounts
  }

  /// Ascending, none within another.
  private let parts: [SpanCover.Part]
  private let selection: UsageSelection
  private var labels: [RecordID: EditLabels] = [:]
  private var sums: [Int: [UsageGroup: UsageCounts]] = [:]
  private(set) var waiting: [Waiting] = []

  /// A fold of what lies in `parts`.
  init(_ parts: [SpanCover.Part], _ selection: UsageSelection) {
    self.parts = parts.sorted { $0.start < $1.start }
    self.selection = selection
  }

  /// Takes in one line.
  mutating func take(_ event: Event, at moment: Timestamp) {
    switch event {
    case .held(let held): labels[held.record] = EditLabels(held)
    case .refused(let refused): labels[refused.record] = EditLabels(refused)
    default: break
    }
    guard let counts = UsageCounts(event), !counts.isEmpty, let record = event.record,
      let bucket = bucket(of: moment)
    else { return }
    if let edit = labels[record] {
      add(counts, of: edit, to: bucket)
    } else {
      waiting.append(Waiting(bucket: bucket, record: record, hold: event.hold ?? 0, counts: counts))
    }
  }

  /// Learns whose edits these are.
  mutating func learn(_ known: [RecordID: EditLabels]) {
    var rest: [Waiting] = []
    for entry in waiting {
      if let edit = known[entry.record] {
        add(entry.counts, of: edit, to: entry.bucket)
      } else {
        rest.append(entry)
      }
    }
    waiting = rest
  }

  /// What was folded, by bucket and group.
  var buckets: [Int: [UsageGroup: UsageCounts]] { sums }

  private mutating func add(_ counts: UsageCounts, of edit: EditLabels, to bucket: Int) {
    guard let group = selection.group(of: edit) else { return }
    sums[bucket, default: [:]][group, default: UsageCounts()] += counts
  }

  private func bucket(of moment: Timestamp) -> Int? {
    var (low, high) = (0, parts.count)
    while low < high {
      let middle = (low + high) / 2
      if parts[middle].start <= moment { low = middle + 1 } else { high = middle }
    }
    guard low > 0, moment < parts[low - 1].end else { return nil }
    return parts[low - 1].bucket
  }
}
