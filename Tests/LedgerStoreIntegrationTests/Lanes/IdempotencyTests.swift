import Ledger
import LedgerStore
import Postgres
import TallyTesting
import Testing

/// Idempotency-Keys on a real database (docs/ledger.md, G5).
@Suite struct IdempotencyTests {
  @Test func oneNewKeyThroughTwoGatewaysAtOnceIsOneHold() async throws {
    try await withTestStore { test in
      let person = try await test.makePerson()
      let other = try await TestStore.open(test.database)
      let records = try await withThrowingTaskGroup(of: (record: RecordID, isHeld: Bool).self) { group in
        for number in 0..<40 {
          let store = number.isMultiple(of: 2) ? test.store : other.store
          let request = test.request(person, idempotencyKey: "k")
          group.addTask {
            switch try await store.hold(request) {
            case .held(let edit): (edit.record, true)
            case .repeated(let edit): (edit.record, false)
            case .refused(let edit): throw HoldWasRefusedFor(edit.record)
            }
          }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(records.filter(\.isHeld).count == 1)
      #expect(Set(records.map(\.record)).count == 1)
      #expect(try await test.count("SELECT count(*) FROM tally.record") == 1)
      #expect(
        try await test.count("SELECT sum(held)::bigint FROM tally.budget WHERE scope = 'team'") == TestStore.price)
      await other.store.close(within: .seconds(1))
    }
  }

  @Test func aRefusalStaysTheAnswerAfterARaisedLimit() async throws {
    try await withTestStore { test in
      let person = try await test.makePerson(limit: 1_000)
      guard case .refused(let first) = try await test.store.hold(test.request(person, idempotencyKey: "k")) else {
        Issue.record("not refused")
        return
      }
      _ = try await test.store.changeMember(
        team: person.team, userID: person.userID, MemberChange(limit: .set(Credits(1_000_000))), by: test.administrator)
      guard case .repeated(let again) = try await test.store.hold(test.request(person, idempotencyKey: "k")) else {
        Issue.record("not repeated")
        return
      }
      #expect(again.record == first.record)
      #expect(again.state == .refused)
      #expect(again.refused?.refusal == first.refusal)
      #expect(again.refused?.index == first.index)
      // Another key is another edit.
      guard case .held = try await test.store.hold(test.request(person, idempotencyKey: "l")) else {
        Issue.record("not held")
        return
      }
    }
  }

  @Test func theSameKeyWithAnotherBodyIsRefusedAndWritesNothing() async throws {
    try await withTestStore { test in
      let person = try await test.makePerson()
      _ = try await test.store.hold(test.request(person, idempotencyKey: "k"))
      let lines = try await test.count("SELECT count(*) FROM tally.log_line")
      let reused = await #expect(throws: StoreError.self) {
        try await test.store.hold(test.request(person, idempotencyKey: "k", body: "other"))
      }
      #expect(reused?.reason == .idempotencyKeyReused)
      #expect(try await test.count("SELECT count(*) FROM tally.log_line") == lines)
      // Another member's key of the same text is another key.
      let colleague = try await test.makePerson(team: person.team, userID: "user-2")
      guard case .held = try await test.store.hold(test.request(colleague, idempotencyKey: "k", body: "other")) else {
        Issue.record("not held")
        return
      }
    }
  }

  @Test(arguments: ReleaseCause.allCases)
  func aReleasedEditIsTheAnswerOnlyWhereItsCauseIsSticky(cause: ReleaseCause) async throws {
    try await withTestStore { test in
      let person = try await test.makePerson()
      let first = test.request(person, idempotencyKey: "k")
      _ = try await test.store.hold(first)
      _ = try await test.store.release(ReleaseRequest(team: person.team, record: first.record, cause: cause))
      let retry = test.request(person, idempotencyKey: "k")
      switch try await test.store.hold(retry) {
      case .held(let edit):
        #expect(!cause.isSticky)
        #expect(edit.record == retry.record)
      case .repeated(let edit):
        #expect(cause.isSticky)
        #expect(edit.record == first.record && edit.state == .released)
      case .refused: Issue.record("refused")
      }
      #expect(try await test.count("SELECT count(*) FROM tally.idempotency") == 1)
      // Whichever record the key stands for now, the next retry is told of it.
      guard case .repeated(let again) = try await test.store.hold(test.request(person, idempotencyKey: "k")) else {
        Issue.record("not repeated")
        return
      }
      #expect(again.record == (cause.isSticky ? first.record : retry.record))
    }
  }

