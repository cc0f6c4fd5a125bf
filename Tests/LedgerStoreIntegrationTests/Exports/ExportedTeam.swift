import Exports
import Foundation
import Ledger
import LedgerStore
import Postgres
import TallyTesting
import Testing
import TransparencyLog

/// A team with edits of all kinds before, between and behind closed months, and a head that a key of its own signed.
struct ExportedTeam: Sendable {
  let ledger: SmallLedger
  let store: LedgerStore
  let database: LedgerDatabase
  let key: NoteSigningKey
  /// The months that were closed, the oldest first.
  let closed: [ClosedPeriod]
  let now: Timestamp

  var team: TeamID { ledger.team }

  /// The exports of the team's store.
  var exports: LogExports {
    let verifier = key.verifier
    return LogExports(store: store, pace: .full) { [verifier] }
  }

  /// Makes the team, closing `months` months with some edits between them, and signs a head of all of it.
  static func make(months count: Int = 2, in store: LedgerStore, _ database: LedgerDatabase) async throws
    -> ExportedTeam
  {
    let ledger = try await SmallLedger.make(in: store)
    try await database.ageTeams(days: 200)
    let text = try await database.texts("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint::text")
    let now = Timestamp(microseconds: try #require(Int64(text.first.flatMap(\.self) ?? "")))
    var months: [CalendarMonth] = []
    var start = PeriodBounds.utcMonth(containing: now).start
    for _ in 0..<count {
      let bounds = PeriodBounds.utcMonth(containing: Timestamp(microseconds: start.microseconds - 1))
      months.append(try #require(CalendarMonth(bounds)))
      start = bounds.start
    }
    var closed: [ClosedPeriod] = []
    var edit: UInt128 = 0xE00
    for month in months.reversed() {
      closed.append(try await store.closePeriod(team: ledger.team, month: month))
      // One is settled, credited later; one stays open over the next closing.
      for number in 0..<4 {
        edit += 1
        let record = RecordID(bits: edit)
        _ = try await store.hold(
          ledger.request(record, member: ledger.second, key: ledger.rotatedKey, user: "user-2"))
        guard number < 3 else { continue }
        _ = try await store.settle(ledger.settlement(of: record))
        guard number == 1 else { continue }
        try await store.credit(
          CreditRequest(team: ledger.team, record: record, amount: Credits(500), creditedBefore: .zero),
          by: SmallLedger.administrator)
      }
      // An edit of an earlier range is credited.
      try await store.credit(
        CreditRequest(
          team: ledger.team, record: ledger.settled, amount: Credits(100),
          creditedBefore: Credits(Int64(closed.count - 1) * 100)), by: SmallLedger.administrator)
    }
    let team = ExportedTeam(
      ledger: ledger, store: store, database: database,
      key: try #require(NoteSigningKey(newNamed: "tally.local")), closed: closed,
      // Past the last line, whatever the two clocks say.
      now: now.adding(seconds: 3_600))
    try await team.sign()
    return team
  }

  /// Makes the team in the running month, lets that end and closes it before anything else happens.
  static func atAMonthsEnd(
    in store: LedgerStore, _ database: LedgerDatabase, _ clock: ShiftedClock
  ) async throws -> ExportedTeam {
    let ledger = try await SmallLedger.make(in: store)
    let month = try #require(CalendarMonth(PeriodBounds.utcMonth(containing: clock.now)))
    try await clock.advanceToNextMonth(in: database)
    let closed = try await store.closePeriod(team: ledger.team, month: month)
    let team = ExportedTeam(
      ledger: ledger, store: store, database: database,
      key: try #require(NoteSigningKey(newNamed: "tally.local")), closed: [closed],
      now: clock.now.adding(seconds: 3_600))
    try await team.sign()
    return team
  }

  /// Signs a head of the log as it is now.
  func sign() async throws {
    let log = try await store.logState(of: team)
    let note = try Checkpoint(origin: log.origin, size: log.size, root: log.peaks.root).signed(by: key)
    try await database.execute(
      """
      INSERT INTO tally.checkpoint (team_id, log_origin, size, root, note, signed_at)
      VALUES ('\(team)', '\(log.origin)', \(log.size), '\\x\(log.peaks.root.bytes.map { hex($0) }.joined())',
              '\(note.string)', now())
      ON CONFLICT ON CONSTRAINT checkpoint_pkey DO UPDATE
         SET size = excluded.size, root = excluded.root, note = excluded.note
      """)
  }

  private func hex(_ byte: UInt8) -> String {
    (byte < 16 ? "0" : "") + String(byte, radix: 16)
  }

  /// A request for this team.
  func request(
    _ content: ExportRequest.Content, from: Int64? = nil, to: Int64? = nil
  ) -> ExportRequest {
    var request = ExportRequest(team: team, content: content)
    request.from = from.map { .index($0) }
    request.to = to.map { .index($0) }
    return request
  }

  /// The stored lines.
  func lines() async throws -> [[UInt8]] {
    try await database.texts(
      "SELECT convert_from(line, 'UTF8') FROM tally.log_line WHERE team_id = '\(team)' ORDER BY index"
    ).map { Array(($0 ?? "").utf8) }
  }
}

/// Runs a test with such a team, and with a folder of its own.
func withExportedTeam(months: Int = 2, _ body: (ExportedTeam, String) async throws -> Void) async throws {
  try await withLedgerStore { store, database in
    let folder = try TemporaryFolder()
    try await body(try await ExportedTeam.make(months: months, in: store, database), folder.url.path)
    withExtendedLifetime(folder) {}
  }
}
