import Ledger
import LedgerStore
import Postgres
import TallyTesting
import Testing

@Suite struct EditTests {
  @Test func aSettledEditIsChargedOnceAndFullyRecorded() async throws {
    try await withTestStore { test in
      let person = try await test.makePerson(limit: 100_000)
      let held = try await test.hold(person, n: 2)
      #expect(held.amount == Credits(2 * TestStore.price))
      let settled = try await test.store.settle(test.settlement(person, held.record, results: 2))
      #expect(settled.state == .settled)
      #expect(settled.charged == Credits(2 * TestStore.price))
      #expect(settled.memberBudget.used == Credits(2 * TestStore.price))
      #expect(settled.memberBudget.held == .zero)
      let record = try #require(try await test.store.record(held.record, of: person.team))
      #expect(record.state == .settled)
      #expect(record.credits == Credits(2 * TestStore.price))
      #expect(record.resultKeys?.count == 2)
      #expect(try await test.store.ownsStorageKey("images/\(held.record)_1.png", team: person.team))
      #expect(try await test.count("SELECT sum(charged)::bigint FROM tally.usage_bucket") == 2 * TestStore.price)
      #expect(try await test.count("SELECT sum(images)::bigint FROM tally.usage_bucket") == 2)
    }
  }

  @Test func nothingThatTheUpstreamSaysKeepsASettlementFromBeingBooked() async throws {
    try await withTestStore { test in
      let person = try await test.makePerson()
      let held = try await test.hold(person)
      let long = String(repeating: "k", count: 5_000)
      let settled = try await test.store.settle(
        SettleRequest(
          team: person.team, record: held.record, upstreamUUID: "a\u{0}b",
          resultKeys: [long, "", "x\u{0}y", "same", "same"],
          temporaryURL: "https://example.com/\u{0}", responseObject: "\u{0}", upstreamCredit: Credits(.max)))
      #expect(settled.state == .settled)
      #expect(settled.charged == held.amount)
      let record = try #require(try await test.store.record(held.record, of: person.team))
      #expect(record.resultKeys == [long, "", "x\u{0}y", "same", "same"])
      #expect(try await test.store.ownsStorageKey("same", team: person.team))
    }
  }

  @Test func aReleasedEditCostsNothing() async throws {
    try await withTestStore { test in
      let person = try await test.makePerson(limit: TestStore.price)
      let held = try await test.hold(person)
      let released = try await test.store.release(
        ReleaseRequest(
          team: person.team, record: held.record, cause: .upstreamRefused, errorCode: "X", errorMessage: "no"))
      #expect(released.state == .released)
      #expect(released.charged == .zero)
      // The credits are free again.
      _ = try await test.hold(person)
    }
  }

  @Test func anEditInDoubtKeepsItsCreditsUntilItIsResolved() async throws {
    try await withTestStore { test in
      let person = try await test.makePerson(limit: TestStore.price)
      let held = try await test.hold(person)
      let doubted = try await test.store.markInDoubt(
        InDoubtRequest(team: person.team, record: held.record, cause: .timedOut))
      #expect(doubted.state == .inDoubt)
      guard case .refused = try await test.store.hold(test.request(person)) else {
        Issue.record("credits in doubt were given away")
        return
      }
      let resolved = try await test.store.resolve(
        ResolveRequest(team: person.team, record: held.record, charge: Credits(1_000)), by: test.administrator)
      #expect(resolved.charged == Credits(1_000))
    }
  }

  @Test func theFirstResolutionCounts() async throws {
    try await withTestStore { test in
      let person = try await test.makePerson()
      let held = try await test.hold(person)
      let first = try await test.store.settle(test.settlement(person, held.record))
      let second = try await test.store.release(
        ReleaseRequest(team: person.team, record: held.record, cause: .notSent))
      #expect(second.wasResolvedBefore)
      #expect(second.state == .settled)
      #expect(second.position == first.position)
      #expect(second.charged == first.charged)
    }
  }

  @Test func theSameHoldAgainReadsItsFirstOutcomeBack() async throws {
    try await withTestStore { test in
      let person = try await test.makePerson(limit: TestStore.price)
      let request = test.request(person)
      guard case .held(let first) = try await test.store.hold(request),
        case .held(let again) = try await test.store.hold(request)
      else {
        Issue.record("not held")
        return
      }
      #expect(first.index == again.index)
      let poor = test.request(person)
      guard case .refused(let refused) = try await test.store.hold(poor) else {
        Issue.record("not refused")
        return
      }
      // Also after the limit was raised: a refusal stays the answer to this record.
      _ = try await test.store.changeMember(
        team: person.team, userID: person.userID, MemberChange(limit: .set(Credits(1_000_000))), by: test.administrator)
      guard case .refused(let refusedAgain) = try await test.store.hold(poor) else {
        Issue.record("a refused record was held later")
        return
      }
      #expect(refused.refusal == refusedAgain.refusal)
      #expect(refused.index == refusedAgain.index)
      #expect(refused.refusal.available == .zero)
      #expect(refused.refusal.scope == .member)
    }
  }

