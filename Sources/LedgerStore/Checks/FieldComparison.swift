/// Compares the fields of a row with what the log, or something else, makes of them, and says which differ.
struct FieldComparison {
  private let authority: String
  private var differences: [String] = []

  /// No field has been compared yet.
  /// - Parameter authority: what says how they should be.
  init(with authority: String = "the log") {
    self.authority = authority
  }

  /// Notes a field that differs: what the table has, what the log says.
  mutating func compare<Value: Equatable>(_ field: String, _ table: Value?, _ log: Value?) {
    guard table != log else { return }
    differences.append("\(field) is \(Self.text(table)), by \(authority) \(Self.text(log))")
  }

  /// The same for texts, byte by byte: canonically equal ones are not the same.
  mutating func compare(_ field: String, _ table: String?, _ log: String?) {
    guard table.map({ Array($0.utf8) }) != log.map({ Array($0.utf8) }) else { return }
    differences.append("\(field) is \(Self.text(table)), by \(authority) \(Self.text(log))")
  }

  /// Notes the counts of usage that differ.
  mutating func compare(_ table: UsageCounts, _ log: UsageCounts) {
    compare("settled", table.settled, log.settled)
    compare("released", table.released, log.released)
    compare("refused", table.refused, log.refused)
    compare("images", table.images, log.images)
    compare("charged", table.charged, log.charged)
    compare("credited", table.credited, log.credited)
  }

  /// The fields that differ, in one line; nil when none does.
  var message: String? {
    differences.isEmpty ? nil : differences.joined(separator: "; ")
  }

  private static func text(_ value: (some Any)?) -> String {
    value.map { "\($0)" } ?? "none"
  }
}
