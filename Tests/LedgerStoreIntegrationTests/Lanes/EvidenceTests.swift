import Ledger
import LedgerStore
import TallyTesting
import Testing

/// What is learned of an edit after it was resolved is added to its record, and the ledger stays sound.
@Suite struct EvidenceTests {
  @Test func lateResultsAreAttachedAndTheDifferenceIsCredited() async throws {
    try await withLedgerStore { store, _ in
      let ledger = try await SmallLedger.make(in: store)
      let assumed = try await store.settle(Self.assumption(ledger, ledger.inDoubt))
      #expect(assumed.charged == Credits(SmallLedger.price))
      #expect(try await record(store, ledger, ledger.inDoubt).assumed)
      var proof = ledger.settlement(of: ledger.inDoubt)
      proof.upstreamCredit = Credits(12_361)
      let proven = try await store.settle(proof)
      #expect(proven.wasResolvedBefore)
      #expect(proven.state == .settled)
      #expect(proven.position == assumed.position)
      let kept = try await record(store, ledger, ledger.inDoubt)
      #expect(!kept.assumed)
      #expect(kept.credits == Credits(12_361))
      #expect(kept.charged == Credits(SmallLedger.price))
      #expect(kept.resultKeys == proof.resultKeys)
      #expect(kept.upstreamUUID == proof.upstreamUUID)
      #expect(kept.temporaryURL == proof.temporaryURL)
      #expect(try await store.ownsStorageKey(proof.resultKeys[0], team: ledger.team))
      // Run again it says the same and adds nothing.
      let size = try await store.team(ledger.team).logSize
      #expect(try await store.settle(proof).wasResolvedBefore)
      #expect(try await store.release(Self.withdrawal(ledger, ledger.inDoubt)).wasResolvedBefore)
      #expect(try await store.team(ledger.team).logSize == size)
      let report = try await store.check()
      #expect(report == CheckReport())
    }
  }

