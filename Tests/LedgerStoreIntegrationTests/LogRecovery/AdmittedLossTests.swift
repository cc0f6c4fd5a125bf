import Ledger
import LedgerStore
import TallyTesting
import Testing

/// A charge whose hold was lost halts a team once. When its log was recovered the loss is admitted, and the same charge,
/// which stays in a journal, is known for what it is.
@Suite struct AdmittedLossTests {
  /// The id of an edit that was made at this moment, as a gateway makes it.
  private static func record(at moment: Timestamp) -> RecordID {
    RecordID(bits: UInt128(moment.microseconds / 1_000) << 80 | 7 << 76 | 2 << 62 | 0xEE)
  }

  @Test func anEditFromBeforeTheRecoveryThatIsNotThereIsAnAdmittedLoss() async throws {
    try await withLedgerStore { store, database in
      let ledger = try await SmallLedger.make(in: store)
      let lost = Self.record(at: try await store.databaseClock())
      #expect(try await !store.isLossAdmitted(of: lost, team: ledger.team))
      let error = await #expect(throws: StoreError.self) { try await store.settle(ledger.settlement(of: lost)) }
      #expect(error?.reason == .unknownHold(lost))
      #expect(try await store.team(ledger.team).isHalted)
      _ = try await store.recoverLog(of: ledger.team, known: nil, by: SmallLedger.administrator)
      #expect(try await store.isLossAdmitted(of: lost, team: ledger.team))
      // What is there is booked, and what is lost later halts the new log as any other.
      #expect(try await !store.isLossAdmitted(of: ledger.held, team: ledger.team))
      let later = Self.record(at: try await store.databaseClock().adding(seconds: 1))
      #expect(try await !store.isLossAdmitted(of: later, team: ledger.team))
    }
  }
}
