import Ledger
import Postgres

/// Reads what the check of one team needs, in short transactions: ranges of the log, then everything at one moment.
struct CheckReader: Sendable {
  /// Records of one statement.
  private static let recordsPerStatement = 5_000
  /// Idempotency-Keys of one statement.
  static let claimsPerStatement = 5_000

  let team: TeamID
  /// Connections of the operator's reads.
  let pool: Pool
  /// Lines of one window.
  let windowLines: Int64
  /// The place of the log's first line.
  var logBase: Int64 = 0

  /// The team's row; nil: there is no such team.
  func head() async throws(StoreError) -> CheckedTeam? {
    var pipeline = Pipeline()
    let slot = pipeline.append(.checkTeam, team.uuid)
    return try await pool.run(pipeline, timeout: RequestScope.timeout).decoded(slot).first
  }

  /// Lines from `first` up to `end` with the rows that they tell of. The rows may be younger than the lines: what is
  /// compared of them never changes again.
  func window(from first: Int64, to end: Int64, for check: TeamCheck) async throws(StoreError) -> CheckWindow {
    var pipeline = Pipeline()
    let erasedBefore = pipeline.append(.erasuresOfTeam, team.uuid, false, Int64.max)
    let lineSlot = pipeline.append(.checkLines, team.uuid, logBase + first, logBase + end)
    let erasedAfter = pipeline.append(.erasuresOfTeam, team.uuid, false, Int64.max)
    let openedSlot = pipeline.append(.checkRecordsOpened, team.uuid, firstPlace(from: first), logBase + end)
    let results = try await pool.run(pipeline, timeout: RequestScope.timeout)
    let lines = counted(try results.decoded(lineSlot))
    let needs = check.needs(of: lines)
    var second = Pipeline()
    let touched = append(needs.records, to: &second)
    let earlier = second.append(.checkLinesAt, team.uuid, needs.lines.map { $0 + logBase })
    let outcomes = append(needs.claims, to: &second)
    let more = try await pool.run(second, timeout: RequestScope.timeout)
    return CheckWindow(
      lines: lines, opened: counted(try results.decoded(openedSlot)), touched: try rows(touched, of: more),
      earlier: counted(try more.decoded(earlier)), outcomes: try more.decoded(outcomes),
      erasedBefore: CheckedErasures(counted(try results.decoded(erasedBefore))),
      erasedAfter: CheckedErasures(counted(try results.decoded(erasedAfter))))
  }

  /// The place from which records are looked for that lines from `first` on opened: the first ones also among what stands
  /// before the log, where nothing should, but for logs that it took the place of.
  private func firstPlace(from first: Int64) -> Int64 {
    first == 0 && logBase == 0 ? .min : logBase + first
  }

  private func counted(_ lines: [CheckedLine]) -> [CheckedLine] {
    guard logBase > 0 else { return lines }
    return lines.map { line in
      var line = line
      line.index -= logBase
      return line
    }
  }

  private func counted(_ records: [CheckedRecord]) -> [CheckedRecord] {
    guard logBase > 0 else { return records }
    return records.map { $0.counted(from: logBase) }
  }

  private func counted(_ erasures: [Erasure]) -> [Erasure] {
    guard logBase > 0 else { return erasures }
    return erasures.map { $0.counted(from: logBase) }
  }

  /// The book that the log began with, where it took another's place.
  func openingBook() async throws(StoreError) -> [UInt8]? {
    guard logBase > 0 else { return nil }
    var pipeline = Pipeline()
    let slot = pipeline.append(.replacedBooks, team.uuid, nil as Int64?)
    return try await pool.run(pipeline, timeout: RequestScope.timeout).decoded(slot).first
  }

  /// Those of `records` that were held in a log which the team's log took the place of.
  func recordsInOldLogs(_ records: [RecordID]) async throws(StoreError) -> [RecordID] {
    guard logBase > 0 else { return [] }
    var found: [RecordID] = []
    for first in stride(from: 0, to: records.count, by: Self.recordsPerStatement) {
      var pipeline = Pipeline()
      let ids = records[first..<min(first + Self.recordsPerStatement, records.count)].map(\.uuid)
      let slot = pipeline.append(.recordsInOldLogs, team.uuid, ids, logBase)
      found += try await pool.run(pipeline, timeout: RequestScope.timeout).decoded(slot)
    }
    return found
  }

  /// Rows of the table of Idempotency-Keys behind one of them, in the order of the table; nil: from the first.
  /// - Returns: fewer than `claimsPerStatement` at the end.
  func claims(after last: CheckedClaim?) async throws(StoreError) -> [CheckedClaim] {
    var pipeline = Pipeline()
    let slot = pipeline.append(
      .checkClaims, team.uuid, (last?.member ?? MemberID(bits: 0)).uuid,
      PostgresBytes((last?.keyDigest ?? .zero).bytes), Int64(Self.claimsPerStatement))
    return try await pool.run(pipeline, timeout: RequestScope.timeout).decoded(slot)
  }

