import Ledger
import LedgerStore
import TallyTesting
import Testing

/// Each invariant of the check is broken in one row, by hand and past every policy; the check must name that row.
@Suite struct DamageTests {
  @Test(arguments: DamagedRow.ofTheLog)
  func damagedLogIsNamed(row: DamagedRow) async throws {
    try await expectFound(row)
  }

  @Test(arguments: DamagedRow.ofTheTables)
  func damagedTableIsNamed(row: DamagedRow) async throws {
    try await expectFound(row)
  }

  @Test(arguments: DamagedRow.ofRecords)
  func damagedRecordIsNamed(row: DamagedRow) async throws {
    try await expectFound(row)
  }

  @Test(arguments: DamagedRow.ofRollups)
  func damagedRollupIsNamed(row: DamagedRow) async throws {
    try await expectFound(row)
  }

  @Test(arguments: DamagedRow.ofKeys)
  func damagedIdempotencyKeyIsNamed(row: DamagedRow) async throws {
    try await expectFound(row)
  }

  /// A new invariant needs a row that breaks it. Those about time, halts and the upstream have tests of their own.
  @Test func everyInvariantIsBrokenBySomeRow() {
    let rows =
      DamagedRow.ofTheLog + DamagedRow.ofTheTables + DamagedRow.ofKeys + DamagedRow.ofRecords
      + DamagedRow.ofRollups
    let elsewhere: Set<Invariant> = [
      .idempotencyKeyStandsForOneEdit, .nothingIsHeldPastItsTime, .refusedEditWasNeverSent, .upstreamWorkIsAccountedFor,
      .settledEditWasWorked, .upstreamCallHasARecord, .logIsNotHalted,
    ]
    #expect(Set(rows.map(\.invariant)).union(elsewhere) == Set(Invariant.allCases))
    #expect(elsewhere.isDisjoint(with: rows.map(\.invariant)))
  }

  /// Another team's damage is its own.
  @Test func damageOfOneTeamIsNotTheOthers() async throws {
    try await withLedgerStore { store, database in
      let ledger = try await SmallLedger.make(in: store)
      let other = TeamID(bits: 0xA9)
      _ = try await store.createTeam(NewTeam(id: other, name: "Other"), by: SmallLedger.administrator)
      try await database.execute("UPDATE tally.team SET credit_limit = 1 WHERE team_id = '\(other)'")
      #expect(try await store.check(team: ledger.team).violations == [])
      #expect(try await store.check().violations.map(\.team) == [other])
    }
  }

  @Test func holdIsNotLeftPastItsTime() async throws {
    try await withLedgerStore { store, database in
      let ledger = try await SmallLedger.make(in: store)
      #expect(try await store.check(heldAtMost: .seconds(3_600)).violations == [])
      // Nothing is younger than zero seconds.
      let violations = try await store.check(heldAtMost: .zero).violations
      #expect(violations.map(\.invariant) == [.nothingIsHeldPastItsTime])
      #expect(violations.map(\.subject) == ["record \(ledger.held)"])
    }
  }

  private func expectFound(_ row: DamagedRow) async throws {
    try await withLedgerStore { store, database in
      _ = try await SmallLedger.make(in: store)
      try await database.execute(row.sql)
      let violations = try await store.check().violations
      #expect(
        violations.contains { $0.invariant == row.invariant && $0.subject.contains(row.subject) },
        "\(row.subject) is not among \(violations)")
    }
  }
}
