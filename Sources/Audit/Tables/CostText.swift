import Ledger

/// Credits as money: decimal texts, made with whole numbers alone.
package enum CostText {
  /// Credits that stand for one US dollar of provider price (docs/prices.md).
  package static let creditsPerDollar: Int64 = 3_000_000

  /// Digits behind the point. A credit costs a fraction of a dollar that has no end, so it is rounded, half up; the
  /// credits beside it are exact.
  package static let fractionDigits = 12

  /// What so many credits cost, in units of which one is `perUnit` credits: a decimal as FOCUS wants it, with a digit
  /// behind the point also where it is whole.
  package static func cost(
    _ credits: Int64, perUnit: Int64 = CostText.creditsPerDollar, isNegative: Bool = false
  ) -> String {
    let scale: Int64 = 1_000_000_000_000
    let (quotient, rest) = credits.quotientAndRemainder(dividingBy: perUnit)
    var whole = quotient
    // Less than the rate times the scale, 3 * 10^18, which is within 64 bits.
    var fraction = (rest * scale + perUnit / 2) / perUnit
    if fraction == scale {
      whole += 1
      fraction = 0
    }
    var digits = Array(String(fraction).utf8)
    digits.insert(contentsOf: repeatElement(UInt8(ascii: "0"), count: max(0, fractionDigits - digits.count)), at: 0)
    while digits.count > 1, digits.last == UInt8(ascii: "0") { digits.removeLast() }
    return (isNegative && credits != 0 ? "-" : "") + "\(whole)." + String(decoding: digits, as: UTF8.self)
  }
}