  /// Usage rows from `first` up to `end`.
  func usage(from first: Timestamp, to end: Timestamp) async throws(StoreError) -> [CheckedUsage] {
    var pipeline = Pipeline()
    let slot = pipeline.append(.checkUsage, team.uuid, first.timestamptz, end.timestamptz)
    return try await pool.run(pipeline, timeout: RequestScope.timeout).decoded(slot)
  }

  /// The last lines and all tables in one snapshot, so that both tell of the same moment also while edits go on.
  /// - Returns: nil when the log has grown by more than a window meanwhile.
  func end(for check: TeamCheck) async throws(StoreError) -> CheckEnd? {
    do {
      return try await pool.withConnection { connection in
        try await self.end(for: check, on: connection)
      }
    } catch {
      throw StoreError(wrapping: error)
    }
  }

  private func end(for check: TeamCheck, on connection: Connection) async throws -> CheckEnd? {
    let first = check.log.nextIndex
    var pipeline = Pipeline()
    pipeline.append(.beginSnapshot)
    let teams = pipeline.append(.checkTeam, team.uuid)
    let place = logBase + first
    let lineSlot = pipeline.append(.checkLines, team.uuid, place, place + windowLines)
    let opened = pipeline.append(.checkRecordsOpened, team.uuid, firstPlace(from: first), place + windowLines)
    let members = pipeline.append(.checkMembers, team.uuid)
    let keys = pipeline.append(.checkKeys, team.uuid)
    let budgets = pipeline.append(.checkBudgets, team.uuid)
    let usage = pipeline.append(
      .checkUsage, team.uuid, check.usage.comparedUpTo.timestamptz, Timestamp.maximum.timestamptz)
    let closings = pipeline.append(.checkClosedPeriods, team.uuid)
    let erasures = pipeline.append(.erasuresOfTeam, team.uuid, false, Int64.max)
    let removals = pipeline.append(.removalsOfTeam, team.uuid, false, Int64.max)
    let strays = pipeline.append(.checkStrays, team.uuid)
    let results = try await connection.run(pipeline, timeout: RequestScope.timeout)
    guard let row = try results.rows(teams).first, row.logSize - first <= windowLines, row.logBase == logBase else {
      try await connection.rollback()
      return nil
    }
    let lines = counted(try results.rows(lineSlot)).filter { $0.index < row.logSize }
    let needs = check.needs(of: lines)
    var second = Pipeline()
    let touched = append(Array(check.recordsToCompare.union(needs.records)), to: &second)
    let earlier = second.append(.checkLinesAt, team.uuid, needs.lines.map { $0 + logBase })
    let outcomes = append(needs.claims, to: &second)
    second.append(.commit)
    let more = try await connection.run(second, timeout: RequestScope.timeout)
    let erased = counted(try results.rows(erasures))
    let window = CheckWindow(
      lines: lines, opened: counted(try results.rows(opened)).filter { $0.holdIndex < row.logSize },
      touched: try rows(touched, of: more), earlier: counted(try more.rows(earlier)),
      outcomes: try more.rows(outcomes),
      erasedBefore: CheckedErasures(erased), erasedAfter: CheckedErasures(erased))
    let tables = CheckedTables(
      team: row, members: try results.rows(members), keys: try results.rows(keys),
      budgets: try results.rows(budgets), records: window.opened + window.touched,
      closings: try results.rows(closings), erasures: erased, removals: try results.rows(removals),
      strays: try results.rows(strays).first ?? CheckedStrays())
    return CheckEnd(window: window, usage: try results.rows(usage), tables: tables)
  }

  private func append(_ records: [RecordID], to pipeline: inout Pipeline) -> [Pipeline.Slot<CheckedRecord>] {
    stride(from: 0, to: records.count, by: Self.recordsPerStatement).map { first in
      let ids = records[first..<min(first + Self.recordsPerStatement, records.count)].map(\.uuid)
      return pipeline.append(.checkRecords, team.uuid, ids)
    }
  }

  private func append(_ claims: [ClaimingLine], to pipeline: inout Pipeline) -> Pipeline.Slot<ClaimOutcome> {
    pipeline.append(
      .checkClaimOutcomes, team.uuid, claims.map(\.member.uuid), claims.map { PostgresBytes($0.claim.keyDigest.bytes) },
      claims.map(\.record.uuid))
  }

  private func rows(
    _ slots: [Pipeline.Slot<CheckedRecord>], of results: PipelineResults
  ) throws(StoreError) -> [CheckedRecord] {
    var rows: [CheckedRecord] = []
    for slot in slots { rows += counted(try results.decoded(slot)) }
    return rows
  }
}

/// The end of a team's log with its tables, all of one moment.
struct CheckEnd: Sendable {
  var window: CheckWindow
  var usage: [CheckedUsage]
  var tables: CheckedTables
}
