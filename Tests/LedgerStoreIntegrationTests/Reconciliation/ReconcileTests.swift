import Ledger
import LedgerStore
import TallyTesting
import Testing

@Suite struct ReconcileTests {
  private static func call(_ record: RecordID, credits: Int64, at: Timestamp) -> TruthLogEntry {
    TruthLogEntry(
      isEdit: true, uuid: "upstream-\(record)", requestID: record.description, worked: true, at: at,
      credits: Credits(credits))
  }

  private static func now(_ database: LedgerDatabase) async throws -> Timestamp {
    let text = try await database.texts("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint::text")
    return Timestamp(microseconds: try #require(Int64(text.first.flatMap(\.self) ?? "")))
  }

  @Test func theLedgerIsHeldAgainstTheUpstreamsFigures() async throws {
    try await withLedgerStore { store, database in
      let ledger = try await SmallLedger.make(in: store)
      let now = try await Self.now(database)
      func report(_ calls: [TruthLogEntry]) async throws -> ReconciliationReport {
        var reconciliation = Reconciliation(
          from: now.adding(seconds: -7_200), to: now.adding(seconds: 7_200), team: nil)
        for call in calls { try reconciliation.take(call) }
        return try await store.reconcile(reconciliation)
      }
      let truth = [
        Self.call(ledger.settled, credits: SmallLedger.price, at: now),
        Self.call(ledger.credited, credits: SmallLedger.price * 2, at: now),
      ]
      let sound = try await report(truth)
      #expect(sound.agrees)
      #expect(sound.findings.map(\.kind) == [.inDoubtNotWorked])
      #expect(sound.findings.map(\.record) == [ledger.inDoubt])
      #expect(sound.totals.edits == 6 && sound.totals.matched == 2)
      #expect(sound.totals.charged == SmallLedger.price * 3 && sound.totals.credited == 6_000)
      // What was never logged is found, and whose it was cannot be said.
      let stranger = RecordID(bits: 0xF00)
      let found = try await report(truth + [Self.call(stranger, credits: 7, at: now)])
      #expect(!found.agrees)
      #expect(found.counts[.neverLogged] == 1)
      #expect(found.findings.first?.record == stranger && found.findings.first?.team == nil)
      // A row that is gone is one that was never logged.
      try await database.execute("DELETE FROM tally.record WHERE record_id = '\(ledger.settled)'")
      let damaged = try await report(truth)
      #expect(damaged.counts[.neverLogged] == 1)
    }
  }

  @Test func lateEvidenceIsReadFromItsLine() async throws {
    try await withLedgerStore { store, database in
      let ledger = try await SmallLedger.make(in: store)
      _ = try await store.settle(
        SettleRequest(
          team: ledger.team, record: ledger.inDoubt, upstreamUUID: nil, resultKeys: [], temporaryURL: nil,
          assumed: true))
      var proof = ledger.settlement(of: ledger.inDoubt)
      proof.upstreamCredit = Credits(12_361)
      _ = try await store.settle(proof)
      let now = try await Self.now(database)
      for (credits, agrees) in [(12_361, true), (12_362, false)] as [(Int64, Bool)] {
        var reconciliation = Reconciliation(
          from: now.adding(seconds: -7_200), to: now.adding(seconds: 7_200), team: ledger.team)
        try reconciliation.take(Self.call(ledger.settled, credits: SmallLedger.price, at: now))
        try reconciliation.take(Self.call(ledger.credited, credits: SmallLedger.price * 2, at: now))
        try reconciliation.take(Self.call(ledger.inDoubt, credits: credits, at: now))
        let report = try await store.reconcile(reconciliation)
        #expect(report.agrees == agrees)
        #expect(report.counts == (agrees ? [:] : [.amountDiffers: 1]))
      }
    }
  }
}
