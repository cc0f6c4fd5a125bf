package import Ledger
import Postgres

extension LedgerStore {
  /// The most months that one call lists: eighty years of them.
  package static let closedPeriodsMaximum = 1_000

  /// Lines that one month of a team may have: more only where its zone was changed again and again around the month's end.
  private static let linesOfOneMonthMaximum = 20

  /// Closes a month of a team: one line with the hash of the whole book. Run again, it reports the line that is there.
  ///
  /// The open edits are looked for before the team is locked, in short transactions, since no index finds them; under the
  /// lock only those and the ones that came since are read. That none is missing shows by the sums of the budgets.
  /// - Parameter administrator: who closes it; nil: the gateway on its own.
  /// - Returns: the month; or, where a later one was closed first, that one, which covers it.
  /// - Throws: `conflict` while the month goes on, for one that was over before the team was made, or for books that are
  ///   too large or do not balance; `notFound`; `unavailable`.
  package func closePeriod(
    team: TeamID, month: CalendarMonth, by administrator: Administrator? = nil
  ) async throws(StoreError) -> ClosedPeriod {
    let view = try await self.team(team)
    // Its line would stand behind lines of a later month, which then belonged to no month's statement.
    if let end = bounds(of: month, timeZone: view.timeZone).end, end <= view.createdAt {
      throw StoreError(
        .conflict(
          "\(month.text) was over before the team was made, at \(view.createdAt.rfc3339): there is nothing to close")
      )
    }
    let open = try await openEdits(of: team)
    _ = try await submit(
      .closePeriod(
        ClosePeriodRequest(team: team, month: month, open: open), administrator))
    // A month's line has the month's end, whatever zone it was closed in: all of them lie behind its middle. A change of
    // zone may have closed the rest of it by a line of its own.
    let closed = try await closedPeriods(of: team, after: month.middle, limit: Self.linesOfOneMonthMaximum)
    guard let period = closed.last(where: { $0.month == month.text }) ?? closed.first else {
      throw StoreError(.database)
    }
    return period
  }

  /// Closes a month unless it is closed, which one look-up tells: what a gateway does on its own.
  /// - Returns: the month; nil: somebody else closed it meanwhile.
  /// - Throws: as `closePeriod(team:month:by:)`.
  package func closeOnce(_ period: PeriodToClose) async throws(StoreError) -> ClosedPeriod? {
    let before = Timestamp(microseconds: period.end.microseconds - 1)
    guard try await closedPeriods(of: period.team, after: before, limit: 1).isEmpty else { return nil }
    return try await closePeriod(team: period.team, month: period.month)
  }

  /// The closed months of a team, the oldest first.
  /// - Parameters:
  ///   - moment: only those that end after it.
  ///   - limit: most that are returned, at most `closedPeriodsMaximum`.
  /// - Throws: `unavailable`.
  package func closedPeriods(
    of team: TeamID, after moment: Timestamp = .epoch, limit: Int = closedPeriodsMaximum
  ) async throws(StoreError) -> [ClosedPeriod] {
    let limit = min(limit, Self.closedPeriodsMaximum)
    return try await rows(.closedPeriodsAfter, team.uuid, moment.timestamptz, Int64(limit), of: team)
  }

  /// Teams whose last calendar month is over and not closed, at most so many, with that month: what the gateway closes on
  /// its own. Halted teams are left out.
  /// - Throws: `unavailable`.
  package func periodsToClose(limit: Int = .max) async throws(StoreError) -> [PeriodToClose] {
    var found: [PeriodToClose] = []
    var after = TeamID(bits: 0)
    while true {
      let page = try await operatorRows(.teamsClosing, after.uuid, Int64(Self.pageSize))
      for row in page {
        guard let running = zones.monthBounds(at: row.now, timeZone: row.timeZone), row.createdAt < running.start,
          row.closedThrough.map({ $0 < running.start }) ?? true,
          let last = zones.monthBounds(
            at: Timestamp(microseconds: running.start.microseconds - 1), timeZone: row.timeZone),
          let month = CalendarMonth(last)
        else { continue }
        found.append(PeriodToClose(team: row.team, month: month, end: running.start))
        if found.count >= limit { return found }
      }
      guard page.count == Self.pageSize, let last = page.last else { return found }
      after = last.team
    }
  }

  /// All edits of a team that were open while this looked for them.
  func openEdits(of team: TeamID) async throws(StoreError) -> OpenEdits {
    guard let holding = try await operatorRows(.teamsHolding, team.uuid, team.uuid, Int64(1)).first else {
      throw StoreError(.notFound("the team"))
    }
    var records = try await heldEdits(of: holding, try await databaseClock()).map(\.record)
    // After the held ones: what was held and came into doubt meanwhile is found by one of the two.
    records += try await operatorRows(.doubtsOfTeam, team.uuid, Int64(BookText.rowCountMaximum))
    return OpenEdits(records: Array(Set(records)), since: holding.end)
  }
}

/// What tells whether a team's last month is to be closed.
struct ClosingTeam: Sendable {
  var team: TeamID
  var timeZone: String
  var createdAt: Timestamp
  var closedThrough: Timestamp?
  var now: Timestamp
}

extension Statement where Row == ClosingTeam {
  /// Teams after an id, at most so many, that are not halted.
  static let teamsClosing = Statement(
    "teams closing",
    """
    SELECT t.team_id, t.time_zone, t.created_at, c.period_end, greatest(t.log_last_at, clock_timestamp())
      FROM (SELECT team_id, time_zone, created_at, log_last_at
              FROM tally.team WHERE team_id > $1 AND NOT is_halted ORDER BY team_id LIMIT $2) AS t
      LEFT JOIN LATERAL (SELECT period_end FROM tally.closed_period
                          WHERE team_id = t.team_id ORDER BY period_end DESC LIMIT 1) AS c ON true
     ORDER BY t.team_id
    """
  ) { (row) throws(PostgresError) in
    ClosingTeam(
      team: try row.id(), timeZone: try row.next(), createdAt: try row.time(), closedThrough: try row.optionalTime(),
      now: try row.time())
  }
}

extension Statement where Row == RecordID {
  /// Edits of a team whose truth is not known, at most so many.
  static let doubtsOfTeam = Statement(
    "doubts of team", "SELECT record_id FROM tally.doubt WHERE team_id = $1 LIMIT $2"
  ) { (row) throws(PostgresError) in try row.id() }
}
