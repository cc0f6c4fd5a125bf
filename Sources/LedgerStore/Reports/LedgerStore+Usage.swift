import Ledger
import Postgres
import TransparencyLog

/// Reports of usage that add up to the ledger (docs/reports.md).
extension LedgerStore {
  /// What was used, in buckets of time and groups of dimensions: the same question gives the same totals however it is
  /// cut, and with the same `asOf` the same answer for ever, but for what the team's retention removes.
  /// - Throws: `invalid`, naming the field, for bounds that are none; `notFound`; `unavailable`.
  package func usage(_ request: UsageRequest) async throws(StoreError) -> UsageReport {
    try request.validate()
    let selection = UsageSelection(team: request.team, filters: request.filters, grouping: request.grouping)
    let buckets = (0..<request.bounds.count - 1)
    var scope = RequestScope(team: request.team)
    let state = scope.append(.logState, request.team.uuid)
    let sums = scope.append(
      .usageOfQuarters,
      parameters: selection.parameters + [
        buckets.map { Int32($0) }, buckets.map { request.bounds[$0].timestamptz },
        buckets.map { request.bounds[$0 + 1].timestamptz },
      ])
    let results = try await scope.run(on: exportPool)
    guard let log = try results.decoded(state).first else { throw StoreError(.notFound("the team")) }
    guard let root = Digest32(bytes: log.peaks.root.bytes) else { throw StoreError(.database) }
    var report = UsageReport(
      asOf: UsagePosition(origin: log.origin, size: log.size, root: root, at: log.lastAt),
      buckets: Array(repeating: [:], count: buckets.count))
    for row in try results.decoded(sums) where !row.counts.isEmpty {
      report.buckets[row.bucket][row.group, default: UsageCounts()] += row.counts
    }
    return report
  }
}

extension UsageRequest {
  /// Throws `invalid` unless the bounds are ascending moments of one bucket at least, and filters can be stored.
  func validate() throws(StoreError) {
    let count = bounds.count - 1
    guard count >= 1, zip(bounds, bounds.dropFirst()).allSatisfy(<) else {
      throw StoreError(.invalid(field: "end_time", message: "must be later than start_time"))
    }
    guard count <= Self.bucketsMaximum else {
      throw StoreError(
        .invalid(field: "limit", message: "must be at most \(Self.bucketsMaximum) buckets; these are \(count)"))
    }
    guard bounds[0] >= .epoch, bounds[count] <= .maximum else {
      throw StoreError(.invalid(field: "start_time", message: "must lie between the years 1970 and 9999"))
    }
    for (field, texts) in [("models", filters.models), ("qualities", filters.qualities), ("sizes", filters.sizes)] {
      guard (texts ?? []).allSatisfy(LedgerStore.isStorable) else {
        throw StoreError(.invalid(field: field, message: "must not have a NUL"))
      }
    }
  }
}
