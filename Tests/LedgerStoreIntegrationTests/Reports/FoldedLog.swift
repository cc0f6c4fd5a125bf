import Ledger
import LedgerStore
import Testing

/// What a log books, taken from its lines without any rollup: what a report must equal.
struct FoldedLog {
  private struct Entry {
    var index: Int64
    var at: Timestamp
    var labels: UsageGroup
    var counts: UsageCounts
  }

  private var entries: [Entry] = []
  /// Time of the first and of the last line.
  private(set) var first = Timestamp.maximum
  private(set) var last = Timestamp.epoch

  /// Reads all lines of a team.
  static func read(_ team: TeamID, _ database: LedgerDatabase) async throws -> FoldedLog {
    var log = FoldedLog()
    var labels: [RecordID: UsageGroup] = [:]
    let lines = try await database.texts(
      "SELECT convert_from(line, 'UTF8') FROM tally.log_line WHERE team_id = '\(team)' ORDER BY index")
    for line in lines {
      let (header, event) = try Line.parse(Array((line ?? "").utf8))
      log.first = min(log.first, header.at)
      log.last = header.at
      var counts = UsageCounts()
      switch event {
      case .held(let held):
        labels[held.record] = UsageGroup(
          member: held.member, key: held.key, model: held.model, quality: held.quality, size: held.size)
        continue
      case .refused(let refused):
        labels[refused.record] = UsageGroup(
          member: refused.member, key: refused.key, model: refused.model, quality: refused.quality, size: refused.size)
        counts.refused = 1
      case .released: counts.released = 1
      case .settled(let settled):
        counts.settled = 1
        counts.images = Int64(settled.results)
        counts.charged = settled.charge.value
      case .credited(let credited): counts.credited = credited.amount.value
      case .evidence(let evidence): counts.credited = evidence.credited.value
      default: continue
      }
      let edit = try #require(event.record.flatMap { labels[$0] })
      log.entries.append(Entry(index: header.index, at: header.at, labels: edit, counts: counts))
    }
    return log
  }

  /// The answer to a question, as the log was when it had `size` lines.
  func answer(_ request: UsageRequest, size: Int64 = .max) -> [[UsageGroup: UsageCounts]] {
    (0..<request.bounds.count - 1).map { bucket in
      var groups: [UsageGroup: UsageCounts] = [:]
      for entry in entries
      where entry.index < size && entry.at >= request.bounds[bucket] && entry.at < request.bounds[bucket + 1]
        && isWanted(entry.labels, request.filters)
      {
        let labels = entry.labels
        let group = UsageGroup(
          member: request.grouping.contains(.member) ? labels.member : nil,
          key: request.grouping.contains(.key) ? labels.key : nil,
          model: request.grouping.contains(.model) ? labels.model : nil,
          quality: request.grouping.contains(.quality) ? labels.quality : nil,
          size: request.grouping.contains(.size) ? labels.size : nil)
        groups[group, default: UsageCounts()] += entry.counts
      }
      return groups.filter { $0.value != UsageCounts() }
    }
  }

  private func isWanted(_ labels: UsageGroup, _ filters: UsageFilters) -> Bool {
    func isAmong<Value: Equatable>(_ value: Value?, _ wanted: [Value]?) -> Bool {
      guard let wanted, let value else { return true }
      return wanted.contains(value)
    }
    return isAmong(labels.member, filters.members) && isAmong(labels.key, filters.keys)
      && isAmong(labels.model, filters.models) && isAmong(labels.quality, filters.qualities)
      && isAmong(labels.size, filters.sizes)
  }
}
