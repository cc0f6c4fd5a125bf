package import Ledger

/// What the buckets of a report are put together from: the largest spans that lie wholly within each, then whole quarters of
/// an hour, then what only the log's lines can tell. Every moment of a bucket is in exactly one of its parts.
package struct SpanCover: Hashable, Sendable {
  /// A stretch of time that belongs to one bucket.
  package struct Part: Hashable, Sendable {
    /// The bucket's position in the request.
    package var bucket: Int
    package var start: Timestamp
    package var end: Timestamp

    /// The stretch from `start` up to `end`.
    package init(bucket: Int, start: Timestamp, end: Timestamp) {
      self.bucket = bucket
      self.start = start
      self.end = end
    }
  }

  /// Whole spans.
  package private(set) var spans: [Part] = []
  /// Stretches of whole quarters of an hour.
  package private(set) var quarters: [Part] = []
  /// Stretches that begin or end within a quarter of an hour, each within one.
  package private(set) var ragged: [Part] = []

  /// A cover of nothing.
  init() {}

  /// Covers buckets.
  /// - Parameters:
  ///   - bounds: one moment more than there are buckets, ascending.
  ///   - known: spans of which the sums are there; they may overlap.
  ///   - first: usage from before it was removed: of that there is nothing, and it is not folded again.
  ///   - last: time of the last line that counts. Its quarter of an hour may not be over, so no span reaches into it, and
  ///     of what comes behind it there is nothing.
  package init(bounds: [Timestamp], known: [UsageSpan], first: Timestamp = .epoch, last: Timestamp) {
    let running = UsageKey.bucketStart(of: last)
    let end = UsageKey.end(ofBucketAt: last)
    let known = known.filter { $0.end <= running }.sorted { $0.start < $1.start }
    for bucket in bounds.indices.dropLast() {
      let (start, stop) = (max(bounds[bucket], first), min(bounds[bucket + 1], end))
      if start < stop { add(bucket, from: start, to: stop, known) }
    }
  }

  /// Covers one more bucket.
  /// - Parameter known: spans in the order of their starts.
  mutating func add(_ bucket: Int, from start: Timestamp, to end: Timestamp, _ known: [UsageSpan]) {
    let first = known.partitioningIndex { $0.start >= start }
    let behind = known.partitioningIndex { $0.start >= end }
    let within = known[first..<max(first, behind)].filter { $0.end <= end }
    var chosen: [UsageSpan] = []
    for span in within.sorted(by: { ($1.length, $0.start) < ($0.length, $1.start) }) {
      let place = chosen.partitioningIndex { $0.start >= span.start }
      let isFree =
        (place == 0 || chosen[place - 1].end <= span.start)
        && (place == chosen.count || span.end <= chosen[place].start)
      if isFree { chosen.insert(span, at: place) }
    }
    var position = start
    for span in chosen {
      addGap(bucket, from: position, to: span.start)
      spans.append(Part(bucket: bucket, start: span.start, end: span.end))
      position = span.end
    }
    addGap(bucket, from: position, to: end)
  }

  private mutating func addGap(_ bucket: Int, from start: Timestamp, to end: Timestamp) {
    guard start < end else { return }
    let first = UsageKey.bucketStart(notBefore: start)
    let last = UsageKey.bucketStart(of: end)
    guard first <= last else { return ragged.append(Part(bucket: bucket, start: start, end: end)) }
    if start < first { ragged.append(Part(bucket: bucket, start: start, end: first)) }
    if first < last { quarters.append(Part(bucket: bucket, start: first, end: last)) }
    if last < end { ragged.append(Part(bucket: bucket, start: last, end: end)) }
  }

  /// The bucket of which the quarter of an hour at `moment` is a whole part; nil: of none.
  package func bucketOfQuarter(at moment: Timestamp) -> Int? {
    quarters.last { $0.start <= moment && moment < $0.end }?.bucket
  }
}

extension Array {
  /// The first index from which on `isBehind` is true, which it is of no element before.
  fileprivate func partitioningIndex(_ isBehind: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if isBehind(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
