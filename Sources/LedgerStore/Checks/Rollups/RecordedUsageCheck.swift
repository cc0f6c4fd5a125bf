import Ledger

/// What one record books: what its usage bucket must have.
struct BookedRecord: Sendable {
  var record: RecordID
  /// When it was resolved or refused; nil: it is open.
  var bookedAt: Timestamp?
  var labels: EditLabels
  var state: String
  var charged: Int64
  /// What was given back of it, whenever that was.
  var credited: Int64
}

/// Compares usage buckets with the records themselves, a stretch of time after the other, so that its memory is bounded.
///
/// Only buckets that are closed are compared: what their records say of settling, releasing and refusing never changes
/// again, so they can be read while edits go on. When credits were given back no record says, so those are compared over all
/// time: at least what the closed buckets have, at most what all buckets have that are read later. How many results came no
/// record tells for good: that is compared with the lines alone.
struct RecordedUsageCheck: Sendable {
  private let team: TeamID
  /// What was booked before was removed, or is being; nil: nothing was.
  private let removed: Timestamp?
  /// Buckets of the running stretch: what they have less what the records say.
  private var differences: [UsageKey: UsageCounts] = [:]
  private var start = Timestamp.epoch
  private var end = Timestamp.epoch
  private var missing: Set<UsageKey> = []
  /// By edits' labels, as a key without a time: what buckets and records say was given back.
  private var credits: [UsageKey: (closed: Int64, all: Int64, records: Int64)] = [:]

  /// Buckets of `team`, of which nothing was read.
  init(team: TeamID, since removed: Timestamp?) {
    self.team = team
    self.removed = removed
  }

  /// Begins a stretch with the rows of all its buckets.
  mutating func begin(_ rows: [CheckedUsage], from start: Timestamp, to end: Timestamp) {
    (self.start, self.end) = (start, end)
    missing = []
    differences = Dictionary(rows.map { ($0.key, $0.counts) }) { first, _ in first }
    for row in rows {
      credits[row.key.labels, default: (0, 0, 0)].closed += row.counts.credited
      credits[row.key.labels, default: (0, 0, 0)].all += row.counts.credited
    }
  }

  /// Takes in records: each of the team's once for each stretch.
  /// - Parameter isFirst: whether this is the first stretch, in which credits are added up.
  mutating func take(_ records: [BookedRecord], isFirst: Bool) {
    for record in records {
      // One that is asked for stays longer than its bucket.
      if let moment = record.bookedAt, let removed, moment < removed { continue }
      if isFirst, record.credited > 0 {
        credits[key(record.labels, .epoch), default: (0, 0, 0)].records += record.credited
      }
      guard let moment = record.bookedAt, moment >= start, moment < end else { continue }
      let key = key(record.labels, UsageKey.bucketStart(of: moment))
      if differences[key] == nil { missing.insert(key) }
      switch record.state {
      case EditState.settled.rawValue:
        differences[key, default: UsageCounts()].settled -= 1
        differences[key, default: UsageCounts()].charged -= record.charged
      case EditState.released.rawValue: differences[key, default: UsageCounts()].released -= 1
      case EditState.refused.rawValue: differences[key, default: UsageCounts()].refused -= 1
      default: break
      }
    }
  }

  /// Judges the stretch.
  mutating func endStretch(_ violations: inout ViolationList) {
    for key in missing.sorted(by: { $0.subject < $1.subject }) {
      violations.add(.usageMatchesRecords, key.subject, "the row is missing, and records were booked in it")
    }
    for (key, rest) in differences.sorted(by: { $0.key.subject < $1.key.subject }) where !missing.contains(key) {
      let parts = [
        ("settled", rest.settled), ("released", rest.released), ("refused", rest.refused), ("charged", rest.charged),
      ].filter { $0.1 != 0 }
      guard !parts.isEmpty else { continue }
      let text = parts.map { "\($0.0) is \(abs($0.1)) too \($0.1 > 0 ? "high" : "low")" }.joined(separator: "; ")
      violations.add(.usageMatchesRecords, key.subject, "\(text), by the records")
    }
    differences = [:]
  }

  /// Judges credits, after the last stretch.
  /// - Parameter later: the buckets that are not closed, read after the records.
  mutating func finish(_ later: [CheckedUsage], _ violations: inout ViolationList) {
    // Buckets also tell of credits to records that were removed since.
    let isWhole = removed == nil
    for row in later { credits[row.key.labels, default: (0, 0, 0)].all += row.counts.credited }
    for (key, sums) in credits.sorted(by: { $0.key.subject < $1.key.subject }) {
      guard sums.records > sums.all || (isWhole && sums.records < sums.closed) else { continue }
      violations.add(
        .usageMatchesRecords,
        "usage_bucket of all time \(key.member) \(key.key) \(key.model) \(key.quality) \(key.size)",
        "credited is \(sums.all), by the records \(sums.records)")
    }
  }

  private func key(_ labels: EditLabels, _ start: Timestamp) -> UsageKey {
    UsageKey(
      team: team, bucketStart: start, member: labels.member, key: labels.key, model: labels.options.model,
      quality: labels.options.quality, size: labels.options.size)
  }
}

extension UsageKey {
  /// The same without its time.
  fileprivate var labels: UsageKey {
    var key = self
    key.bucketStart = .epoch
    return key
  }
}
