import Ledger
import Postgres

/// Takes away what an erasure covers: looks through the log in windows, without a lock, and takes away what it finds in
/// short transactions under the team's lock, so that a legal hold that is placed stops it at once.
struct Eraser: Sendable {
  let team: TeamID
  /// Connections with the lane's role.
  let pool: Pool
  let atOnce: TakenAtOnce
  /// Waits after each transaction for as long as it took, so that half of the time is the edits'.
  let pause: @Sendable (Duration) async throws -> Void

  /// Carries out what is left of `erasure`.
  /// - Parameter progress: is told how many lines are done.
  /// - Throws: `conflict` for a legal hold; `unavailable`: what was done stays done.
  func run(
    _ erasure: Erasure, progress: @Sendable (CheckProgress) -> Void
  ) async throws(StoreError) -> Erasure {
    var erasure = erasure
    let keys = try await keys(of: erasure.target)
    while erasure.next < erasure.until {
      let end = min(erasure.next + atOnce.windowLines, erasure.until)
      let found = try await look(for: erasure.target, keys, from: erasure.next, to: end)
      for (batch, isLast) in found.batches(of: atOnce.erasedRows) {
        erasure.counted = try await takeAway(batch, erasure, next: isLast ? end : erasure.next)
      }
      erasure.next = end
      progress(CheckProgress(team: team, lines: end, linesInAll: erasure.until))
    }
    if case .member(let member) = erasure.target { try await takeAwayAssets(of: member, &erasure) }
    return erasure
  }

  /// Whether anything of `target` is left in lines below a place. Nothing is taken.
  /// - Throws: `unavailable`.
  func finds(_ target: PrivateErased.Target, below end: Int64) async throws(StoreError) -> Bool {
    let keys = try await keys(of: target)
    for first in stride(from: 0, to: end, by: Int64.Stride(atOnce.windowLines)) {
      let found = try await look(for: target, keys, from: first, to: min(first + atOnce.windowLines, end))
      if !found.isEmpty { return true }
    }
    return false
  }

  private func takeAwayAssets(of member: MemberID, _ erasure: inout Erasure) async throws(StoreError) {
    var after = ""
    while true {
      let page = try await rows(.assetsAfter, team.uuid, after, Int64(atOnce.assets))
      var found = ErasureBatch(team: team)
      found.storageKeys = page.filter { $0.member == member }.map(\.storageKey)
      for (batch, _) in found.batches(of: atOnce.erasedRows) {
        erasure.counted = try await takeAway(batch, erasure, next: erasure.next)
      }
      guard page.count == atOnce.assets, let last = page.last else { return }
      after = last.storageKey
    }
  }

  /// One transaction. Returns how many rows were taken away so far.
  private func takeAway(_ batch: ErasureBatch, _ erasure: Erasure, next: Int64) async throws(StoreError) -> Int64 {
    let clock = ContinuousClock()
    let start = clock.now
    let counted: Int64
    do {
      counted = try await pool.withConnection { connection in
        do {
          return try await takeAway(batch, erasure, next: next, on: connection)
        } catch let error as StoreError {
          try await connection.rollback()
          throw error
        }
      }
      try await pause(clock.now - start)
    } catch {
      throw StoreError(wrapping: error)
    }
    return counted
  }

