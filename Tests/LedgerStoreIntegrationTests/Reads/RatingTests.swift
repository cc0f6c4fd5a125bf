import Ledger
import LedgerStore
import TallyTesting
import Testing

@Suite struct RatingTests {
  @Test func ratingAndFeedbackAreKeptUntilTheyAreChanged() async throws {
    try await withLedgerStore { store, _ in
      let ledger = try await SmallLedger.make(in: store)
      let size = try await store.team(ledger.team).logSize
      var record = try await store.rate(
        ledger.settled, of: ledger.team, RecordRating(rating: .set(5), feedback: .set("fine \u{1F600}")), member: nil)
      #expect(record?.rating == 5 && record?.feedback == "fine \u{1F600}")
      record = try await store.rate(
        ledger.settled, of: ledger.team, RecordRating(rating: .set(nil)), member: ledger.first)
      #expect(record?.rating == nil && record?.feedback == "fine \u{1F600}")
      // Also while it is open, and it stays when that ends.
      _ = try await store.rate(ledger.held, of: ledger.team, RecordRating(rating: .set(1)), member: nil)
      _ = try await store.settle(ledger.settlement(of: ledger.held))
      #expect(try await store.record(ledger.held, of: ledger.team)?.rating == 1)
      #expect(try await store.team(ledger.team).logSize == size + 1)
    }
  }

  @Test func anothersRecordIsLikeAMissingOne() async throws {
    try await withLedgerStore { store, _ in
      let ledger = try await SmallLedger.make(in: store)
      let change = RecordRating(rating: .set(3))
      #expect(try await store.rate(ledger.settled, of: ledger.team, change, member: ledger.second) == nil)
      #expect(try await store.rate(ledger.settled, of: TeamID(bits: 1), change, member: nil) == nil)
      #expect(try await store.rate(RecordID(bits: 1), of: ledger.team, change, member: nil) == nil)
      #expect(try await store.record(ledger.settled, of: ledger.team)?.rating == nil)
    }
  }

  @Test func anErasedRecordStaysErasedAlsoOnLegalHold() async throws {
    try await withLedgerStore { store, _ in
      let ledger = try await SmallLedger.make(in: store)
      _ = try await store.rate(ledger.settled, of: ledger.team, RecordRating(feedback: .set("Xanthippe")), member: nil)
      _ = try await store.erase(records: [ledger.settled], of: ledger.team, by: SmallLedger.administrator)
      let error = await #expect(throws: StoreError.self) {
        try await store.rate(ledger.settled, of: ledger.team, RecordRating(feedback: .set("again")), member: nil)
      }
      #expect(error?.description.contains("erased") == true)
      #expect(try await store.record(ledger.settled, of: ledger.team)?.feedback == nil)
      try await store.changeLegalHold(of: ledger.team, isOn: true, by: SmallLedger.administrator)
      #expect(
        try await store.rate(ledger.released, of: ledger.team, RecordRating(rating: .set(2)), member: nil)?.rating == 2)
    }
  }

  @Test(arguments: [
    RecordRating(rating: .set(0)), RecordRating(rating: .set(6)), RecordRating(feedback: .set("a\0b")),
    RecordRating(feedback: .set(String(repeating: "a", count: 4_001))),
  ])
  func whatIsOutOfBoundsIsRefused(change: RecordRating) async throws {
    try await withLedgerStore { store, _ in
      let ledger = try await SmallLedger.make(in: store)
      await #expect(throws: StoreError.self) {
        try await store.rate(ledger.settled, of: ledger.team, change, member: nil)
      }
    }
  }
}
