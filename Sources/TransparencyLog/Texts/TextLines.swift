/// Reads a text line by line, by its bytes: what Swift takes for one character can be two of the formats' own.
struct TextLines {
  private var rest: ArraySlice<UInt8>
  /// Number of the line that was read last, from 1; 0 before the first.
  private(set) var number = 0

  /// The lines of `text`.
  init(_ text: ArraySlice<UInt8>) {
    rest = text
  }

  /// What was not read yet.
  var remainder: ArraySlice<UInt8> { rest }

  /// Whether everything was read.
  var isAtEnd: Bool { rest.isEmpty }

  /// The next line without its line feed; nil at the end, and for a line that none ends.
  mutating func next() -> ArraySlice<UInt8>? {
    guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
    defer { rest = rest[(end + 1)...] }
    number += 1
    return rest[..<end]
  }
}

extension Int64 {
  /// The number that `text` writes in decimal, without sign and leading zeros; nil for any other text.
  init?(decimal text: ArraySlice<UInt8>) {
    guard let first = text.first, text.count == 1 || first != UInt8(ascii: "0") else { return nil }
    var number: Int64 = 0
    for digit in text {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
      let (product, overflow) = number.multipliedReportingOverflow(by: 10)
      let (sum, secondOverflow) = product.addingReportingOverflow(Int64(digit - UInt8(ascii: "0")))
      guard !overflow, !secondOverflow else { return nil }
      number = sum
    }
    self = number
  }
}
