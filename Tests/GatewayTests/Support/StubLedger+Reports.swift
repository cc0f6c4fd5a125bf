import Gateway
import Ledger
import LedgerStore
import Synchronization

/// Usage that a test decides, and what was asked of it.
extension StubLedger {
  /// Usage at moments, and the names of those who used it.
  struct Usage: Sendable {
    var uses: [(at: Timestamp, group: UsageGroup, counts: UsageCounts)] = []
    var names: [MemberID: String] = [:]
    var size: Int64 = 9
    /// Requests, in their order.
    var requests: [UsageRequest] = []
    /// Readings that were told of.
    var readings: [String] = []
  }

  func usage(_ request: UsageRequest) async throws(StoreError) -> UsageReport {
    if let failure = answers.withLock({ $0.failure }) { throw failure }
    return usages.withLock { usage in
      usage.requests.append(request)
      let asOf =
        request.asOf
        ?? UsagePosition(origin: "tally.local/\(request.team)", size: usage.size, root: .zero, at: Fixtures.now)
      var buckets: [[UsageGroup: UsageCounts]] = []
      for (start, end) in zip(request.bounds, request.bounds.dropFirst()) {
        var groups: [UsageGroup: UsageCounts] = [:]
        for use in usage.uses where start <= use.at && use.at < end && request.filters.passes(use.group) {
          groups[use.group.grouped(by: request.grouping), default: UsageCounts()] += use.counts
        }
        buckets.append(groups)
      }
      return UsageReport(asOf: asOf, buckets: buckets)
    }
  }

  func userIDs(of members: Set<MemberID>, team: TeamID) async throws(StoreError) -> [MemberID: String] {
    usages.withLock { $0.names.filter { members.contains($0.key) } }
  }

  func memberIDs(named userIDs: [String], team: TeamID) async throws(StoreError) -> [MemberID] {
    usages.withLock { $0.names.filter { userIDs.contains($0.value) }.map(\.key) }
  }

  func noteReading(
    of report: String, at moment: Timestamp, of team: TeamID, by administrator: Administrator
  ) async throws(StoreError) -> Int64 {
    if let failure = answers.withLock({ $0.failure }) { throw failure }
    return usages.withLock { usage in
      usage.readings.append(report)
      return Int64(usage.readings.count)
    }
  }
}

extension UsageFilters {
  fileprivate func passes(_ group: UsageGroup) -> Bool {
    func passes<Value: Equatable>(_ wanted: [Value]?, _ value: Value?) -> Bool {
      guard let wanted else { return true }
      return value.map(wanted.contains) ?? false
    }
    return passes(members, group.member) && passes(keys, group.key) && passes(models, group.model)
      && passes(qualities, group.quality) && passes(sizes, group.size)
  }
}

extension UsageGroup {
  fileprivate func grouped(by dimensions: Set<UsageDimension>) -> UsageGroup {
    UsageGroup(
      member: dimensions.contains(.member) ? member : nil, key: dimensions.contains(.key) ? key : nil,
      model: dimensions.contains(.model) ? model : nil, quality: dimensions.contains(.quality) ? quality : nil,
      size: dimensions.contains(.size) ? size : nil)
  }
}
