import Ledger
import LedgerStore
import TallyTesting
import Testing

/// What recovery finds held, and who is known to be at work on it.
@Suite struct HeldEditsTests {
  @Test func heldEditsAreFoundByAgeByNameAndByTheBooks() async throws {
    try await withTestStore { test in
      let person = try await test.makePerson()
      let other = try await test.makePerson()
      let held = try await test.hold(person)
      let settled = try await test.hold(person)
      _ = try await test.store.settle(test.settlement(person, settled.record))
      let doubted = try await test.hold(other)
      _ = try await test.store.markInDoubt(
        InDoubtRequest(team: other.team, record: doubted.record, cause: .timedOut))

      let name = EditName(team: person.team, record: held.record)
      #expect(try await test.store.allHeldEdits().edits.map(\.name) == [name])
      let stretch = try await test.store.heldEdits(from: .epoch, lag: .zero, limit: 10)
      #expect(stretch.edits.map(\.name) == [name])
      #expect(stretch.upTo == stretch.now)
      let lagging = try await test.store.heldEdits(from: .epoch, lag: .seconds(3_600), limit: 10)
      #expect(lagging.edits.isEmpty)
      let names = [held, settled].map { EditName(team: person.team, record: $0.record) }
      let found = try await test.store.stillHeld(names).edits
      #expect(found.map(\.name) == [name])
      #expect(found.first?.held == held.amount && found.first?.createdAt == held.at)
    }
  }

  @Test func ownerIsAtWorkWhileItsLeaseRuns() async throws {
    try await withTestStore { test in
      let person = try await test.makePerson()
      _ = try await test.hold(person)
      #expect(try await test.store.allHeldEdits().edits.first?.isOwnerAtWork == false)
      try await test.store.beginInstance(bootID: "boot", lease: .seconds(60))
      #expect(try await test.store.allHeldEdits().edits.first?.isOwnerAtWork == true)
      try await test.store.endInstance(test.store.settings.instance)
      #expect(try await test.store.allHeldEdits().edits.first?.isOwnerAtWork == false)
    }
  }

  @Test func oldHoldIsFoundThroughManyYoungerLines() async throws {
    try await withTestStore { test in
      let person = try await test.makePerson()
      let old = try await test.hold(person)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<400 {
          group.addTask {
            let held = try await test.hold(person)
            _ = try await test.store.settle(test.settlement(person, held.record))
          }
        }
        try await group.waitForAll()
      }
      #expect(try await test.store.allHeldEdits().edits.map(\.record) == [old.record])
    }
  }

  @Test func lookThatIsCutGoesOnWhereItEnded() async throws {
    try await withTestStore { test in
      let person = try await test.makePerson()
      var held: Set<RecordID> = []
      for _ in 0..<5 { held.insert(try await test.hold(person).record) }
      var found: Set<RecordID> = []
      var from = Timestamp.epoch
      for _ in 0..<5 {
        let look = try await test.store.heldEdits(from: from, lag: .zero, limit: 2)
        found.formUnion(look.edits.map(\.record))
        from = try #require(look.upTo)
      }
      #expect(found == held)
    }
  }
}