  private func takeAway(
    _ batch: ErasureBatch, _ erasure: Erasure, next: Int64, on connection: Connection
  ) async throws -> Int64 {
    var locking = Pipeline()
    locking.append(.begin)
    let lock = locking.append(.lockForErasure, team.uuid)
    let keys = locking.append(.resultKeys, team.uuid, batch.records.map(\.uuid))
    let locked = try await connection.run(locking, timeout: RequestScope.timeout)
    guard let team = try locked.rows(lock).first else { throw StoreError(.notFound("the team")) }
    try team.allowErasure()
    var batch = batch
    batch.storageKeys += try locked.rows(keys).flatMap { $0 ?? [] }
    var taking = Pipeline()
    var slots = PersonalTable.allCases.compactMap { $0.append(batch, at: team.now, to: &taking) }
    if !batch.lines.isEmpty { slots.append(taking.append(.blankLines, batch.team.uuid, batch.lines)) }
    let taken = try await connection.run(taking, timeout: RequestScope.timeout)
    var count: Int64 = 0
    for slot in slots { count += try taken.rows(slot).first ?? 0 }
    var ending = Pipeline()
    let sum = ending.append(.moveErasure, batch.team.uuid, erasure.id.uuid, next, count)
    ending.append(.commit)
    // None where somebody else has finished it meanwhile: then nothing was left here.
    return try await connection.run(ending, timeout: RequestScope.timeout).rows(sum).first ?? erasure.counted
  }

  /// The rows of one statement.
  func rows<Row>(
    _ statement: Statement<Row>, _ parameters: (any PostgresEncodable)?...
  ) async throws(StoreError) -> [Row] {
    var pipeline = Pipeline()
    let slot = pipeline.append(statement, parameters: parameters)
    return try await pool.run(pipeline, timeout: RequestScope.timeout).decoded(slot)
  }
}

/// A team that is locked for an erasure.
struct ErasedTeam: Sendable {
  var isOnLegalHold: Bool
  var isHalted: Bool
  var now: Timestamp
  /// For how many days it keeps records and usage; nil: for ever.
  var keepDays: Int64?

  /// Throws unless something of the team may be erased.
  func allowErasure() throws(StoreError) {
    if isHalted { throw StoreError(.notAllowed(.teamHalted)) }
    if isOnLegalHold {
      throw StoreError(
        .conflict(
          "the team is on legal hold: nothing of it may be erased or pruned until `tally audit legal-hold lift`"))
    }
  }
}

extension ErasureBatch {
  /// Whether nothing was found.
  var isEmpty: Bool { payloads.isEmpty && records.isEmpty && storageKeys.isEmpty && lines.isEmpty }

  /// The same in parts of at most `rows` rows of each kind; the last one is marked.
  func batches(of rows: Int) -> [(ErasureBatch, isLast: Bool)] {
    let longest = max(payloads.count, records.count, storageKeys.count, lines.count)
    return stride(from: 0, to: longest, by: rows).map { first in
      func part<Element>(_ all: [Element]) -> [Element] { Array(all.dropFirst(first).prefix(rows)) }
      let batch = ErasureBatch(
        team: team, payloads: part(payloads), records: part(records), storageKeys: part(storageKeys),
        lines: part(lines))
      return (batch, first + rows >= longest)
    }
  }
}

extension Statement where Row == ErasedTeam {
  /// Locks a team: its id.
  static let lockForErasure = Statement(
    "lock for erasure",
    """
    SELECT legal_hold, is_halted, clock_timestamp(), keep_days FROM tally.team WHERE team_id = $1 FOR NO KEY UPDATE
    """
  ) { (row) throws(PostgresError) in
    ErasedTeam(isOnLegalHold: try row.next(), isHalted: try row.next(), now: try row.time(), keepDays: try row.next())
  }
}

extension Statement where Row == [String]? {
  /// The storage keys of the results of records: team, records.
  static let resultKeys = Statement(
    "result keys",
    "SELECT result_object FROM tally.record WHERE team_id = $1 AND record_id = ANY($2::uuid[])"
  ) { (row) throws(PostgresError) in try row.optionalTexts() }
}

extension Statement where Row == Int64 {
  /// Team, erasure, up to where it is done, how many more rows are gone.
  static let moveErasure = Statement(
    "move erasure",
    """
    UPDATE tally.erasure SET next_index = greatest(next_index, $3), counted = counted + $4
     WHERE team_id = $1 AND erasure_id = $2 AND index IS NULL
    RETURNING counted
    """
  ) { (row) throws(PostgresError) in try row.next() }
}