  @Test(arguments: [1, 2]) func concurrentHoldsNeverExceedALimit(gateways: Int) async throws {
    try await withTestStore { test in
      let person = try await test.makePerson(teamLimit: 1_000_000, limit: 10 * TestStore.price)
      var stores = [test]
      for _ in 1..<gateways { stores.append(try await TestStore.open(test.database)) }
      let held = try await withThrowingTaskGroup(of: Bool.self) { group in
        for number in 0..<500 {
          let store = stores[number % gateways].store
          let request = test.request(person)
          group.addTask {
            guard case .held = try await store.hold(request) else { return false }
            return true
          }
        }
        return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
      }
      #expect(held == 10)
      #expect(
        try await test.count("SELECT count(*) FROM tally.record WHERE state = 'refused'") == 490)
      for other in stores.dropFirst() { await other.store.close(within: .seconds(1)) }
    }
  }

  @Test func aKeysOwnLimitIsTheFirstToRefuse() async throws {
    try await withTestStore { test in
      let person = try await test.makePerson(limit: TestStore.price, keyLimit: 10)
      guard case .refused(let refused) = try await test.store.hold(test.request(person)) else {
        Issue.record("not refused")
        return
      }
      #expect(refused.refusal.scope == .key)
      #expect(refused.refusal.needed == Credits(TestStore.price))
      #expect(refused.refusal.available == Credits(10))
    }
  }

  @Test func whatIsSuspendedRevokedOrUnpricedIsNotHeldAndLeavesNothing() async throws {
    try await withTestStore { test in
      let person = try await test.makePerson()
      let lines = try await test.count("SELECT count(*) FROM tally.log_line")
      var unpriced = test.request(person)
      unpriced.quality = "ultra"
      await #expect(throws: StoreError.self) { try await test.store.hold(unpriced) }
      #expect(try await test.count("SELECT count(*) FROM tally.log_line") == lines)
      _ = try await test.store.changeMember(
        team: person.team, userID: person.userID, MemberChange(status: .set(.suspended)), by: test.administrator)
      await #expect(throws: StoreError.self) { try await test.store.hold(test.request(person)) }
      _ = try await test.store.changeMember(
        team: person.team, userID: person.userID, MemberChange(status: .set(.active)), by: test.administrator)
      _ = try await test.store.revokeKey(team: person.team, key: person.key, by: test.administrator)
      await #expect(throws: StoreError.self) { try await test.store.hold(test.request(person)) }
      #expect(try await test.count("SELECT count(*) FROM tally.record") == 0)
    }
  }

  @Test func aCreditComesBackOnTheSameBudgetOnlyOnce() async throws {
    try await withTestStore { test in
      let person = try await test.makePerson(limit: 100_000)
      let held = try await test.hold(person)
      _ = try await test.store.settle(test.settlement(person, held.record))
      let credit = CreditRequest(
        team: person.team, record: held.record, amount: Credits(3_000), creditedBefore: .zero)
      try await test.store.credit(credit, by: test.administrator)
      // The same request again: a caller that did not hear the first answer.
      try? await test.store.credit(credit, by: test.administrator)
      let record = try #require(try await test.store.record(held.record, of: person.team))
      #expect(record.credited == Credits(3_000))
      #expect(record.credits == Credits(TestStore.price - 3_000))
    }
  }
}

extension TestStore {
  /// The lines of the only team's log.
  func lines() async throws -> [[UInt8]] {
    let connection = try await database.connect()
    let statement = Statement<PostgresBytes>("test_lines", "SELECT line FROM tally.log_line ORDER BY index") {
      (row) throws(PostgresError) in
      try row.next()
    }
    let lines = try await connection.query(statement)
    await connection.close()
    return lines.map(\.bytes)
  }

  /// One number, asked as superuser.
  func count(_ sql: String) async throws -> Int64 {
    let connection = try await database.connect()
    let statement = Statement<Int64?>("test_count", sql, prepared: false) { (row) throws(PostgresError) in
      try row.next()
    }
    let value = try await connection.query(statement).first
    await connection.close()
    return (value ?? nil) ?? 0
  }
}
