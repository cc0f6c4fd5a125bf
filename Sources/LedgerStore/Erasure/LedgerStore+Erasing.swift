package import Ledger
import Postgres

/// What an erasure came to.
package struct ErasureReport: Sendable, Hashable {
  /// The erasure, done.
  package var erasure: Erasure
  /// One that was cut off before and was finished first; nil: there was none, or this is it.
  package var finishedFirst: Erasure?
}

/// What a pruning came to.
package struct PruningReport: Sendable, Hashable {
  /// The pruning, done; nil: nothing was left to take, and no line tells of it.
  package var erasure: Erasure?
  /// One that was cut off before and was finished first; nil: there was none, or this is it.
  package var finishedFirst: Erasure?
  /// Index of the first line that is left; of those below it only refusals whose keys still count.
  package var firstLine: Int64

  /// A pruning that came to this.
  package init(erasure: Erasure? = nil, finishedFirst: Erasure? = nil, firstLine: Int64) {
    self.erasure = erasure
    self.finishedFirst = finishedFirst
    self.firstLine = firstLine
  }
}

/// Taking away what is personal, and old lines (docs/audit.md, erasure and retention). Hashes stay, so every proof, every
/// export and every receipt that was given out stays good.
extension LedgerStore {
  /// Open edits that an error names.
  private static let namedMaximum = 10

  /// Takes away all that is personal of a member and of the edits that it has sent so far: payloads of lines, what its
  /// records hold, its pictures' addresses, its name and user id. Ids, amounts and hashes stay. One that was cut off goes
  /// on where it ended, under its id.
  /// - Parameters:
  ///   - progress: is told how many lines were looked through.
  ///   - pause: waits between two transactions.
  /// - Throws: `notFound`; `notAllowed` for a halted team; `conflict` for a legal hold, or for edits of the member that
  ///   are open, whose names it says; `unavailable`.
  package func erase(
    member userID: String, of team: TeamID, by administrator: Administrator,
    progress: @Sendable (CheckProgress) -> Void = { _ in },
    pause: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
  ) async throws(StoreError) -> ErasureReport {
    let member = try await self.member(of: team, userID: userID).id
    return try await carryOut(.member(member), of: team, by: administrator, pause, progress) {
      () throws(StoreError) in
      let open = try await openEdits(of: team)
      try await requireNone(
        of: operatorRows(.openOfMember, team.uuid, open.records.map(\.uuid), member.uuid))
      return (0, open.since)
    }
  }

  /// Takes away all that is personal of some edits.
  /// - Parameter records: at most `PrivateErased.recordsMaximum`, in any order.
  /// - Throws: as `erase(member:of:by:)`; `notFound` for an edit that is not the team's; `invalid` for too many.
  package func erase(
    records: [RecordID], of team: TeamID, by administrator: Administrator,
    progress: @Sendable (CheckProgress) -> Void = { _ in },
    pause: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
  ) async throws(StoreError) -> ErasureReport {
    let records = Set(records).sorted()
    guard (1...PrivateErased.recordsMaximum).contains(records.count) else {
      throw StoreError(
        .invalid(field: "record", message: "takes 1 to \(PrivateErased.recordsMaximum) edits at once"))
    }
    return try await carryOut(.records(records), of: team, by: administrator, pause, progress) {
      () throws(StoreError) in
      let log = try await storedLog(of: team)
      let found = try await operatorRows(.recordsToErase, team.uuid, records.map(\.uuid))
      if let missing = Set(records).subtracting(found.map(\.record)).min() {
        throw StoreError(.notFound("record \(missing)"))
      }
      try requireNone(of: found.filter(\.isOpen).map(\.record))
      return (found.map(\.holdIndex).min() ?? 0, log.base + log.size)
    }
  }

