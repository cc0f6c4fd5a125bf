import Ledger
import Testing

struct CreditsTests {
  @Test func sumsBeyondTheMaximumAreRefused() {
    #expect(throws: LedgerError.amountOutOfRange) { try Credits.maximum.adding(Credits(1)) }
    #expect(throws: LedgerError.amountOutOfRange) { try Credits(Int64.max).adding(Credits(1)) }
    #expect(throws: Never.self) { try Credits.maximum.adding(.zero) }
  }

  @Test func differencesBelowZeroAreRefused() {
    #expect(throws: LedgerError.amountOutOfRange) { try Credits(1).subtracting(Credits(2)) }
    #expect(throws: Never.self) { try Credits(2).subtracting(Credits(2)) }
  }

  @Test func productsBeyondTheMaximumAreRefused() {
    #expect(throws: LedgerError.amountOutOfRange) { try Credits(.max / 2).multiplied(by: 3) }
    #expect(throws: LedgerError.amountOutOfRange) { try Credits.maximum.multiplied(by: 2) }
    #expect(Credits.maximum.saturatingMultiplied(by: 2) == .maximum)
    #expect(Credits(.max).saturatingMultiplied(by: .max) == .maximum)
  }
}