  @Test func resultsAfterAReleaseAreTheOperatorsVariance() async throws {
    try await withLedgerStore { store, _ in
      let ledger = try await SmallLedger.make(in: store)
      let proof = ledger.settlement(of: ledger.released, results: 1)
      let proven = try await store.settle(proof)
      #expect(proven.state == .released)
      #expect(proven.wasResolvedBefore)
      #expect(proven.variance == Credits(SmallLedger.price))
      #expect(try await store.settle(proof).variance == .zero)
      let kept = try await record(store, ledger, ledger.released)
      #expect(kept.state == .released)
      #expect(kept.credits == .zero)
      #expect(kept.variance == Credits(SmallLedger.price))
      #expect(kept.resultKeys == proof.resultKeys)
      #expect(kept.errorCode == "BAD")
      let calls = [ledger.settled, ledger.credited, ledger.released].map { Self.call($0, worked: true) }
      for truth in [nil, calls] {
        let report = try await store.check(truthLog: truth)
        #expect(report.violations == [])
        #expect(
          report.variances == [
            Variance(
              team: ledger.team, record: ledger.released, credits: Credits(SmallLedger.price),
              reason: .provenAfterRelease)
          ])
      }
    }
  }

  @Test func whatWasProvenUndoneIsCreditedBack() async throws {
    try await withLedgerStore { store, _ in
      let ledger = try await SmallLedger.make(in: store)
      let by = SmallLedger.administrator
      _ = try await store.settle(Self.assumption(ledger, ledger.inDoubt))
      _ = try await store.resolve(ResolveRequest(team: ledger.team, record: ledger.held, charge: Credits(9)), by: by)
      for record in [ledger.inDoubt, ledger.held] {
        #expect(try await store.release(Self.withdrawal(ledger, record)).state == .settled)
        let kept = try await self.record(store, ledger, record)
        #expect(kept.credits == .zero)
        #expect(!kept.assumed)
      }
      let done = [ledger.settled, ledger.credited].map { Self.call($0, worked: true) }
      #expect(try await store.check(truthLog: done) == CheckReport())
      let lies = try await store.check(truthLog: done + [Self.call(ledger.inDoubt, worked: true)])
      #expect(lies.violations.map(\.invariant) == [.upstreamWorkIsAccountedFor])
      #expect(lies.violations.map(\.subject) == ["record \(ledger.inDoubt)"])
    }
  }

  @Test func evidenceThatTheUpstreamDoesNotKnowIsNamed() async throws {
    try await withLedgerStore { store, _ in
      let ledger = try await SmallLedger.make(in: store)
      _ = try await store.settle(Self.assumption(ledger, ledger.inDoubt))
      _ = try await store.settle(ledger.settlement(of: ledger.inDoubt))
      let done = [ledger.settled, ledger.credited].map { Self.call($0, worked: true) }
      let report = try await store.check(truthLog: done)
      #expect(report.violations.map(\.invariant) == [.settledEditWasWorked])
      #expect(report.violations.map(\.subject) == ["record \(ledger.inDoubt)"])
    }
  }

  /// Evidence may stand windows behind the lines that it proves, and credits behind the evidence.
  @Test(arguments: [1, 2, 3, 5, 7, 50])
  func evidenceIsCheckedInWindows(windowLines: Int64) async throws {
    try await withLedgerStore { store, database in
      let ledger = try await SmallLedger.make(in: store)
      _ = try await store.settle(Self.assumption(ledger, ledger.inDoubt))
      _ = try await store.settle(Self.assumption(ledger, ledger.held))
      _ = try await store.settle(ledger.settlement(of: ledger.released))
      var proof = ledger.settlement(of: ledger.inDoubt)
      proof.upstreamCredit = Credits(10_000)
      _ = try await store.settle(proof)
      _ = try await store.credit(
        CreditRequest(
          team: ledger.team, record: ledger.inDoubt, amount: Credits(1), creditedBefore: Credits(23_000)),
        by: SmallLedger.administrator)
      _ = try await store.release(Self.withdrawal(ledger, ledger.held))
      let report = try await store.check(team: ledger.team, windowLines: windowLines)
      #expect(report.violations == [])
      #expect(report.variances.map(\.record) == [ledger.released])
      for (damage, record) in [
        ("evidence_index = NULL", ledger.inDoubt), ("evidence_index = 20", ledger.inDoubt),
        ("evidence_index = 99", ledger.settled), ("evidence_index = 99", ledger.credited),
        ("variance = 0", ledger.released), ("credited = credited - 1", ledger.held), ("assumed = true", ledger.held),
      ] {
        try await withUndoneDamage("UPDATE tally.record SET \(damage) WHERE record_id = '\(record)'", in: database) {
          let found = try await store.check(team: ledger.team, windowLines: windowLines).violations
          #expect(found.contains { $0.invariant == .recordMatchesLog && $0.subject == "record \(record)" }, "\(damage)")
        }
      }
    }
  }

  @Test func doubtAssumptionAndEvidenceInOneBatchKeepTheLedgerSound() async throws {
    try await withLedgerStore { store, _ in
      let ledger = try await SmallLedger.make(in: store)
      _ = try await store.changeMember(
        team: ledger.team, userID: "user-2", MemberChange(limit: .set(nil)), by: SmallLedger.administrator)
      let records = (0..<30).map { RecordID(bits: 0x50000 + UInt128($0)) }
      try await withThrowingTaskGroup(of: Void.self) { group in
        for record in records {
          group.addTask {
            _ = try await store.hold(
              ledger.request(record, member: ledger.second, key: ledger.rotatedKey, user: "user-2"))
          }
        }
        try await group.waitForAll()
        for record in records {
          group.addTask {
            _ = try await store.markInDoubt(InDoubtRequest(team: ledger.team, record: record, cause: .leaseEnded))
          }
          group.addTask { _ = try await store.settle(Self.assumption(ledger, record)) }
          group.addTask { _ = try await store.settle(ledger.settlement(of: record)) }
          group.addTask { _ = try await store.release(Self.withdrawal(ledger, record)) }
        }
        try await group.waitForAll()
      }
      let violations = try await store.check().violations
      #expect(violations == [])
    }
  }

  private func record(_ store: LedgerStore, _ ledger: SmallLedger, _ id: RecordID) async throws -> StoredRecord {
    try #require(try await store.record(id, of: ledger.team))
  }

  /// Damages the records, runs `body`, and puts them back.
  private func withUndoneDamage(
    _ sql: String, in database: LedgerDatabase, _ body: () async throws -> Void
  ) async throws {
    try await database.execute("CREATE TABLE saved AS SELECT * FROM tally.record; \(sql)")
    try await body()
    try await database.execute(
      "DELETE FROM tally.record; INSERT INTO tally.record SELECT * FROM saved; DROP TABLE saved")
  }

  private static func assumption(_ ledger: SmallLedger, _ record: RecordID) -> SettleRequest {
    SettleRequest(
      team: ledger.team, record: record, upstreamUUID: nil, resultKeys: [], temporaryURL: nil, assumed: true)
  }

  private static func withdrawal(_ ledger: SmallLedger, _ record: RecordID) -> ReleaseRequest {
    ReleaseRequest(team: ledger.team, record: record, cause: .withdrawn)
  }

  private static func call(_ record: RecordID, worked: Bool) -> TruthLogEntry {
    TruthLogEntry(isEdit: true, uuid: "upstream", requestID: "\(record)", worked: worked)
  }
}
