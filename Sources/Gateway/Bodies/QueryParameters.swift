/// The parameters of a request's query, by their bytes.
package struct QueryParameters: Sendable {
  /// Parameters that are looked at: most routes have less than ten.
  package static let usualMaximum = 64

  /// Names and values in their order, decoded; what cannot be decoded stands as it came.
  package let pairs: [(name: String, value: String)]
  /// Names of those whose value is no text: its bytes are no UTF-8, or its percent signs stand before no digits.
  package let unreadable: [String]
  /// Whether there were more than are looked at.
  package let isCut: Bool

  /// Reads what follows the question mark.
  /// - Parameter maximum: how many parameters are looked at.
  package init(_ query: String?, maximum: Int = QueryParameters.usualMaximum) {
    let parts = (query ?? "").utf8.split(separator: UInt8(ascii: "&"), maxSplits: maximum)
    isCut = parts.count > maximum
    var unreadable: [String] = []
    pairs = parts.prefix(maximum).map { part in
      let bytes = part.prefix { $0 != UInt8(ascii: "=") }
      let name = QueryParameters.decoded(bytes).text
      let value = QueryParameters.decoded(part.dropFirst(bytes.count + 1))
      if !value.isWhole { unreadable.append(name) }
      return (name, value.text)
    }
    self.unreadable = unreadable
  }

  /// The first value of that name.
  package subscript(_ name: String) -> String? {
    pairs.first { $0.name.hasSameBytes(as: name) }?.value
  }

  /// Faults that name every parameter that is not one of `known`.
  package func faults(otherThan known: [String]) -> [FieldFault] {
    pairs.filter { pair in !known.contains { $0.hasSameBytes(as: pair.name) } }
      .map { FieldFault(FieldReader.shown($0.name), "is not a parameter of this route") }
  }

  /// Faults that name every one of `names` that is given more than once: which of its values is meant, nobody can tell.
  package func faults(repeating names: [String]) -> [FieldFault] {
    names.filter { name in pairs.count { $0.name.hasSameBytes(as: name) } > 1 }
      .map { FieldFault($0, "is given more than once") }
  }

  /// Throws 400 that names every parameter, on a route that has none.
  package func requireNone() throws(GatewayError) {
    let faults = self.faults(otherThan: [])
    guard faults.isEmpty else { throw .invalid(faults) }
  }

  private static func decoded(_ bytes: Substring.UTF8View) -> (text: String, isWhole: Bool) {
    let text = String(decoding: bytes.map { $0 == UInt8(ascii: "+") ? UInt8(ascii: " ") : $0 }, as: UTF8.self)
    let decoded = PercentCoding.decode(text)
    return (decoded ?? text, decoded != nil)
  }
}
