import Ledger

/// Adds up what rollups and lines say of groups in buckets, to a report.
package struct UsageSums: Sendable {
  private struct Entry {
    var bucket: Int32
    var group: Int32
    var counts: UsageCounts
  }

  private var groups: [UsageGroup] = []
  private var places: [UsageGroup: Int32] = [:]
  private var entries: [Entry] = []
  private let bucketCount: Int

  /// Nothing yet, in so many buckets.
  package init(buckets: Int) { bucketCount = buckets }

  /// Adds rows of rollups.
  mutating func add(_ rows: UsageRows) {
    let places = rows.groups.map { place(of: $0) }
    entries.reserveCapacity(entries.count + rows.buckets.count)
    for row in rows.buckets.indices {
      entries.append(
        Entry(
          bucket: Int32(truncatingIfNeeded: rows.buckets[row]), group: places[Int(rows.places[row])],
          counts: rows.counts(at: row)))
    }
  }

  /// Adds groups of one bucket, or takes them off.
  package mutating func add(_ groups: [UsageGroup: UsageCounts], to bucket: Int, takingOff: Bool = false) {
    for (group, counts) in groups {
      var entry = Entry(bucket: Int32(truncatingIfNeeded: bucket), group: place(of: group), counts: counts)
      if takingOff {
        entry.counts = UsageCounts()
        entry.counts -= counts
      }
      entries.append(entry)
    }
  }

  /// What it all comes to. Groups of which nothing is left in a bucket are not in it.
  package func report(asOf: UsagePosition) -> UsageReport {
    // Where each group stands among the cells of the bucket that is at work.
    var standing = [Int32](repeating: -1, count: groups.count)
    let cells = byBucket.map { entries in
      var cells: [UsageReport.Cell] = []
      cells.reserveCapacity(entries.count)
      for position in entries {
        let entry = self.entries[Int(position)]
        let place = Int(standing[Int(entry.group)])
        if place >= 0 {
          cells[place].counts += entry.counts
        } else {
          standing[Int(entry.group)] = Int32(cells.count)
          cells.append(UsageReport.Cell(group: Int(entry.group), counts: entry.counts))
        }
      }
      for cell in cells { standing[cell.group] = -1 }
      if cells.contains(where: \.counts.isEmpty) { cells.removeAll(where: \.counts.isEmpty) }
      return cells
    }
    return UsageReport(asOf: asOf, groups: groups, cells: cells)
  }

  /// The positions of the entries of each bucket.
  private var byBucket: [ArraySlice<Int32>] {
    var ends = [Int](repeating: 0, count: bucketCount + 1)
    for entry in entries { ends[Int(entry.bucket) + 1] += 1 }
    for bucket in 0..<bucketCount { ends[bucket + 1] += ends[bucket] }
    let starts = ends
    var positions = [Int32](repeating: 0, count: entries.count)
    for (position, entry) in entries.enumerated() {
      positions[ends[Int(entry.bucket)]] = Int32(position)
      ends[Int(entry.bucket)] += 1
    }
    return (0..<bucketCount).map { positions[starts[$0]..<starts[$0 + 1]] }
  }

  private mutating func place(of group: UsageGroup) -> Int32 {
    if let place = places[group] { return place }
    let place = Int32(groups.count)
    groups.append(group)
    places[group] = place
    return place
  }
}
