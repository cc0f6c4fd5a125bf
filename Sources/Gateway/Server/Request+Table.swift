import HTTPTypes
import Hummingbird

extension Request {
  /// Whether a table is wanted rather than JSON: `text/csv` is named, with a weight above 0, and JSON has a lower one, or the
  /// same and stands behind it (RFC 9110, section 12.5.1).
  var wantsTable: Bool {
    let ranges = headers[values: .accept].flatMap { $0.split(separator: ",") }.enumerated()
      .map { AcceptedRange(position: $0.offset, text: $0.element) }
    guard let table = ranges.first(where: { $0.name.hasSameBytes(as: "text/csv") }), table.weight > 0 else {
      return false
    }
    let json = ["application/json", "application/*", "*/*"].lazy
      .compactMap { name in ranges.first { $0.name.hasSameBytes(as: name) } }.first
    guard let json, json.weight >= table.weight else { return true }
    let isNamed = json.name.hasSameBytes(as: "application/json")
    return json.weight == table.weight && (!isNamed || table.position < json.position)
  }
}

/// One of the kinds that an `Accept` names.
private struct AcceptedRange {
  /// As it is named, in lower case.
  var name: String
  /// How much it is wanted, 0 to 1000; what cannot be read counts as not given.
  var weight: Int
  /// Where it stands among the others.
  var position: Int

  /// Reads `text/csv;q=0.5`.
  init(position: Int, text: Substring) {
    let parts = text.split(separator: ";", omittingEmptySubsequences: false).map { part in
      String(part.filter { $0 != " " && $0 != "\t" }).lowercased()
    }
    name = parts.first ?? ""
    let given = parts.dropFirst().first { $0.utf8.starts(with: "q=".utf8) }.flatMap { Double($0.dropFirst(2)) }
    weight = Int(((given.flatMap { (0...1).contains($0) ? $0 : nil } ?? 1) * 1_000).rounded())
    self.position = position
  }
}
