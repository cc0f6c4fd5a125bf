import Failpoints
import Ledger
import Postgres

/// Removes what a removal covers, in short transactions under the team's lock, so that a legal hold that is placed stops it
/// at once, and no row that a lane works on is taken away. Each transaction counts in the removal's row what it took, so a
/// process that is killed leaves a right count.
struct Remover: Sendable {
  /// What is taken of usage, in this order: days and months, so that nothing reads their sums any more; those; quarters of an
  /// hour, of which a day that is there has all.
  private enum UsagePart: CaseIterable {
    case spans
    case sums
    case sumsByKey
    case sumsByProduct
    case quarters

    var statement: Statement<Int64> {
      switch self {
      case .spans: .removeSpans
      case .sums: .removeSums
      case .sumsByKey: NarrowSums.byKey.remove
      case .sumsByProduct: NarrowSums.byProduct.remove
      case .quarters: .removeUsage
      }
    }
  }

  let team: TeamID
  /// Connections with the lane's role.
  let pool: Pool
  let atOnce: TakenAtOnce
  /// Waits after each transaction for as long as it took, so that half of the time is the edits'.
  let pause: @Sendable (Duration) async throws -> Void

  /// Does what is left of `removal`.
  /// - Parameter progress: is told after each transaction.
  /// - Throws: `conflict` for a legal hold; `notAllowed` for a halted team; `unavailable`: what was done stays done.
  func run(_ removal: Removal, progress: @Sendable (Removal) -> Void) async throws(StoreError) {
    var removal = removal
    while removal.index == nil, removal.next < removal.until {
      removal = try await step { connection in try await removeRecords(removal, on: connection) } ?? .done(removal)
      progress(removal)
    }
    for part in UsagePart.allCases {
      var isMore = true
      while removal.index == nil, isMore {
        let current = removal
        let taken = try await step { connection in
          try await removeUsage(current, part, on: connection)
        }
        removal = taken?.removal ?? .done(removal)
        isMore = taken.map { $0.count > 0 } ?? false
        progress(removal)
      }
    }
  }

  /// One transaction and the rest behind it.
  /// - Returns: nil where somebody else has finished the removal.
  private func step<Value: Sendable>(
    _ work: (Connection) async throws -> Value?
  ) async throws(StoreError) -> Value? {
    let clock = ContinuousClock()
    let start = clock.now
    do {
      let moved = try await pool.withConnection { connection in
        do {
          return try await work(connection)
        } catch let error as StoreError {
          try await connection.rollback()
          throw error
        }
      }
      try await pause(clock.now - start)
      return moved
    } catch {
      throw StoreError(wrapping: error)
    }
  }

  private func removeRecords(_ removal: Removal, on connection: Connection) async throws -> Removal? {
    var locking = Pipeline()
    let (lock, row) = appendLocks(removal, to: &locking)
    let slot = locking.append(.removalCandidates, team.uuid, removal.id.uuid, atOnce.records)
    let locked = try await connection.run(locking, timeout: RequestScope.timeout)
    guard let current = try check(locked, lock, row) else {
      try await connection.rollback()
      return nil
    }
    let candidates = try locked.rows(slot)
    let going = candidates.filter(\.goes)
    let records = going.map(\.record.uuid)
    // Fewer than were asked for: there are no more.
    let isEnd = candidates.count < Int(atOnce.records)
    let next = isEnd ? current.until : (candidates.last?.holdIndex ?? current.until - 1) + 1
    var taking = Pipeline()
    var gone: Pipeline.Slot<Int64>?
    if !going.isEmpty {
      taking.append(.removeKeysOfRecords, team.uuid, going.map(\.createdAt.timestamptz), records)
      let keys = going.flatMap(\.resultKeys)
      if !keys.isEmpty { taking.append(.removeResults, team.uuid, keys, records) }
      gone = taking.append(.removeRecords, team.uuid, records)
    }
    let taken = try await connection.run(taking, timeout: RequestScope.timeout)
    let count = try gone.flatMap { try taken.rows($0).first } ?? 0
    return try await end(removal, next: next, records: count, buckets: 0, on: connection)
  }

  /// Takes a piece of a part of the usage.
  /// - Returns: nil where somebody else has finished the removal.
  private func removeUsage(
    _ removal: Removal, _ part: UsagePart, on connection: Connection
  ) async throws -> (removal: Removal, count: Int64)? {
    var locking = Pipeline()
    let (lock, row) = appendLocks(removal, to: &locking)
    // A bucket in which the month ends is not all of it; zones of today have none.
    let end = UsageKey.bucketStart(of: removal.before).timestamptz
    locking.append(.lockUsage, team.uuid)
    let gone = locking.append(part.statement, team.uuid, end, atOnce.buckets)
    let locked = try await connection.run(locking, timeout: RequestScope.timeout)
    guard let current = try check(locked, lock, row) else {
      try await connection.rollback()
      return nil
    }
    let count = try locked.rows(gone).first ?? 0
    let moved = try await self.end(
      removal, next: current.next, records: 0, buckets: part == .quarters ? count : 0, on: connection)
    return moved.map { ($0, count) }
  }

  private func appendLocks(
    _ removal: Removal, to pipeline: inout Pipeline
  ) -> (Pipeline.Slot<ErasedTeam>, Pipeline.Slot<Removal>) {
    pipeline.append(.begin)
    let lock = pipeline.append(.lockForErasure, team.uuid)
    return (lock, pipeline.append(.lockRemoval, team.uuid, removal.id.uuid))
  }

  /// The removal as it stands; nil where it is done.
  private func check(
    _ results: PipelineResults, _ lock: Pipeline.Slot<ErasedTeam>, _ row: Pipeline.Slot<Removal>
  ) throws -> Removal? {
    guard let team = try results.rows(lock).first else { throw StoreError(.notFound("the team")) }
    try team.allowErasure()
    guard let removal = try results.rows(row).first else { return nil }
    // Who keeps them longer meanwhile means those, too, that a removal was going to take.
    guard let days = team.keepDays, removal.before <= team.now.adding(seconds: -days * 86_400) else {
      throw StoreError(.conflict("the team keeps these records longer now"))
    }
    return removal
  }

  private func end(
    _ removal: Removal, next: Int64, records: Int64, buckets: Int64, on connection: Connection
  ) async throws -> Removal? {
    var ending = Pipeline()
    let moved = ending.append(.moveRemoval, team.uuid, removal.id.uuid, next, records, buckets)
    ending.append(.commit)
    Failpoints.pass(.removalBeforeCommit)
    return try await connection.run(ending, timeout: RequestScope.timeout).rows(moved).first
  }
}

extension Removal {
  /// The removal as one that somebody else has finished.
  fileprivate static func done(_ removal: Removal) -> Removal {
    var removal = removal
    removal.index = removal.index ?? 0
    return removal
  }
}
