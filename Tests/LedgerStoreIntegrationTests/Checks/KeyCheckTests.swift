import Ledger
import LedgerStore
import TallyTesting
import Testing

/// Same key, same answer: what the check makes of several edits under one Idempotency-Key.
@Suite struct KeyCheckTests {
  private static let first = RecordID(bits: 0x51)
  private static let second = RecordID(bits: 0x52)

  /// The key was forgotten, as a bug might: the edit was done and charged twice.
  @Test func twoEditsUnderOneKeyAreNamed() async throws {
    try await withLedgerStore { store, database in
      let ledger = try await SmallLedger.make(in: store)
      try await hold(Self.first, ledger, in: store)
      _ = try await store.settle(ledger.settlement(of: Self.first))
      try await database.execute("DELETE FROM tally.idempotency WHERE record_id = '\(Self.first)'")
      try await hold(Self.second, ledger, in: store)
      _ = try await store.settle(ledger.settlement(of: Self.second))
      for windowLines in [1, 3, 1_000] as [Int64] {
        let violations = try await store.check(windowLines: windowLines).violations
        #expect(violations.map(\.invariant) == [.idempotencyKeyStandsForOneEdit])
        #expect(violations.map(\.subject) == ["record \(Self.first)"])
      }
    }
  }

  /// The row leads back to the older edit: a retry would be told its answer.
  @Test func keyThatStandsForTheOlderEditIsNamed() async throws {
    try await withLedgerStore { store, database in
      let ledger = try await passOn(in: store)
      #expect(try await store.check().violations == [])
      try await database.execute(
        """
        UPDATE tally.idempotency AS i SET record_id = r.record_id, created_at = r.created_at
          FROM tally.record AS r
         WHERE r.team_id = i.team_id AND r.record_id = '\(Self.first)' AND i.record_id = '\(Self.second)'
        """)
      let violations = try await store.check(team: ledger.team).violations
      #expect(violations.map(\.invariant) == [.idempotencyKeyMatchesRecord])
    }
  }

  /// An edit that never came to the upstream leaves its key to the next one.
  @Test func keyThatWasPassedOnIsSound() async throws {
    try await withLedgerStore { store, _ in
      _ = try await passOn(in: store)
      #expect(try await store.check(windowLines: 2).violations == [])
    }
  }

  /// What is older than keys are kept is pruned, and the same key may come again; that of an open edit is kept.
  @Test func prunedKeyIsSoundUnlessItsEditIsOpen() async throws {
    try await withLedgerStore { store, database in
      let ledger = try await SmallLedger.make(in: store)
      try await hold(Self.first, ledger, in: store)
      try await database.execute("DELETE FROM tally.idempotency")
      #expect(try await store.check(keysKept: .zero).violations.map(\.invariant) == [.idempotencyKeyMatchesRecord])
      _ = try await store.settle(ledger.settlement(of: Self.first))
      #expect(try await store.check(keysKept: .zero).violations == [])
      try await hold(Self.second, ledger, in: store)
      #expect(try await store.check(keysKept: .zero).violations == [])
      #expect(try await !store.check().isSound)
    }
  }

  /// The first edit lets its key go, the second one takes it.
  private func passOn(in store: LedgerStore) async throws -> SmallLedger {
    let ledger = try await SmallLedger.make(in: store)
    try await hold(Self.first, ledger, in: store)
    _ = try await store.release(ReleaseRequest(team: ledger.team, record: Self.first, cause: .withdrawn))
    try await hold(Self.second, ledger, in: store)
    return ledger
  }

  private func hold(_ record: RecordID, _ ledger: SmallLedger, in store: LedgerStore) async throws {
    let request = ledger.request(
      record, member: ledger.second, key: ledger.rotatedKey, user: "user-2", idempotencyKey: "one")
    guard case .held = try await store.hold(request) else { throw HoldWasRefused() }
  }
}
