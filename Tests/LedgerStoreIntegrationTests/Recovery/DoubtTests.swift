import Ledger
import LedgerStore
import TallyTesting
import Testing

/// Edits in doubt, as those who resolve them find them.
@Suite struct DoubtTests {
  private func doubt(
    _ test: TestStore, _ person: TestStore.Person, attached uuid: String? = nil
  ) async throws -> RecordID {
    let held = try await test.hold(person)
    if let uuid {
      let request = AttachRequest(team: person.team, record: held.record, upstreamUUID: uuid)
      _ = try await test.store.book(.attach(request), .prompt)
    }
    _ = try await test.store.markInDoubt(
      InDoubtRequest(team: person.team, record: held.record, cause: .leaseEnded))
    return held.record
  }

  @Test func doubtKnowsTheIDThatWasAttachedBeforeIt() async throws {
    try await withTestStore { test in
      let person = try await test.makePerson()
      let record = try await doubt(test, person, attached: "upstream-1")
      let due = try await test.store.dueDoubts(limit: 10).doubts
      #expect(due.map(\.record) == [record])
      #expect(due.first?.upstreamUUID == "upstream-1")
      #expect(due.first?.state == .inDoubt && due.first?.isProven == false)
      #expect(due.first?.chargeAfterSeconds == TeamState.defaultInDoubtChargeAfterSeconds)
      #expect(try await test.store.record(record, of: person.team)?.upstreamUUID == "upstream-1")
    }
  }

  @Test func idThatIsAttachedAfterTheDoubtIsAskedForAtOnceAndTheFirstOneStays() async throws {
    try await withTestStore { test in
      let person = try await test.makePerson()
      let record = try await doubt(test, person)
      let first = try #require(try await test.store.dueDoubts(limit: 10).doubts.first)
      #expect(first.upstreamUUID == nil)
      let later = try await test.store.databaseClock().adding(seconds: 3_600)
      #expect(try await test.store.postpone(first, until: later))
      #expect(try await test.store.dueDoubts(limit: 10).doubts.isEmpty)
      for uuid in ["upstream-1", "upstream-2"] {
        let request = AttachRequest(team: person.team, record: record, upstreamUUID: uuid)
        _ = try await test.store.book(.attach(request), .prompt)
      }
      #expect(try await test.store.dueDoubts(limit: 10).doubts.first?.upstreamUUID == "upstream-1")
    }
  }

  @Test func oneOfTwoThatSawTheSameDoubtClaimsIt() async throws {
    try await withTestStore { test in
      let person = try await test.makePerson()
      _ = try await doubt(test, person)
      let seen = try #require(try await test.store.dueDoubts(limit: 10).doubts.first)
      let later = try await test.store.databaseClock().adding(seconds: 60)
      #expect(try await test.store.postpone(seen, until: later))
      #expect(try await !test.store.postpone(seen, until: later))
    }
  }

  @Test func doubtThatCanBeAskedForSinceItWasSeenIsNeitherPutOffNorForgotten() async throws {
    try await withTestStore { test in
      let person = try await test.makePerson()
      let record = try await doubt(test, person)
      let seen = try #require(try await test.store.dueDoubts(limit: 10).doubts.first)
      let request = AttachRequest(team: person.team, record: record, upstreamUUID: "upstream-1")
      _ = try await test.store.book(.attach(request), .prompt)
      let later = try await test.store.databaseClock().adding(seconds: 60)
      #expect(try await !test.store.postpone(seen, until: later))
      try await test.store.forget(seen)
      let due = try #require(try await test.store.dueDoubts(limit: 10).doubts.first)
      #expect(due.upstreamUUID == "upstream-1")
      try await test.store.forget(due)
      #expect(try await test.store.dueDoubts(limit: 10).doubts.isEmpty)
    }
  }

  @Test func resolvedDoubtIsProvenByDeliveryAndByReleaseButNotByAnAdministrator() async throws {
    try await withTestStore { test in
      let person = try await test.makePerson()
      let delivered = try await doubt(test, person)
      _ = try await test.store.settle(test.settlement(person, delivered))
      let unsent = try await doubt(test, person)
      _ = try await test.store.release(ReleaseRequest(team: person.team, record: unsent, cause: .notSent))
      let byHand = try await doubt(test, person)
      _ = try await test.store.resolve(
        ResolveRequest(team: person.team, record: byHand, charge: nil), by: test.administrator)
      let due = try await test.store.dueDoubts(limit: 10).doubts
      #expect(Set(due.filter(\.isProven).map(\.record)) == [delivered, unsent])
      for doubt in due where doubt.isProven { try await test.store.forget(doubt) }
      #expect(try await test.store.dueDoubts(limit: 10).doubts.map(\.record) == [byHand])
    }
  }

  @Test func assumedChargeTakesTheWholeHoldAndSaysSo() async throws {
    try await withTestStore { test in
      let person = try await test.makePerson(limit: 1_000_000)
      let record = try await doubt(test, person)
      let request = SettleRequest(
        team: person.team, record: record, upstreamUUID: nil, resultKeys: [], temporaryURL: nil, assumed: true)
      _ = try await test.store.book(.settle(request), .untilCommitted)
      let stored = try #require(try await test.store.record(record, of: person.team))
      #expect(stored.state == .settled && stored.assumed && stored.charged == Credits(TestStore.price))
      #expect(try await test.store.dueDoubts(limit: 10).doubts.first?.isProven == false)
      #expect(try await test.store.check().violations.isEmpty)
    }
  }

  @Test func doubtsOfARunAreFoundForItsNotes() async throws {
    try await withTestStore { test in
      let person = try await test.makePerson()
      let record = try await doubt(test, person)
      let own = try await test.store.doubts(of: test.store.settings.instance, limit: 10)
      #expect(own.doubts.map(\.record) == [record])
      let other = try await test.store.doubts(of: InstanceID(bits: 1), limit: 10)
      #expect(other.doubts.isEmpty)
    }
  }
}
