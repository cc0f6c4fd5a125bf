import Ledger
import LedgerStore
import TallyTesting
import Testing
import TransparencyLog

/// Replaying a team's whole log rebuilds its tables exactly: read here by SQL of the test's own, not by what
/// `tally ledger check` compares.
@Suite struct ReplayedTablesTests {
  @Test("A replayed log is the tables, row for row: settings, members, keys, budgets of all periods, holds, doubts")
  func replayedLogIsTheTables() async throws {
    try await withLedgerDatabase { database in
      let clock = ShiftedClock()
      try await clock.install(in: database)
      let store = try await database.openStore { $0.now = { clock.now } }
      do {
        let ledger = try await SmallLedger.make(in: store)
        try await Self.live(ledger, in: store, clock, database)
        try await Self.compare(ledger.team, database)
        // What is open now must be in the tables of a log that goes on, too.
        try await clock.advance(days: 40, in: database)
        _ = try await store.settle(ledger.settlement(of: ledger.held))
        _ = try await store.release(
          ReleaseRequest(team: ledger.team, record: ledger.inDoubt, cause: .upstreamRefused))
        try await Self.compare(ledger.team, database)
        // An edit may be open for the months that this test jumps over.
        let violations = try await store.check(heldAtMost: .seconds(200 * 86_400)).violations
        #expect(violations == [])
      } catch {
        await store.close(within: .seconds(5))
        throw error
      }
      await store.close(within: .seconds(5))
    }
  }

  /// Two months and something of every kind in them.
  private static func live(
    _ ledger: SmallLedger, in store: LedgerStore, _ clock: ShiftedClock, _ database: LedgerDatabase
  ) async throws {
    let by = SmallLedger.administrator
    try await clock.advance(days: 40, in: database)
    let open = RecordID(bits: 0xE1)
    let doubted = RecordID(bits: 0xE2)
    let charged = RecordID(bits: 0xE3)
    for record in [open, doubted, charged] {
      _ = try await store.hold(ledger.request(record, member: ledger.second, key: ledger.rotatedKey, user: "user-2"))
    }
    _ = try await store.markInDoubt(InDoubtRequest(team: ledger.team, record: doubted, cause: .leaseEnded))
    _ = try await store.settle(ledger.settlement(of: charged))
    // A late credit goes to the month that was charged.
    _ = try await store.credit(
      CreditRequest(team: ledger.team, record: ledger.credited, amount: Credits(500), creditedBefore: Credits(6_000)),
      by: by)
    _ = try await store.changeTeam(
      ledger.team, TeamChange(limit: .set(Credits(50_000)), timeZone: .set("Asia/Kathmandu")), by: by)
    _ = try await store.changeTeam(
      ledger.team, TeamChange(period: .set(.total), inDoubtChargeSeconds: .set(nil)), by: by)
    _ = try await store.changeMember(
      team: ledger.team, userID: "user-1",
      MemberChange(role: .set(.finance), status: .set(.suspended), limit: .set(Credits(1)), period: .set(.total)),
      by: by)
    _ = try await store.revokeKey(team: ledger.team, key: ledger.firstKey, by: by)
  }

  private static func compare(_ team: TeamID, _ database: LedgerDatabase) async throws {
    let lines = try await database.texts(
      "SELECT convert_from(line, 'UTF8') FROM tally.log_line WHERE team_id = '\(team)' ORDER BY index"
    ).map { Array(($0 ?? "").utf8) }
    let book = try TeamBook.replay(lines: lines)
    for table in ReplayedTable.all {
      let stored = try await database.texts(table.sql(team)).map { $0 ?? "" }.sorted()
      let replayed = try table.rows(book, lines).sorted()
      #expect(stored == replayed, "\(table.name)")
      #expect(!stored.isEmpty, "\(table.name)")
    }
    let budgets = book.budgets.values
    #expect(Set(budgets.map(\.id.owner)).count < budgets.count, "no subject has rows of two periods")
    #expect(Set(budgets.map(\.id.period)) == Set(Period.allCases))
    #expect(book.team.isHalted == false)
  }
}

/// One table, as SQL tells of it and as a replayed book does: a row is a text with all fields.
private struct ReplayedTable: Sendable {
  var name: String
  var sql: @Sendable (TeamID) -> String
  var rows: @Sendable (TeamBook, [[UInt8]]) throws -> [String]

  private static func time(_ column: String) -> String {
    "to_char(\(column) AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
  }

