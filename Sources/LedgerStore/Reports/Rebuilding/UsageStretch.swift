import Ledger

/// A stretch of whole quarters of an hour that is rebuilt at once, with its lines.
struct UsageStretch: Sendable, Hashable {
  /// Lines of one stretch that has more than one quarter.
  static let linesMaximum: Int64 = 20_000
  /// Quarters of one stretch: a month of them.
  static let quartersMaximum: Int64 = 2_976

  var start: Timestamp
  var end: Timestamp
  /// Index of its first line.
  var from: Int64
  /// Index behind its last line.
  var to: Int64

  /// How many quarters it has.
  var quarters: Int64 { (end.microseconds - start.microseconds) / UsageKey.bucketMicroseconds }

  /// Where it is to be cut in two; nil: it is small enough.
  var middle: Timestamp? {
    guard quarters > 1, to - from > Self.linesMaximum || quarters > Self.quartersMaximum else { return nil }
    return Timestamp(microseconds: start.microseconds + quarters / 2 * UsageKey.bucketMicroseconds)
  }

  /// Its quarters, each as a part of its own.
  var parts: [SpanCover.Part] {
    (0..<quarters).map { number in
      let start = Timestamp(microseconds: self.start.microseconds + number * UsageKey.bucketMicroseconds)
      return SpanCover.Part(bucket: Int(number), start: start, end: UsageKey.end(ofBucketAt: start))
    }
  }
}

/// The rows of usage of a stretch against what the lines say.
struct UsageCorrection: Sendable {
  /// Rows that are not there.
  private(set) var missing: [UsageKey: UsageCounts] = [:]
  /// What is to be added to rows that are there; much of it may be negative.
  private(set) var wrong: [UsageKey: UsageCounts] = [:]

  /// How many rows were not what they should have been.
  var count: Int64 { Int64(missing.count + wrong.count) }

  /// Compares the rows of a stretch that begins at the fold's first part.
  init(_ rows: [CheckedUsage], _ fold: UsageFold, of stretch: UsageStretch, team: TeamID) {
    var expected: [UsageKey: UsageCounts] = [:]
    for (bucket, groups) in fold.buckets {
      let start = stretch.start.microseconds + Int64(bucket) * UsageKey.bucketMicroseconds
      for (group, counts) in groups {
        guard let member = group.member, let key = group.key, let model = group.model, let quality = group.quality,
          let size = group.size
        else { continue }
        let name = UsageKey(
          team: team, bucketStart: Timestamp(microseconds: start), member: member, key: key, model: model,
          quality: quality, size: size)
        expected[name] = counts
      }
    }
    for row in rows {
      var difference = expected.removeValue(forKey: row.key) ?? UsageCounts()
      difference -= row.counts
      if !difference.isEmpty { wrong[row.key] = difference }
    }
    missing = expected.filter { !$0.value.isEmpty }
  }
}
