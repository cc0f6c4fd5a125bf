/// An amount of credits: whole numbers only, there is no float anywhere in the ledger (docs/ledger.md).
///
/// One US dollar of provider price is taken as 3,000,000 credits. Limits, balances and charges lie in
/// `zero...maximum`. Other values can be held, so that a checker can read and name a damaged row instead of
/// stopping at it.
package struct Credits: Hashable, Sendable {
  /// The number of credits.
  package var value: Int64

  /// An amount of `value` credits; no range is enforced, see `isWithinLimits`.
  package init(_ value: Int64) {
    self.value = value
  }

  /// No credits.
  package static let zero = Credits(0)

  /// The largest amount that a limit or a balance may have: 2^53 - 1, so that every JSON reader gets it exactly.
  package static let maximum = Credits(9_007_199_254_740_991)

  /// Whether the amount may stand as a limit, a balance or a charge.
  package var isWithinLimits: Bool {
    value >= 0 && value <= Credits.maximum.value
  }

  /// The sum; throws `LedgerError.amountOutOfRange` when it leaves `zero...maximum`.
  package func adding(_ other: Credits) throws(LedgerError) -> Credits {
    let (sum, overflow) = value.addingReportingOverflow(other.value)
    return try Credits.checked(sum, overflow)
  }

  /// The difference; throws `LedgerError.amountOutOfRange` when it leaves `zero...maximum`.
  package func subtracting(_ other: Credits) throws(LedgerError) -> Credits {
    let (difference, overflow) = value.subtractingReportingOverflow(other.value)
    return try Credits.checked(difference, overflow)
  }

  /// `count` times the amount; throws `LedgerError.amountOutOfRange` when it leaves `zero...maximum`.
  package func multiplied(by count: Int) throws(LedgerError) -> Credits {
    let (product, overflow) = value.multipliedReportingOverflow(by: Int64(count))
    return try Credits.checked(product, overflow)
  }

  /// `count` times the amount, or `maximum` where that would be more: for what an upstream says it delivered, which
  /// must never keep a settlement from being booked. Neither may be negative.
  package func saturatingMultiplied(by count: Int) -> Credits {
    let (product, overflow) = value.multipliedReportingOverflow(by: Int64(count))
    return overflow ? .maximum : max(.zero, min(Credits(product), .maximum))
  }

  private static func checked(_ value: Int64, _ overflow: Bool) throws(LedgerError) -> Credits {
    let credits = Credits(value)
    guard !overflow, credits.isWithinLimits else { throw .amountOutOfRange }
    return credits
  }
}

extension Credits: Comparable {
  /// Orders amounts by their number of credits.
  package static func < (left: Credits, right: Credits) -> Bool {
    left.value < right.value
  }

  /// The sum of two amounts within limits; traps where `Int64` overflows.
  package static func + (left: Credits, right: Credits) -> Credits {
    Credits(left.value + right.value)
  }

  /// The difference of two amounts within limits; traps where `Int64` overflows.
  package static func - (left: Credits, right: Credits) -> Credits {
    Credits(left.value - right.value)
  }
}

extension Credits: CustomStringConvertible {
  /// The number of credits in decimal digits.
  package var description: String {
    String(value)
  }
}