  private static func row(_ fields: Any?...) -> String {
    fields.map { field in
      switch field {
      case let value as Bool: value ? "t" : "f"
      case let value?: "\(value)"
      case nil: ""
      }
    }.joined(separator: "|")
  }

  static let all = [team, members, keys, budgets, records]

  private static let team = ReplayedTable(
    name: "team",
    sql: { team in
      """
      SELECT concat_ws('|', status, coalesce(credit_limit::text, ''), period, time_zone,
               coalesce(in_doubt_charge_seconds::text, ''), legal_hold, log_origin, log_size, \(time("log_last_at")),
               encode(log_peaks, 'hex'))
        FROM tally.team WHERE team_id = '\(team)'
      """
    },
    rows: { book, lines in
      var peaks = Peaks()
      for line in lines { peaks.add(LeafHash.hash(line)) }
      let team = book.team
      return [
        row(
          team.status.rawValue, team.limit, team.period.rawValue, team.timeZone, team.inDoubtChargeAfterSeconds,
          team.isOnLegalHold, book.origin, book.logSize, book.lastAt, peaks.hashes.map(\.description).joined())
      ]
    })

  private static let members = ReplayedTable(
    name: "member",
    sql: { team in
      """
      SELECT concat_ws('|', member_id, role, status, coalesce(credit_limit::text, ''), period)
        FROM tally.member WHERE team_id = '\(team)'
      """
    },
    rows: { book, _ in
      book.members.values.map { row($0.id, $0.role.rawValue, $0.status.rawValue, $0.limit, $0.period.rawValue) }
    })

  private static let keys = ReplayedTable(
    name: "api_key",
    sql: { team in
      """
      SELECT concat_ws('|', key_id, member_id, budget_key_id, coalesce(credit_limit::text, ''), period,
               coalesce(rate_per_minute::text, ''), coalesce(\(time("expires_at")), ''),
               coalesce(\(time("revoked_at")), ''),
               array_to_string(ARRAY(SELECT scope FROM unnest(scopes) AS scope ORDER BY scope), ','))
        FROM tally.api_key WHERE team_id = '\(team)'
      """
    },
    rows: { book, _ in
      book.keys.values.map {
        row(
          $0.id, $0.member, $0.budgetSubject, $0.limit, $0.period.rawValue, $0.ratePerMinute, $0.expiresAt,
          $0.revokedAt,
          $0.scopes.names.sorted().joined(separator: ","))
      }
    })

  private static let budgets = ReplayedTable(
    name: "budget",
    sql: { team in
      """
      SELECT concat_ws('|', scope, subject_id, period, \(time("period_start")), coalesce(\(time("period_end")), ''),
               coalesce(credit_limit::text, ''), used, held, is_over_limit)
        FROM tally.budget WHERE team_id = '\(team)'
      """
    },
    rows: { book, _ in
      book.budgets.values.map {
        row(
          $0.id.scope.rawValue, Identifier<Never>(bits: $0.id.subject), $0.id.period.rawValue, $0.id.start, $0.end,
          $0.limit, $0.used, $0.held, $0.isOverLimit)
      }
    })

  private static let records = ReplayedTable(
    name: "record",
    sql: { team in
      """
      SELECT concat_ws('|', record_id, member_id, key_id, instance_id, state, assumed, n, unit_price, price_version, held,
               charged, credited, hold_index, coalesce(resolve_index::text, ''), \(time("created_at")),
               coalesce(\(time("in_doubt_at")), ''), coalesce(\(time("team_period_start")), ''),
               coalesce(\(time("member_period_start")), ''), coalesce(key_subject_id::text, ''),
               coalesce(\(time("key_period_start")), ''))
        FROM tally.record WHERE team_id = '\(team)'
      """
    },
    rows: { book, lines in
      var doubts: [RecordID: Timestamp] = [:]
      for line in lines {
        let (header, event) = try Line.parse(line)
        if case .inDoubt(let doubt) = event { doubts[doubt.record] = header.at }
      }
      return book.records.values.map { record in
        let key = record.budgets.first { $0.scope == .key }
        return row(
          record.id, record.member, record.key, record.instance, record.state.rawValue, record.assumed, record.n,
          record.unitPrice, record.priceVersion, record.held, record.charged, record.credited, record.openedIndex,
          record.resolvedIndex, record.heldAt, doubts[record.id], record.budgets.first { $0.scope == .team }?.start,
          record.budgets.first { $0.scope == .member }?.start, key.map { KeyID(bits: $0.subject) }, key?.start)
      }
    })
}
