import ArgumentParser
package import Ledger

/// `--limit`: a number of credits, or `none`.
package struct LimitArgument: ExpressibleByArgument, Hashable, Sendable {
  /// The limit; nil: none.
  package var credits: Credits?

  package init?(argument: String) {
    if argument == "none" { return }
    guard let value = WholeNumber.parse(argument), Credits(value).isWithinLimits else { return nil }
    credits = Credits(value)
  }
}

/// `--rate`: requests a minute, or `none`.
package struct RateArgument: ExpressibleByArgument, Hashable, Sendable {
  /// Most requests a minute that can be set: what the column of the key takes.
  static let maximum: Int64 = 1_000_000

  /// Requests a minute; 0: no rate limit.
  package var perMinute: Int

  package init?(argument: String) {
    if argument == "none" {
      perMinute = 0
      return
    }
    guard let value = WholeNumber.parse(argument), (1...RateArgument.maximum).contains(value) else { return nil }
    perMinute = Int(value)
  }
}

/// Plain decimal digits.
enum WholeNumber {
  /// The number that `text` writes in ASCII digits only: no sign, blank or separator. Nil for anything else.
  static func parse(_ text: some StringProtocol) -> Int64? {
    guard !text.isEmpty, text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
      return nil
    }
    return Int64(text)
  }
}
