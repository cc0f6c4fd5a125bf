package import Ledger

/// A stretch of time of which a team's usage is kept summed up: a day or a month of its zone, made once it is over. It is
/// named by its bounds alone, so that one that was made before the team changed its zone stays good.
package struct UsageSpan: Hashable, Sendable {
  /// Its first moment, a whole quarter of an hour.
  package var start: Timestamp
  /// The first moment behind it, a whole quarter of an hour.
  package var end: Timestamp

  /// The span from `start` up to `end`.
  package init(start: Timestamp, end: Timestamp) {
    self.start = start
    self.end = end
  }

  /// Its length in microseconds.
  package var length: Int64 { end.microseconds - start.microseconds }
}

extension UsageKey {
  /// The first whole quarter of an hour that is not before `moment`.
  package static func bucketStart(notBefore moment: Timestamp) -> Timestamp {
    let start = bucketStart(of: moment)
    return start == moment ? start : end(ofBucketAt: moment)
  }

  /// The first moment behind the bucket in which `moment` lies.
  package static func end(ofBucketAt moment: Timestamp) -> Timestamp {
    Timestamp(microseconds: bucketStart(of: moment).microseconds + bucketMicroseconds)
  }
}
