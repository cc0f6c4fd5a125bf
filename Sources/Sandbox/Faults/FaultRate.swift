/// A share from 0 to 1, kept as whole parts per million so that a run can be repeated exactly anywhere.
package struct FaultRate: Sendable, Equatable, Comparable, CustomStringConvertible {
  /// What stands for 1.
  package static let one = 1_000_000
  /// None.
  package static let never = FaultRate(partsPerMillion: 0)
  /// All.
  package static let always = FaultRate(partsPerMillion: one)

  /// The share, from 0 to ``one``.
  package let partsPerMillion: Int

  /// A share; what lies outside 0 to ``one`` is taken for the nearer end.
  package init(partsPerMillion: Int) {
    self.partsPerMillion = min(max(partsPerMillion, 0), Self.one)
  }

  /// Reads a decimal from `0` to `1` with at most six digits after the point, such as `0.25`; nil for anything else.
  package init?(_ text: String) {
    let parts = text.utf8.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
    let digits = parts.count == 2 ? Array(parts[1]) : []
    guard let whole = parts.first, whole.elementsEqual("0".utf8) || whole.elementsEqual("1".utf8),
      parts.count == 1 || (1...6).contains(digits.count),
      digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
    else { return nil }
    var value = whole.elementsEqual("1".utf8) ? 1 : 0
    for position in 0..<6 {
      value = value * 10 + (position < digits.count ? Int(digits[position] - UInt8(ascii: "0")) : 0)
    }
    guard value <= Self.one else { return nil }
    partsPerMillion = value
  }

  package static func < (left: FaultRate, right: FaultRate) -> Bool {
    left.partsPerMillion < right.partsPerMillion
  }

  package var description: String {
    guard partsPerMillion < Self.one else { return "1" }
    let digits = String(Self.one + partsPerMillion).dropFirst()
    let end = digits.lastIndex { $0 != "0" }
    return end.map { "0." + digits[...$0] } ?? "0"
  }
}