  /// Blanks lines of a team that are older than a month, and takes their payloads away. Leaves and nodes stay. No line of
  /// that month or of a later one goes: what is left begins at the newest closing that no such line stands before, and
  /// its book is what replaying begins with from then on. A month that edits followed before it was closed stays, too.
  ///
  /// The lines of refusals stay as long as Idempotency-Keys do, since retries are answered from them; a later call blanks
  /// them. Where a call finds nothing to take, nothing is told in the log.
  /// - Throws: `notFound`; `notAllowed` for a halted team; `conflict` for a legal hold, for a month that has not begun in
  ///   the team's zone, or where no month before it was closed in time and its book kept; `unavailable`.
  package func prune(
    before month: CalendarMonth, of team: TeamID, by administrator: Administrator,
    progress: @Sendable (CheckProgress) -> Void = { _ in },
    pause: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
  ) async throws(StoreError) -> PruningReport {
    let first = bounds(of: month, timeZone: try await self.team(team).timeZone).start
    guard first <= (try await databaseClock()) else {
      throw StoreError(.conflict("\(month.text) has not begun: name the running month or one before it"))
    }
    let line = try await firstLineLeft(of: team, notBefore: first)
    guard let cut = try await closedBook(of: team, before: month, upTo: line) else {
      throw StoreError(
        .conflict(
          """
          no month before \(month.text) was closed ahead of its first line, \(line), whose book was kept; \
          `tally period list` shows those that are closed
          """))
    }
    let target = PrivateErased.Target.lines(before: cut.index)
    var finished: Erasure?
    if cut.index <= (try await firstKeptLine(of: team)) {
      finished = try await finishCutOff(of: team, by: administrator, pause, progress)
      let end = try await storedLog(of: team).base + cut.index
      if let finished, finished.target == target {
        return PruningReport(erasure: finished, firstLine: try await firstKeptLine(of: team))
      }
      let eraser = Eraser(team: team, pool: lanePool, atOnce: settings.takenAtOnce, pause: pause)
      guard try await eraser.finds(target, below: end) else {
        return PruningReport(finishedFirst: finished, firstLine: try await firstKeptLine(of: team))
      }
    }
    let report = try await carryOut(target, of: team, by: administrator, pause, progress) {
      () throws(StoreError) in (0, try await storedLog(of: team).base + cut.index)
    }
    return PruningReport(
      erasure: report.erasure, finishedFirst: report.finishedFirst ?? finished,
      firstLine: try await firstKeptLine(of: team))
  }

  /// The erasures and prunings of a team's log, the oldest first, at most so many.
  /// - Throws: `unavailable`.
  package func erasures(of team: TeamID, limit: Int = 10_000) async throws(StoreError) -> [Erasure] {
    let base = try await storedLog(of: team).base
    return try await operatorRows(.erasuresOfTeam, team.uuid, false, Int64(limit)).map { $0.counted(from: base) }
  }

  /// The newest closed month before another whose line stands at `index` or below it and whose book was kept; nil: there
  /// is none.
  package func closedBook(
    of team: TeamID, before month: CalendarMonth, upTo index: Int64
  ) async throws(StoreError) -> ClosedPeriod? {
    try await rows(.closedBookBefore, team.uuid, month.text, index, of: team).first
  }

  private func carryOut(
    _ target: PrivateErased.Target, of team: TeamID, by administrator: Administrator,
    _ pause: @escaping @Sendable (Duration) async throws -> Void, _ progress: @Sendable (CheckProgress) -> Void,
    extent: () async throws(StoreError) -> (from: Int64, until: Int64)
  ) async throws(StoreError) -> ErasureReport {
    let first = try await finishCutOff(of: team, by: administrator, pause, progress)
    if let first, first.target == target { return ErasureReport(erasure: first) }
    let (from, until) = try await extent()
    let begun = try await begin(target, of: team, from: from, until: until)
    return ErasureReport(
      erasure: try await finish(begun, of: team, by: administrator, pause, progress), finishedFirst: first)
  }

  /// Finishes what was cut off before. Returns nil where nothing was.
  private func finishCutOff(
    of team: TeamID, by administrator: Administrator,
    _ pause: @escaping @Sendable (Duration) async throws -> Void, _ progress: @Sendable (CheckProgress) -> Void
  ) async throws(StoreError) -> Erasure? {
    guard let left = try await operatorRows(.erasuresOfTeam, team.uuid, true, Int64(1)).first else { return nil }
    return try await finish(left, of: team, by: administrator, pause, progress)
  }

  /// Enters an erasure. From then on exports leave out lines that are to be pruned.
  private func begin(
    _ target: PrivateErased.Target, of team: TeamID, from: Int64, until: Int64
  ) async throws(StoreError) -> Erasure {
    var (member, records, before): (MemberID?, [RecordID]?, Int64?)
    switch target {
    case .member(let id): member = id
    case .records(let ids): records = ids
    case .lines(let index): before = index
    }
    var entering = Pipeline()
    let begun = entering.append(
      .beginErasure, team.uuid, NoteID(bits: .random(in: 0...UInt128.max)).uuid, member?.uuid,
      records.map { $0.map(\.uuid) }, before, until, from)
    if let before { entering.append(.notePruning, team.uuid, before) }
    entering.append(.commit)
    do {
      let row = try await lanePool.withConnection { [entering] connection in
        var locking = Pipeline()
        locking.append(.begin)
        let lock = locking.append(.lockForErasure, team.uuid)
        let locked = try await connection.run(locking, timeout: RequestScope.timeout)
        do throws(StoreError) {
          guard let state = try locked.decoded(lock).first else { throw StoreError(.notFound("the team")) }
          try state.allowErasure()
        } catch {
          try await connection.rollback()
          throw error
        }
        return try await connection.run(entering, timeout: RequestScope.timeout).rows(begun).first
      }
      guard let row else { throw StoreError(.conflict("another erasure of the team runs; wait for its end")) }
      return row
    } catch {
      throw StoreError(wrapping: error)
    }
  }

