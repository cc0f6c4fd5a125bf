import Ledger
import LedgerStore
import Postgres
import TallyTesting
import Testing

/// A team with edits in a month that is closed and in one that is not, 70 days after the first of them.
struct AgedTeam: Sendable {
  let ledger: SmallLedger
  let clock: ShiftedClock
  /// The closed month.
  let closed: ClosedPeriod
  /// Edits of the first month, resolved in it, that the gateway itself made: their ids say when.
  let oldSettled: RecordID
  let oldReleased: RecordID
  /// An edit of the second month.
  let young = RecordID(bits: 0xF1)

  /// What a removal takes of it: everything that was resolved or refused in the first month, but for what is open.
  var old: Set<RecordID> {
    [ledger.settled, ledger.released, ledger.credited, ledger.refused, oldSettled, oldReleased]
  }

  /// What stays: open edits, one that was held in the first month and charged in the second, and one of the second.
  var kept: Set<RecordID> { [ledger.inDoubt, ledger.held, young] }

  static func make(in store: LedgerStore, _ database: LedgerDatabase, _ clock: ShiftedClock) async throws -> AgedTeam {
    let ledger = try await SmallLedger.make(in: store)
    let start = clock.now
    let settled = Self.record(1, at: start)
    let released = Self.record(2, at: start)
    for record in [settled, released] {
      _ = try await store.hold(
        ledger.request(record, member: ledger.second, key: ledger.rotatedKey, user: "user-2"))
    }
    _ = try await store.settle(ledger.settlement(of: settled))
    _ = try await store.release(ReleaseRequest(team: ledger.team, record: released, cause: .upstreamRefused))
    let month = try #require(CalendarMonth(PeriodBounds.utcMonth(containing: start)))
    try await clock.advance(days: 35, in: database)
    let closed = try await store.closePeriod(team: ledger.team, month: month)
    let team = AgedTeam(ledger: ledger, clock: clock, closed: closed, oldSettled: settled, oldReleased: released)
    try await team.goOn(in: store)
    try await clock.advance(days: 35, in: database)
    return team
  }

  /// The second month: it settles, credits and proves edits of the first one.
  private func goOn(in store: LedgerStore) async throws {
    _ = try await store.settle(ledger.settlement(of: ledger.held))
    _ = try await store.credit(
      CreditRequest(team: ledger.team, record: ledger.credited, amount: Credits(500), creditedBefore: Credits(6_000)),
      by: SmallLedger.administrator)
    _ = try await store.settle(ledger.settlement(of: ledger.released))
    _ = try await store.hold(
      ledger.request(young, member: ledger.second, key: ledger.rotatedKey, user: "user-2", idempotencyKey: "young"))
    _ = try await store.settle(ledger.settlement(of: young))
  }

  /// An id as the gateway makes them (RFC 9562, version 7).
  static func record(_ number: UInt128, at moment: Timestamp) -> RecordID {
    RecordID(bits: UInt128(moment.microseconds / 1_000) << 80 | 7 << 76 | 2 << 62 | number)
  }

  /// The records that are there.
  static func records(in database: LedgerDatabase) async throws -> Set<RecordID> {
    Set(try await database.texts("SELECT record_id::text FROM tally.record").compactMap { $0.flatMap { RecordID($0) } })
  }

  /// The lines that tell of removals.
  static func removedLines(in database: LedgerDatabase) async throws -> [UsageRemoved] {
    try await database.texts(
      """
      SELECT convert_from(l.line, 'UTF8')
        FROM tally.administrative_line AS a
        JOIN tally.log_line AS l ON l.team_id = a.team_id AND l.index = a.index
       WHERE a.action = 'usage.removed' ORDER BY a.index
      """
    ).compactMap { text in
      guard case .usageRemoved(let event) = try? Line.parse(Array((text ?? "").utf8)).1 else { return nil }
      return event
    }
  }
}

/// Runs a test with such a team.
func withAgedTeam<R>(
  takingAtOnce atOnce: TakenAtOnce = TakenAtOnce(),
  _ body: (LedgerStore, LedgerDatabase, AgedTeam) async throws -> R
) async throws -> R {
  try await withLedgerDatabase { database in
    let clock = ShiftedClock()
    try await clock.install(in: database)
    let store = try await database.openStore { settings in
      settings.now = { clock.now }
      settings.takenAtOnce = atOnce
    }
    do {
      let result = try await body(store, database, try await AgedTeam.make(in: store, database, clock))
      await store.close(within: .seconds(5))
      return result
    } catch {
      await store.close(within: .seconds(5))
      throw error
    }
  }
}
