import Ledger
import LedgerStore
import TallyTesting
import Testing
import TransparencyLog

/// One table, as SQL tells of it and as a replayed book does: a row is a text with all fields.
struct ReplayedTable: Sendable {
  var name: String
  var sql: @Sendable (TeamID) -> String
  var rows: @Sendable (TeamBook, [[UInt8]]) throws -> [String]

  /// Compares the tables of a team with what its log replays to, row for row.
  /// - Returns: the book that it replays to.
  static func compare(_ team: TeamID, _ database: LedgerDatabase) async throws -> TeamBook {
    let lines = try await database.texts(
      "SELECT convert_from(line, 'UTF8') FROM tally.log_line WHERE team_id = '\(team)' ORDER BY index"
    ).map { Array(($0 ?? "").utf8) }
    let book = try TeamBook.replay(lines: lines)
    for table in all {
      let stored = try await database.texts(table.sql(team)).map { $0 ?? "" }.sorted()
      let replayed = try table.rows(book, lines).sorted()
      #expect(stored == replayed, "\(table.name)")
      #expect(!stored.isEmpty, "\(table.name)")
    }
    return book
  }

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
               coalesce(in_doubt_charge_seconds::text, ''), legal_hold, coalesce(keep_days::text, ''), log_origin, log_size, \(time("log_last_at")),
               encode(log_peaks, 'hex'))
        FROM tally.team WHERE team_id = '\(team)'
      """
    },
    rows: { book, lines in
      var peaks = Peaks()
      var keepDays: Int64?
      for line in lines {
        peaks.add(LeafHash.hash(line))
        if case .retentionChanged(let event) = try Line.parse(line).1 { keepDays = event.new }
      }
      let team = book.team
      return [
        row(
          team.status.rawValue, team.limit, team.period.rawValue, team.timeZone, team.inDoubtChargeAfterSeconds,
          team.isOnLegalHold, keepDays, book.origin, book.logSize, book.lastAt, peaks.hashes.map(\.description).joined()
        )
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
      SELECT concat_ws('|', record_id, member_id, key_id, instance_id, model, quality, size, state, assumed, n, unit_price, price_version, held,
               charged, credited, hold_index, coalesce(resolve_index::text, ''), \(time("created_at")),
               coalesce(\(time("in_doubt_at")), ''), coalesce(\(time("team_period_start")), ''),
               coalesce(\(time("member_period_start")), ''), coalesce(key_subject_id::text, ''),
               coalesce(\(time("key_period_start")), ''))
        FROM tally.record WHERE team_id = '\(team)'
      """
    },
    rows: { book, lines in
      var doubts: [RecordID: Timestamp] = [:]
      var products: [RecordID: [String]] = [:]
      for line in lines {
        let (header, event) = try Line.parse(line)
        switch event {
        case .inDoubt(let doubt): doubts[doubt.record] = header.at
        case .held(let held): products[held.record] = [held.model, held.quality, held.size]
        case .refused(let refused): products[refused.record] = [refused.model, refused.quality, refused.size]
        default: break
        }
      }
      return book.records.values.map { record in
        let key = record.budgets.first { $0.scope == .key }
        return row(
          record.id, record.member, record.key, record.instance, products[record.id]?.joined(separator: "|"),
          record.state.rawValue, record.assumed, record.n,
          record.unitPrice, record.priceVersion, record.held, record.charged, record.credited, record.openedIndex,
          record.resolvedIndex, record.heldAt, doubts[record.id], record.budgets.first { $0.scope == .team }?.start,
          record.budgets.first { $0.scope == .member }?.start, key.map { KeyID(bits: $0.subject) }, key?.start)
      }
    })
}
