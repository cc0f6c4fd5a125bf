import Ledger
import LedgerStore
import Postgres
import TallyTesting
import Testing

@Suite struct SoundLedgerTests {
  @Test func soundLedgerHasNoViolations() async throws {
    try await withLedgerStore { store, _ in
      let ledger = try await SmallLedger.make(in: store)
      #expect(try await store.check().violations == [])
      #expect(try await store.check(team: ledger.team, truthLog: truth(of: ledger)).violations == [])
      #expect(try await store.check(truthLog: truth(of: ledger)).violations == [])
    }
  }

  @Test func emptyDatabaseIsSoundAndAnUnknownTeamIsNotFound() async throws {
    try await withLedgerStore { store, _ in
      let violations = try await store.check().violations
      #expect(violations == [])
      let error = await #expect(throws: StoreError.self) { try await store.check(team: TeamID(bits: 1)).violations }
      #expect(error?.reason == .notFound("the team"))
    }
  }

  /// Everything that a log can tell of a team, its members and keys is replayed and compared.
  @Test func changesOfTeamsMembersAndKeysKeepTheLedgerSound() async throws {
    try await withLedgerStore { store, _ in
      let ledger = try await SmallLedger.make(in: store)
      let by = SmallLedger.administrator
      _ = try await store.changeTeam(
        ledger.team,
        TeamChange(
          limit: .set(Credits(50_000)), period: .set(.total), timeZone: .set("Asia/Kathmandu"),
          inDoubtChargeSeconds: .set(nil)), by: by)
      _ = try await store.changeTeam(ledger.team, TeamChange(limit: .set(nil), period: .set(.month)), by: by)
      _ = try await store.changeMember(
        team: ledger.team, userID: "user-1",
        MemberChange(role: .set(.admin), status: .set(.suspended), limit: .set(Credits(1)), period: .set(.total)),
        by: by)
      _ = try await store.revokeKey(team: ledger.team, key: ledger.firstKey, by: by)
      _ = try await store.resolve(ResolveRequest(team: ledger.team, record: ledger.held, charge: Credits(7)), by: by)
      _ = try await store.resolve(ResolveRequest(team: ledger.team, record: ledger.inDoubt, charge: nil), by: by)
      for before in [6_000, 6_001] {
        _ = try await store.credit(
          CreditRequest(
            team: ledger.team, record: ledger.credited, amount: Credits(1), creditedBefore: Credits(Int64(before))),
          by: by)
      }
      #expect(try await store.check().violations == [])
    }
  }

  /// A log of many windows tells the same as one of a single window; among its lines are credits of edits that were
  /// settled windows before.
  @Test(arguments: [1, 2, 3, 5, 7, 17, 18, 19])
  func longLogIsCheckedInWindows(windowLines: Int64) async throws {
    try await withLedgerStore { store, database in
      let ledger = try await SmallLedger.make(in: store)
      for before in [6_000, 6_500] {
        _ = try await store.credit(
          CreditRequest(
            team: ledger.team, record: ledger.credited, amount: Credits(500), creditedBefore: Credits(Int64(before))),
          by: SmallLedger.administrator)
      }
      let seen = Progress()
      let violations = try await store.check(team: ledger.team, windowLines: windowLines) { progress in
        seen.note(progress)
      }.violations
      #expect(violations == [])
      #expect(seen.all.count == (20 + Int(windowLines) - 1) / Int(windowLines))
      #expect(seen.all.last.map { $0.lines == 20 && $0.linesInAll == 20 } == true)
      // Damage is found in whichever window it lies.
      try await database.execute(
        """
        UPDATE tally.record SET credited = credited - 1 WHERE record_id = '\(ledger.credited)';
        UPDATE tally.log_private SET payload = '{}' WHERE index = 4;
        UPDATE tally.record SET variance = 1 WHERE record_id = '\(ledger.settled)'
        """)
      let found = try await store.check(team: ledger.team, windowLines: windowLines).violations
      #expect(
        Set(found.map(\.subject)).isSuperset(
          of: ["record \(ledger.credited)", "log_private 4", "record \(ledger.settled)"]))
    }
  }

  /// Edits go on while the ledger is checked, and Idempotency-Keys go from one to the next: what moved on meanwhile is no
  /// violation.
  @Test func ledgerThatIsWorkedOnIsSoundAtEveryMoment() async throws {
    try await withLedgerStore { store, _ in
      let ledger = try await SmallLedger.make(in: store)
      _ = try await store.changeMember(
        team: ledger.team, userID: "user-2", MemberChange(limit: .set(nil)), by: SmallLedger.administrator)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for worker in 0..<8 {
          group.addTask {
            for number in 0..<60 {
              let record = RecordID(bits: 0x30000 + UInt128(worker * 1_000 + number))
              let place = number % 4
              let request = ledger.request(
                record, member: ledger.second, key: ledger.rotatedKey, user: "user-2",
                idempotencyKey: place < 2 ? "\(worker)-\(number / 4)" : nil)
              guard case .held = try await store.hold(request) else { continue }
              if place == 0 {
                // The next edit takes its key over.
                _ = try await store.release(
                  ReleaseRequest(team: ledger.team, record: record, cause: .withdrawn))
                continue
              }
              if number.isMultiple(of: 3) {
                _ = try await store.markInDoubt(
                  InDoubtRequest(team: ledger.team, record: record, cause: .upstreamUnknown))
              }
              if !number.isMultiple(of: 5) { _ = try await store.settle(ledger.settlement(of: record)) }
            }
          }
        }
        for _ in 0..<15 {
          #expect(try await store.check(team: ledger.team).violations == [])
        }
        try await group.waitForAll()
      }
      #expect(try await store.check().violations == [])
    }
  }

  /// A doubt and the answer that came after all may reach the lane together, in one batch.
  @Test func doubtAndSettlementAtOnceKeepTheLedgerSound() async throws {
    try await withLedgerStore { store, _ in
      let ledger = try await SmallLedger.make(in: store)
      _ = try await store.changeMember(
        team: ledger.team, userID: "user-2", MemberChange(limit: .set(nil)), by: SmallLedger.administrator)
      let records = (0..<40).map { RecordID(bits: 0x40000 + UInt128($0)) }
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
            _ = try await store.markInDoubt(InDoubtRequest(team: ledger.team, record: record, cause: .timedOut))
          }
          group.addTask { _ = try await store.settle(ledger.settlement(of: record)) }
        }
        try await group.waitForAll()
      }
      let violations = try await store.check().violations
      #expect(violations == [])
    }
  }

  private func truth(of ledger: SmallLedger) -> [TruthLogEntry] {
    [
      call(ledger.settled, worked: true), call(ledger.released, worked: false), call(ledger.inDoubt, worked: true),
      call(ledger.held, worked: true), call(ledger.credited, worked: true),
      TruthLogEntry(isEdit: false, uuid: "upload", requestID: nil, worked: true),
    ]
  }

  private func call(_ record: RecordID, worked: Bool) -> TruthLogEntry {
    TruthLogEntry(isEdit: true, uuid: "upstream", requestID: "\(record)", worked: worked)
  }
}
