import Failpoints
package import Ledger
import Postgres

/// What a removal would take, for who asks before.
package struct RemovalPlan: Sendable, Hashable {
  /// What was resolved or refused before this moment would go: the end of a closed month.
  package var before: Timestamp
  /// How many records.
  package var records: Int64
  /// How many rows of usage.
  package var buckets: Int64

  /// A plan.
  package init(before: Timestamp, records: Int64, buckets: Int64) {
    self.before = before
    self.records = records
    self.buckets = buckets
  }
}

/// Removing records and usage that a team keeps no longer (docs/ledger.md, retention). Only whole closed months go, never
/// an edit that is open or asked for, and the log stays. Any number of gateways and commands may do so at once.
extension LedgerStore {
  /// Lines that one statement of a count looks through: some tens of milliseconds.
  private static let linesCountedAtOnce: Int64 = 65_536
  /// Days of usage that one statement of a count looks through.
  private static let daysCountedAtOnce: Int64 = 31

  /// Removes what a team keeps no longer, and tells of it with one line at the end. One that was cut off goes on where it
  /// ended, under its id.
  /// - Parameters:
  ///   - administrator: who removes it; nil: the gateway on its own.
  ///   - progress: is told after each transaction.
  ///   - pause: waits between two transactions.
  /// - Returns: the removal, done, with its line's index; nil: there is nothing to remove.
  /// - Throws: `notFound`; `notAllowed` for a halted team; `conflict` for a legal hold, or where the team keeps
  ///   everything; `unavailable`.
  package func removeOld(
    of team: TeamID, by administrator: Administrator?, progress: @Sendable (Removal) -> Void = { _ in },
    pause: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
  ) async throws(StoreError) -> Removal? {
    var last: Removal?
    // One that was cut off, then what has become due meanwhile.
    for _ in 0..<2 {
      guard let removal = try await nextRemoval(of: team) else { break }
      try await Remover(team: team, pool: lanePool, atOnce: settings.takenAtOnce, pause: pause)
        .run(removal, progress: progress)
      Failpoints.pass(.removalBeforeLine)
      // Two commands may have worked on it: the row has what both took.
      let row = try await self.removal(removal.id, of: team)
      let told = UsageRemoved(removal: row.id, before: row.before, records: row.records, buckets: row.buckets)
      _ = try await note(.usageRemoved(told), id: row.id, of: team, by: administrator)
      last = try await self.removal(removal.id, of: team)
    }
    guard var last else { return nil }
    let base = try await storedLog(of: team).base
    last.index = last.index.map { $0 - base }
    return last
  }

  /// What `removeOld` would take now; nil: nothing.
  /// - Throws: `conflict` where the team keeps everything; `notFound`; `unavailable`.
  package func removalPlan(of team: TeamID) async throws(StoreError) -> RemovalPlan? {
    let due = try await dueRemoval(of: team).isDue
    let left = try await operatorRows(.removalsOfTeam, team.uuid, true, Int64(1)).first
    guard let (before, until) = due ?? left.map({ ($0.before, $0.until) }) else {
      return nil
    }
    var plan = RemovalPlan(before: before, records: 0, buckets: 0)
    for first in stride(from: 0, to: until, by: Int64.Stride(Self.linesCountedAtOnce)) {
      plan.records +=
        try await operatorRows(
          .countOldRecords, team.uuid, first, min(first + Self.linesCountedAtOnce, until), before.timestamptz
        ).first ?? 0
    }
    guard var start = try await operatorRows(.firstUsage, team.uuid).first?.moment else { return plan }
    let end = UsageKey.bucketStart(of: before)
    while start < end {
      let stop = min(start.adding(seconds: Self.daysCountedAtOnce * 86_400), end)
      plan.buckets +=
        try await operatorRows(.countOldUsage, team.uuid, start.timestamptz, stop.timestamptz).first ?? 0
      start = stop
    }
    return plan
  }

  /// Teams of which something is to be removed, at most so many. Halted ones and those on legal hold are left out.
  /// - Throws: `unavailable`.
  package func teamsToRemoveFrom(limit: Int) async throws(StoreError) -> [TeamID] {
    try await operatorRows(.teamsRemoving, TeamID(bits: 0).uuid, Int64(limit))
  }

  /// The removals of a team, the oldest first, at most so many.
  /// - Throws: `unavailable`.
  package func removals(of team: TeamID, limit: Int = 10_000) async throws(StoreError) -> [Removal] {
    try await operatorRows(.removalsOfTeam, team.uuid, false, Int64(limit))
  }

  /// The removal that is to be worked on: one that was cut off, else a new one where something is due.
  private func nextRemoval(of team: TeamID) async throws(StoreError) -> Removal? {
    // First, since nothing goes any more once the team keeps everything.
    let due = try await dueRemoval(of: team)
    if let left = try await operatorRows(.removalsOfTeam, team.uuid, true, Int64(1)).first { return left }
    return due.isDue == nil ? nil : try await begin(of: team)
  }

  private func dueRemoval(of team: TeamID) async throws(StoreError) -> DueRemoval {
    guard let due = try await operatorRows(.dueRemoval, team.uuid).first else {
      throw StoreError(.notFound("the team"))
    }
    guard due.keepDays != nil else {
      throw StoreError(
        .conflict(
          "the team keeps its records for ever; `tally team set T --keep-records 400d --reason TEXT` changes that"))
    }
    return due
  }

  /// Enters a removal. From then on reports begin behind it, and a record from before it may be missing.
  private func begin(of team: TeamID) async throws(StoreError) -> Removal? {
    do {
      return try await lanePool.withConnection { connection in
        var locking = Pipeline()
        locking.append(.begin)
        let lock = locking.append(.lockForErasure, team.uuid)
        let slot = locking.append(.dueRemoval, team.uuid)
        let locked = try await connection.run(locking, timeout: RequestScope.timeout)
        let now: Timestamp
        do throws(StoreError) {
          guard let state = try locked.decoded(lock).first else { throw StoreError(.notFound("the team")) }
          try state.allowErasure()
          now = state.now
        } catch {
          try await connection.rollback()
          throw error
        }
        guard let (before, until) = try locked.rows(slot).first?.isDue else {
          try await connection.rollback()
          return nil
        }
        var entering = Pipeline()
        let begun = entering.append(
          .beginRemoval, team.uuid, NoteID(bits: .random(in: 0...UInt128.max)).uuid, before.timestamptz, until,
          now.timestamptz)
        entering.append(.noteRemoval, team.uuid, before.timestamptz)
        entering.append(.commit)
        return try await connection.run(entering, timeout: RequestScope.timeout).rows(begun).first
      }
    } catch {
      throw StoreError(wrapping: error)
    }
  }

  private func removal(_ id: NoteID, of team: TeamID) async throws(StoreError) -> Removal {
    guard let row = try await operatorRows(.removalByID, team.uuid, id.uuid).first else {
      throw StoreError(.notFound("the removal"))
    }
    return row
  }
}
