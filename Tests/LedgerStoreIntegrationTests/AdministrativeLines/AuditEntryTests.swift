import Ledger
import LedgerStore
import Migrations
import Postgres
import TallyTesting
import Testing

@Suite struct AuditEntryTests {
  /// Every line of the log, oldest first.
  private static func lines(in database: LedgerDatabase) async throws -> [[UInt8]] {
    try await database.texts("SELECT convert_from(line, 'UTF8') FROM tally.log_line ORDER BY index")
      .map { Array(($0 ?? "").utf8) }
  }

  private static func all(
    _ store: LedgerStore, _ team: TeamID, _ filter: AuditEntryFilter, limit: Int, within: Duration = .seconds(60)
  ) async throws -> [AuditEntry] {
    var filter = filter
    filter.limit = limit
    var found: [AuditEntry] = []
    while true {
      let page = try await store.auditEntries(of: team, filter, within: within)
      found += page.entries
      guard page.hasMore, let last = page.entries.last else { return found }
      filter.after = last.place
    }
  }

  /// The table that finds them has exactly the rows that a migration would have made of the lines.
  @Test func tableHasWhatTheMigrationMakesOfTheLines() async throws {
    try await withLedgerStore { store, database in
      let ledger = try await SmallLedger.make(in: store)
      _ = try await store.erase(
        records: [ledger.settled, ledger.released], of: ledger.team, by: SmallLedger.administrator)
      _ = try await store.noteReading(
        of: "usage", at: Timestamp(microseconds: 0), of: ledger.team,
        by: Administrator(name: "user-1", key: ledger.firstKey, member: ledger.first))
      let rows =
        "SELECT concat_ws(' ', action, index, at, actor, array_to_string(resources, ',')) FROM tally.administrative_line ORDER BY index"
      let written = try await database.texts(rows)
      #expect(written.count >= 8)
      try await database.execute("DELETE FROM tally.administrative_line")
      let script = try #require(
        Migration.all.first { $0.name == "reports" }.map { String(decoding: $0.up, as: UTF8.self) })
      let statement = try #require(script.firstMatch(of: /INSERT INTO tally\.administrative_line[^;]*;/)).0
      try await database.execute(String(statement))
      #expect(try await database.texts(rows) == written)
    }
  }

  @Test func listIsTheAdministrativeLinesNewestFirstInAnyPages() async throws {
    try await withLedgerStore { store, database in
      let ledger = try await SmallLedger.make(in: store)
      let lines = try await Self.lines(in: database)
      let expected = try lines.filter { try !Line.parse($0).1.action.isOfEdit }
      for limit in [1, 2, 3, 100] {
        let found = try await Self.all(store, ledger.team, AuditEntryFilter(), limit: limit)
        #expect(found.map(\.line) == expected.reversed(), "pages of \(limit)")
      }
      let page = try await store.auditEntries(of: ledger.team, AuditEntryFilter())
      #expect(page.asOf.size == Int64(lines.count))
      #expect(page.firstIndex == 0)
    }
  }

  /// Backwards from an entry: the ones next to it, still newest first.
  @Test func entriesBeforeAnotherAreThoseNextToIt() async throws {
    try await withLedgerStore { store, _ in
      let ledger = try await SmallLedger.make(in: store)
      let all = try await Self.all(store, ledger.team, AuditEntryFilter(), limit: 100)
      let last = try #require(all.last)
      let page = try await store.auditEntries(of: ledger.team, AuditEntryFilter(limit: 2, before: last.place))
      #expect(page.entries == Array(all.dropLast().suffix(2)))
      #expect(page.hasMore)
      let newest = try await store.auditEntries(of: ledger.team, AuditEntryFilter(limit: 2, before: all[1].place))
      #expect(newest.entries == [all[0]])
      #expect(!newest.hasMore)
      let between = try await store.auditEntries(
        of: ledger.team, AuditEntryFilter(after: all[0].place, before: last.place))
      #expect(between.entries == Array(all.dropFirst().dropLast()))
    }
  }

  @Test func filtersFindByActionActorResourceAndTime() async throws {
    try await withLedgerStore { store, _ in
      let ledger = try await SmallLedger.make(in: store)
      let reader = Administrator(name: "user-1", key: ledger.firstKey, member: ledger.first)
      _ = try await store.noteReading(of: "usage", at: .epoch, of: ledger.team, by: reader)
      func actions(_ filter: AuditEntryFilter) async throws -> [Action] {
        try await store.auditEntries(of: ledger.team, filter).entries.map(\.action)
      }
      #expect(try await actions(AuditEntryFilter(actions: [.keyIssued])) == [.keyIssued, .keyIssued])
      #expect(try await actions(AuditEntryFilter(actors: ["user-1"])) == [.reportRead])
      #expect(try await actions(AuditEntryFilter(actors: ["\(ledger.firstKey)"])) == [.reportRead])
      #expect(try await actions(AuditEntryFilter(actors: ["\(ledger.first)"])) == [.reportRead])
      #expect(try await actions(AuditEntryFilter(actors: ["nobody"])).isEmpty)
      #expect(try await actions(AuditEntryFilter(actors: ["operator"])).contains(.teamCreated))
      #expect(
        try await actions(AuditEntryFilter(resources: ["user-2"])) == [
          .keyRotated, .limitChanged, .keyIssued, .memberAdded,
        ])
      #expect(try await actions(AuditEntryFilter(resources: ["\(ledger.rotatedKey)"])) == [.keyRotated])
      #expect(try await actions(AuditEntryFilter(actions: [.memberAdded], resources: ["user-1"])) == [.memberAdded])
      let page = try await store.auditEntries(of: ledger.team, AuditEntryFilter(actions: [.reportRead]))
      #expect(page.entries.map(\.userID) == ["user-1"])
      let all = try await store.auditEntries(of: ledger.team, AuditEntryFilter(limit: 100)).entries
      let middle = all[all.count / 2].header.at
      #expect(
        try await actions(AuditEntryFilter(limit: 100, from: middle)).count == all.count { $0.header.at >= middle })
      #expect(
        try await actions(AuditEntryFilter(limit: 100, until: middle)).count == all.count { $0.header.at < middle })
    }
  }

  /// Lines of edits are asked for by name, and found by looking through the log.
  @Test func linesOfEditsAreFoundWhereTheyAreNamed() async throws {
    try await withLedgerStore { store, database in
      let ledger = try await SmallLedger.make(in: store)
      let lines = try await Self.lines(in: database)
      let wanted: Set<Action> = [.editSettled, .editRefused, .memberAdded]
      let expected = try lines.filter { wanted.contains(try Line.parse($0).1.action) }
      for limit in [1, 2, 100] {
        let found = try await Self.all(store, ledger.team, AuditEntryFilter(actions: wanted), limit: limit)
        #expect(found.map(\.line) == expected.reversed(), "pages of \(limit)")
      }
      let one = try await store.auditEntries(
        of: ledger.team, AuditEntryFilter(actions: [.editSettled], resources: ["\(ledger.settled)"]))
      #expect(one.entries.count == 1)
      let ofMember = try await store.auditEntries(
        of: ledger.team, AuditEntryFilter(actions: [.editHeld], actors: ["user-2"]))
      #expect(ofMember.entries.count == 1)
      let oldest = try #require(
        try await Self.all(store, ledger.team, AuditEntryFilter(actions: wanted), limit: 100).last)
      let up = try await store.auditEntries(
        of: ledger.team, AuditEntryFilter(limit: 1, actions: [.editSettled], before: oldest.place))
      #expect(up.entries.map(\.line) == [try #require(lines.first { try Line.parse($0).1.action == .editSettled })])
      #expect(up.hasMore)
      let middle = try Line.parse(lines[lines.count / 2]).0.at
      let young = try await store.auditEntries(of: ledger.team, AuditEntryFilter(actions: [.editHeld], from: middle))
      #expect(
        try young.entries.map(\.line)
          == lines.filter { try Line.parse($0).1.action == .editHeld && Line.parse($0).0.at >= middle }.reversed())
    }
  }

  /// Lines of some actors or resources, which may be rare, are looked for piece by piece: however long those are, the
  /// list is the same, and without time to look on it says where it ended.
  @Test(arguments: [1, 2, 5] as [Int64])
  func rareLinesAreFoundPieceByPiece(places: Int64) async throws {
    try await withLedgerStore { usual, database in
      let ledger = try await SmallLedger.make(in: usual)
      let store = try await database.openStore { $0.auditPlacesAtOnce = places }
      for filter in [AuditEntryFilter(actors: ["operator"]), AuditEntryFilter(resources: ["user-2"])] {
        let expected = try await Self.all(usual, ledger.team, filter, limit: 100)
        #expect(expected.count > 3)
        for limit in [1, 3, 100] {
          #expect(try await Self.all(store, ledger.team, filter, limit: limit) == expected)
        }
        var up = filter
        (up.limit, up.before) = (2, expected.last?.place)
        #expect(try await store.auditEntries(of: ledger.team, up).entries == Array(expected.dropLast().suffix(2)))
        let cutOff = try await store.auditEntries(of: ledger.team, filter, within: .zero)
        #expect(cutOff.hasMore && cutOff.stoppedAt != nil && cutOff.entries.count <= expected.count)
      }
      await store.close(within: .seconds(5))
    }
  }

  /// Without time to look on, it says where it ended.
  @Test func lookingEndsAtItsLimitAndSaysWhere() async throws {
    try await withLedgerStore { store, _ in
      let ledger = try await SmallLedger.make(in: store)
      let page = try await store.auditEntries(
        of: ledger.team, AuditEntryFilter(actions: [.editEvidence]), within: .zero)
      // The log is shorter than one stretch, which is always looked through.
      #expect(page.entries.isEmpty && page.stoppedAt == nil && !page.hasMore)
    }
  }

  @Test func prunedLinesAreNotListedAndTheListSaysWhereItBegins() async throws {
    try await withAgedTeam { store, _, team in
      let next = try #require(CalendarMonth(PeriodBounds.utcMonth(containing: team.closed.end)))
      _ = try await store.prune(before: next, of: team.ledger.team, by: SmallLedger.administrator)
      let page = try await store.auditEntries(of: team.ledger.team, AuditEntryFilter(limit: 100))
      #expect(page.firstIndex == team.closed.index)
      #expect(page.entries.map(\.action) == [.privateErased, .periodClosed])
      let edits = try await store.auditEntries(of: team.ledger.team, AuditEntryFilter(limit: 100, actions: [.editHeld]))
      #expect(edits.entries.count == 1)
    }
  }
}