  /// Does what is left of an erasure and tells of it in the log.
  private func finish(
    _ erasure: Erasure, of team: TeamID, by administrator: Administrator,
    _ pause: @escaping @Sendable (Duration) async throws -> Void, _ progress: @Sendable (CheckProgress) -> Void
  ) async throws(StoreError) -> Erasure {
    let eraser = Eraser(team: team, pool: lanePool, atOnce: settings.takenAtOnce, pause: pause)
    _ = try await eraser.run(erasure, progress: progress)
    // Two commands may have worked on it: the row has what both took away. The member's own row goes with the line.
    var counted = try await self.erasure(erasure.id, of: team).counted
    if case .member = erasure.target { counted += 1 }
    _ = try await noteErasure(
      PrivateErased(erasure: erasure.id, target: erasure.target, counted: counted), of: team, by: administrator)
    let base = try await storedLog(of: team).base
    return try await self.erasure(erasure.id, of: team).counted(from: base)
  }

  /// An erasure with places, as it is stored.
  private func erasure(_ id: NoteID, of team: TeamID) async throws(StoreError) -> Erasure {
    guard let row = try await operatorRows(.erasureByID, team.uuid, id.uuid).first else {
      throw StoreError(.notFound("the erasure"))
    }
    return row
  }

  private func requireNone(of open: [RecordID]) throws(StoreError) {
    guard !open.isEmpty else { return }
    let named = open.sorted().prefix(Self.namedMaximum).map(\.description).joined(separator: ", ")
    let more = open.count > Self.namedMaximum ? " and \(open.count - Self.namedMaximum) more" : ""
    throw StoreError(
      .conflict(
        "nobody knows yet what became of \(named)\(more): wait, or settle it with `tally records resolve`, then erase"))
  }
}

/// An edit that is to be erased.
struct EditToErase: Sendable {
  var record: RecordID
  var holdIndex: Int64
  var isOpen: Bool
}

extension Statement where Row == EditToErase {
  /// Team, records.
  static let recordsToErase = Statement(
    "records to erase",
    """
    SELECT record_id, hold_index, state IN ('held', 'in_doubt')
      FROM tally.record WHERE team_id = $1 AND record_id = ANY($2::uuid[])
    """
  ) { (row) throws(PostgresError) in
    EditToErase(record: try row.id(), holdIndex: try row.next(), isOpen: try row.next())
  }
}

extension Statement where Row == RecordID {
  /// Those of some records that a member sent and that are open: team, records, member.
  static let openOfMember = Statement(
    "open of member",
    """
    SELECT record_id FROM tally.record
     WHERE team_id = $1 AND record_id = ANY($2::uuid[]) AND member_id = $3 AND state IN ('held', 'in_doubt')
    """
  ) { (row) throws(PostgresError) in try row.id() }
}

extension Statement where Row == ClosedPeriod {
  /// The newest closed month of a team before another, with its book, at an index or below it: the month as text, whose
  /// order is that of time.
  static let closedBookBefore = Statement(
    "closed book before",
    """
    SELECT c.month, c.period_start, c.period_end, c.index - t.log_base, c.book
      FROM tally.closed_period AS c
      JOIN tally.team AS t ON t.team_id = c.team_id
     WHERE c.team_id = $1 AND c.month < $2 COLLATE "C"
       AND c.index BETWEEN t.log_base AND t.log_base + $3 AND c.book_text IS NOT NULL
     ORDER BY c.period_end DESC
     LIMIT 1
    """, row: closedPeriodColumns)
}

extension Statement where Row == Void {
  /// Team, index: lines below it are pruned from now on.
  static let notePruning = Statement(
    "note pruning", "UPDATE tally.team SET pruned_before = greatest(pruned_before, $2) WHERE team_id = $1")
}
