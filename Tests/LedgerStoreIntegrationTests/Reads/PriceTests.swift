import Ledger
import LedgerStore
import TallyTesting
import Testing

@Suite struct PriceTests {
  @Test func newDatabaseHasTheDefaultPrices() async throws {
    try await withLedgerStore { store, _ in
      let book = try await store.prices()
      #expect(Set(book.entries) == Set(PriceBook.defaultEntries))
    }
  }

  @Test func priceCountsForTheNextHoldAndNotForHoldsThatWereTaken() async throws {
    try await withLedgerStore { store, _ in
      let ledger = try await SmallLedger.make(in: store)
      let entry = try await set(store, credits: 1_000)
      #expect(entry.version == 2)
      let estimate = try await store.estimate(ledger.request(RecordID(bits: 0xE1)))
      #expect(estimate.credits == Credits(1_000))
      guard case .held(let held) = try await store.hold(ledger.request(RecordID(bits: 0xE1))) else {
        Issue.record("the hold was refused")
        return
      }
      #expect(held.amount == Credits(1_000))
      let settled = try await store.settle(ledger.settlement(of: ledger.held))
      #expect(settled.charged == Credits(SmallLedger.price))
    }
  }

  @Test func priceOfTheFutureWaitsAndZeroWithdraws() async throws {
    try await withLedgerStore { store, _ in
      let ledger = try await SmallLedger.make(in: store)
      let future = try #require(Timestamp(rfc3339: "2999-01-01T00:00:00Z"))
      _ = try await set(store, credits: 1, from: future)
      let request = ledger.request(RecordID(bits: 0xE1))
      #expect(try await store.estimate(request).credits == Credits(SmallLedger.price))
      _ = try await set(store, credits: 0)
      let error = await #expect(throws: StoreError.self) { try await store.estimate(request) }
      #expect(error?.reason == .unpriced(model: request.model, quality: request.quality, size: request.size))
    }
  }

  @Test func pricesEnteredAtOnceGetVersionsOfTheirOwn() async throws {
    try await withLedgerStore { store, _ in
      let versions = try await withThrowingTaskGroup(of: Int64.self) { group in
        for credits in 1...4 { group.addTask { try await set(store, credits: Int64(credits)).version } }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(versions.sorted() == [2, 3, 4, 5])
      #expect(try await store.prices().entries.count == PriceBook.defaultEntries.count + 4)
    }
  }

  @Test(arguments: [
    ("", "low", "1x1", 1, "model"), ("a b", "low", "1x1", 1, "model"), ("m", "\"", "1x1", 1, "quality"),
    ("m", "low", "1\u{301}", 1, "size"), ("m", "low", "1\0", 1, "size"), ("m", "low", "1x1", -1, "credits"),
    ("m", "low", "1x1", 900_719_925_474_100, "credits"),
  ])
  func nonsenseIsNamedAndNotEntered(model: String, quality: String, size: String, credits: Int64, field: String)
    async throws
  {
    try await withLedgerStore { store, _ in
      let error = await #expect(throws: StoreError.self) {
        try await store.setPrice(
          model: model, quality: quality, size: size, credits: Credits(credits), from: nil,
          by: SmallLedger.administrator)
      }
      guard case .invalid(field: field, message: _)? = error?.reason else {
        Issue.record("\(String(describing: error))")
        return
      }
      let entries = try await store.prices().entries
      #expect(entries.count == PriceBook.defaultEntries.count)
    }
  }

  private func set(_ store: LedgerStore, credits: Int64, from: Timestamp? = nil) async throws -> PriceEntry {
    try await store.setPrice(
      model: "gpt-image-1-mini", quality: "medium", size: "1024x1024", credits: Credits(credits), from: from,
      by: SmallLedger.administrator)
  }
}
