import Ledger
import LedgerStore
import TallyTesting
import Testing

/// A settlement whose hold is not there, as after a failover that lost it, halts its team and no other.
@Suite struct HaltTests {
  private static let lost = RecordID(bits: 0xEE)

  @Test func settlementWithoutItsHoldHaltsItsTeam() async throws {
    try await withLedgerStore { store, _ in
      let ledger = try await SmallLedger.make(in: store)
      let other = TeamID(bits: 0xA9)
      _ = try await store.createTeam(NewTeam(id: other, name: "Other"), by: SmallLedger.administrator)
      let size = try await store.team(ledger.team).logSize
      await expect(.unknownHold(Self.lost)) {
        try await store.settle(ledger.settlement(of: Self.lost))
      }
      #expect(try await store.team(ledger.team).isHalted)
      #expect(try await store.team(ledger.team).logSize == size)
      #expect(try await !store.team(other).isHalted)
      let denied = StoreError.Reason.notAllowed(.teamHalted)
      await expect(denied) { try await store.hold(ledger.request(RecordID(bits: 0xEF))) }
      await expect(denied) { try await store.settle(ledger.settlement(of: ledger.held)) }
      let violations = try await store.check().violations
      #expect(violations.map(\.invariant) == [.logIsNotHalted] && violations.first?.team == ledger.team)
      #expect(violations.first?.message.contains("whose hold is not among its \(size) lines") == true, "\(violations)")
      // Nothing that was signed is contradicted: its heads and proofs go on.
      #expect(try await store.logHalt(of: ledger.team)?.isContradicted == false)
    }
  }

  @Test func nothingElseWithoutItsHoldHaltsATeam() async throws {
    try await withLedgerStore { store, _ in
      let ledger = try await SmallLedger.make(in: store)
      let unknown = StoreError.Reason.unknownHold(Self.lost)
      await expect(unknown) {
        try await store.release(ReleaseRequest(team: ledger.team, record: Self.lost, cause: .notSent))
      }
      await expect(unknown) {
        try await store.markInDoubt(InDoubtRequest(team: ledger.team, record: Self.lost, cause: .timedOut))
      }
      await expect(unknown) {
        try await store.resolve(
          ResolveRequest(team: ledger.team, record: Self.lost, charge: Credits(1)), by: SmallLedger.administrator)
      }
      #expect(try await !store.team(ledger.team).isHalted)
      #expect(try await store.settle(ledger.settlement(of: ledger.held)).state == .settled)
    }
  }

  private func expect(_ reason: StoreError.Reason, _ body: () async throws -> some Any) async {
    let error = await #expect(throws: StoreError.self) { _ = try await body() }
    #expect(error?.reason == reason)
  }
}
