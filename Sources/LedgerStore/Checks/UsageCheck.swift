import Ledger

/// Recomputes the usage buckets from the lines. A bucket is closed once a line lies behind it: it never changes again and
/// can be compared.
struct UsageCheck: Sendable {
  private let team: TeamID
  /// What the lines say of buckets that were not compared yet.
  private var expected: [UsageKey: UsageCounts] = [:]
  /// First moment that was not compared yet.
  private(set) var comparedUpTo = Timestamp.epoch
  /// The bucket of the last line: it may still grow.
  private(set) var running = Timestamp.epoch
  /// Buckets in which something was credited of which nobody knows of what edit.
  private var unknownCredits: Set<Timestamp> = []

  /// Buckets of `team` of which no line was read.
  init(team: TeamID) {
    self.team = team
  }

  /// Begins behind a line below which lines were pruned, or stand in a log that was replaced: the bucket in which it lies
  /// is not known whole.
  mutating func begin(after moment: Timestamp) {
    begin(from: Timestamp(microseconds: moment.microseconds + UsageKey.bucketMicroseconds))
  }

  /// Begins at the bucket in which a moment lies: those before were removed, or are being.
  mutating func begin(from moment: Timestamp) {
    comparedUpTo = max(comparedUpTo, UsageKey.bucketStart(of: moment))
  }

  /// Leaves out what was credited in the bucket of a moment: of an edit of which nothing else is known.
  mutating func leaveOutCredits(at moment: Timestamp) {
    unknownCredits.insert(UsageKey.bucketStart(of: moment))
  }

  /// Whether closed buckets wait for their comparison.
  var hasClosed: Bool { comparedUpTo < running }

  /// Takes in what a line says of an edit with these options.
  mutating func take(_ event: Event, at moment: Timestamp, of edit: EditLabels) {
    let start = UsageKey.bucketStart(of: moment)
    running = max(running, start)
    guard start >= comparedUpTo else { return }
    let key = UsageKey(
      team: team, bucketStart: start, member: edit.member, key: edit.key, model: edit.options.model,
      quality: edit.options.quality, size: edit.options.size)
    if let counts = UsageCounts(event) { expected[key, default: UsageCounts()] += counts }
  }

  /// Compares the buckets before `end` with their rows: all rows from `comparedUpTo` up to `end`.
  mutating func compare(_ rows: [CheckedUsage], upTo end: Timestamp, _ violations: inout ViolationList) {
    for row in rows where row.key.bucketStart >= comparedUpTo {
      var fields = FieldComparison()
      var counts = expected.removeValue(forKey: row.key) ?? UsageCounts()
      if unknownCredits.contains(row.key.bucketStart) {
        counts.credited = row.counts.credited
      }
      fields.compare(row.counts, counts)
      if let message = fields.message { violations.add(.usageMatchesLog, row.key.subject, message) }
    }
    let missing = expected.filter { $0.key.bucketStart < end && $0.value != UsageCounts() }
    for key in missing.keys.sorted(by: { $0.subject < $1.subject }) {
      violations.add(.usageMatchesLog, key.subject, "the row is missing")
    }
    expected = expected.filter { $0.key.bucketStart >= end }
    comparedUpTo = end
  }
}

extension UsageKey {
  /// Its name in a violation.
  var subject: String { "usage_bucket \(bucketStart) \(member) \(key) \(model) \(quality) \(size)" }
}
