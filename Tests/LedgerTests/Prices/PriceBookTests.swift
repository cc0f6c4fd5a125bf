import Ledger
import Testing

struct PriceBookTests {
  private let book = PriceBook(PriceBook.defaultEntries)

  @Test(arguments: [
    ("low", "1024x1024", 15_000), ("low", "1024x1536", 18_000), ("low", "1536x1024", 18_000),
    ("medium", "1024x1024", 33_000), ("medium", "1024x1536", 45_000), ("medium", "1536x1024", 45_000),
    ("high", "1024x1024", 108_000), ("high", "1024x1536", 156_000), ("high", "1536x1024", 156_000),
  ])
  func defaultPricesAreThoseOfTheTable(quality: String, size: String, credits: Int64) {
    let price = book.price(model: "gpt-image-1-mini", quality: quality, size: size, at: .epoch)
    #expect(price?.credits == Credits(credits))
    #expect(price?.version == 1)
  }

  @Test func fourHighOblongEditsCost624000() throws {
    let price = try #require(
      book.price(model: "gpt-image-1-mini", quality: "high", size: "1536x1024", at: TestTeam.start))
    #expect(try price.amount(n: 4) == Credits(624_000))
  }

  @Test func whatIsNotListedIsNotPriced() {
    #expect(book.price(model: "gpt-image-1", quality: "low", size: "1024x1024", at: TestTeam.start) == nil)
    #expect(book.price(model: "gpt-image-1-mini", quality: "auto", size: "1024x1024", at: TestTeam.start) == nil)
    let before = Timestamp(microseconds: -1)
    #expect(book.price(model: "gpt-image-1-mini", quality: "low", size: "1024x1024", at: before) == nil)
  }

  @Test func theLatestPriceInEffectHolds() {
    let later = TestTeam.start.adding(seconds: 60)
    let book = PriceBook(
      PriceBook.defaultEntries + [.low(version: 3, 500, from: later), .low(version: 2, 400, from: later)])
    func price(at moment: Timestamp) -> PriceEntry? {
      book.price(model: "gpt-image-1-mini", quality: "low", size: "1024x1024", at: moment)
    }
    #expect(price(at: TestTeam.start)?.version == 1)
    #expect(price(at: Timestamp(microseconds: later.microseconds - 1))?.version == 1)
    #expect(price(at: later)?.version == 3)
    #expect(price(at: later)?.credits == Credits(500))
  }

  @Test func aPriceOfNothingWithdrawsTheOption() {
    let book = PriceBook(PriceBook.defaultEntries + [.low(version: 2, 0, from: TestTeam.start)])
    #expect(book.price(model: "gpt-image-1-mini", quality: "low", size: "1024x1024", at: TestTeam.start) == nil)
    #expect(book.priced(at: TestTeam.start).count == 8)
    #expect(book.priced(at: .epoch).count == 9)
    #expect(book.models(at: TestTeam.start) == ["gpt-image-1-mini"])
  }
}

extension PriceEntry {
  fileprivate static func low(version: Int64, _ credits: Int64, from start: Timestamp) -> PriceEntry {
    PriceEntry(
      version: version, model: "gpt-image-1-mini", quality: "low", size: "1024x1024", credits: Credits(credits),
      effectiveFrom: start)
  }
}
