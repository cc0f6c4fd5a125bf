package import Ledger
import Postgres

/// Sums up days and months that are over (docs/rollups.md, spans). Any number of gateways may do so at once: a span is made
/// once, and what another one made meanwhile is left as it is. Edits wait for none of it.
extension LedgerStore {
  /// Teams that have days or months which are over and not summed up.
  /// - Throws: `unavailable`.
  package func teamsToSpan() async throws(StoreError) -> [TeamID] {
    var found: [TeamID] = []
    var first = TeamID(bits: 0)
    while true {
      let page = try await operatorRows(
        .spanningTeams, first.uuid, TeamID(bits: .max).uuid, Int64(Self.pageSize))
      found += page.filter { !$0.days(limit: 1).isEmpty || $0.month(zones: zones) != nil }.map(\.team)
      guard page.count == Self.pageSize, let last = page.last?.team, last.bits < .max else { return found }
      first = TeamID(bits: last.bits + 1)
    }
  }

  /// Sums up the next few days of a team, or its next month.
  /// - Returns: how many were made; 0: there is nothing to sum up now, or somebody else does it.
  /// - Throws: `notFound`; `unavailable`.
  package func makeSpans(of team: TeamID) async throws(StoreError) -> Int {
    guard let row = try await operatorRows(.spanningTeams, team.uuid, team.uuid, Int64(1)).first else {
      throw StoreError(.notFound("the team"))
    }
    let days = row.days()
    if !days.isEmpty {
      do throws(StoreError) {
        return try await make(days, .day, of: row)
      } catch  where days.count > 1 {
        // Very many rows: one day at a time is what always works.
        return try await make([days[0]], .day, of: row)
      }
    }
    guard let month = row.month(zones: zones) else { return 0 }
    return try await make([month], .month, of: row)
  }

  private func make(
    _ targets: [UsageSpan], _ kind: SpanKind, of row: SpanningTeam
  ) async throws(StoreError) -> Int {
    var known: [UsageSpan] = []
    if kind == .month, let month = targets.first {
      known = try await operatorRows(.usageSpans, row.team.uuid, month.start.timestamptz, month.end.timestamptz)
    }
    let recipe = SpanRecipe(row.team, targets, known: known)
    var pipeline = Pipeline()
    pipeline.append(.begin)
    pipeline.append(.lockUsage, row.team.uuid)
    let marked = pipeline.append(.markSpans, parameters: recipe.marks(of: kind))
    pipeline.append(.clearSums, parameters: recipe.bounds)
    pipeline.append(.sumSpans, parameters: recipe.parameters)
    recipe.appendNarrowSums(to: &pipeline)
    pipeline.append(.commit)
    return try await lanePool.run(pipeline, timeout: RequestScope.timeout).decoded(marked).count
  }
}