  @Test func theSameHoldRunAgainReadsItsOwnOutcome() async throws {
    try await withTestStore { test in
      let person = try await test.makePerson()
      let request = test.request(person, idempotencyKey: "k")
      guard case .held(let first) = try await test.store.hold(request),
        case .held(let again) = try await test.store.hold(request)
      else {
        Issue.record("not held")
        return
      }
      #expect(first.index == again.index)
      _ = try await test.store.settle(test.settlement(person, request.record))
      guard case .repeated(let retry) = try await test.store.hold(test.request(person, idempotencyKey: "k")) else {
        Issue.record("not repeated")
        return
      }
      #expect(retry.record == request.record && retry.state == .settled)
    }
  }

  @Test func whatIsNotHeldClaimsNoKey() async throws {
    try await withTestStore { test in
      let person = try await test.makePerson()
      var unpriced = test.request(person, idempotencyKey: "k")
      unpriced.quality = "ultra"
      await #expect(throws: StoreError.self) { try await test.store.hold(unpriced) }
      #expect(try await test.count("SELECT count(*) FROM tally.idempotency") == 0)
      guard case .held = try await test.store.hold(test.request(person, idempotencyKey: "k")) else {
        Issue.record("not held")
        return
      }
    }
  }

  @Test func whatAFailedEditWasAnsweredIsKeptWithItsRecord() async throws {
    try await withTestStore { test in
      let person = try await test.makePerson()
      let first = try await test.hold(person)
      _ = try await test.store.release(
        ReleaseRequest(
          team: person.team, record: first.record, cause: .upstreamRefused, errorCode: "X", errorMessage: "no",
          errorStatus: 422, errorDetails: "a\u{0}b"))
      let record = try #require(try await test.store.record(first.record, of: person.team))
      #expect(record.errorStatus == 422)
      #expect(record.errorDetails == "a?b")
      // A status that is none keeps no release from being booked.
      let second = try await test.hold(person)
      let released = try await test.store.release(
        ReleaseRequest(team: person.team, record: second.record, cause: .upstreamRefused, errorStatus: 99_999))
      #expect(released.state == .released)
      let page = try await test.store.records(of: person.team, RecordFilter(), member: nil)
      #expect(page.elements.map(\.errorStatus) == [nil, 422])
    }
  }

  @Test func theKeyAndTheBodysHashStandInThePrivatePayload() async throws {
    try await withTestStore { test in
      let person = try await test.makePerson()
      let request = test.request(person, idempotencyKey: "a \"quoted\" key")
      _ = try await test.store.hold(request)
      let hash = try #require(request.idempotency).bodyHash
      let found = try await test.count(
        """
        SELECT count(*) FROM tally.log_private
         WHERE convert_from(payload, 'UTF8')::jsonb @> '{"idempotencyKey": "a \\"quoted\\" key", "bodyHash": "\(hash)"}'
        """)
      #expect(found == 1)
    }
  }
}

/// A refusal where none was expected.
private struct HoldWasRefusedFor: Error {
  let record: RecordID

  init(_ record: RecordID) { self.record = record }
}

extension TestStore {
  /// An edit of `person` that carries a key.
  func request(_ person: Person, idempotencyKey: String, body: String = "{}") -> HoldRequest {
    var request = request(person)
    request.idempotency = IdempotencyClaim(key: idempotencyKey, body: Array(body.utf8))
    return request
  }
}
