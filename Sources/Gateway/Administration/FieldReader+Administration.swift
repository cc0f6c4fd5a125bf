import HTTPTypes
import Ledger

// Fields of what administrators send (docs/http.md, administration). Null is a value where a limit or a rate may be
// absent, and counts as missing elsewhere.

extension FieldReader {
  /// Bytes of a reason, as at the command line: it stands in a line's private payload, beside other things.
  static let maximumReasonBytes = 4_000

  /// One of the words of `Word`; nil where the field is not there, and with a fault where it is none.
  mutating func word<Word: RawRepresentable & CaseIterable>(_ field: String, _: Word.Type) -> Word?
  where Word.RawValue == String {
    guard let value = object[field] else { return nil }
    if case .string(let text) = value, let word = Word.allCases.first(where: { $0.rawValue.hasSameBytes(as: text) }) {
      return word
    }
    fault(field, "must be one of \(Word.allCases.map(\.rawValue).joined(separator: ", "))")
    return nil
  }

  /// A whole number within `range`, or null; `keep` where the field is not there.
  mutating func number(_ field: String, in range: ClosedRange<Int64>) -> Change<Int64?> {
    switch object[field] {
    case nil: return .keep
    case .null: return .set(nil)
    case .number(let number):
      if let integer = number.integer, range.contains(integer) { return .set(integer) }
      fallthrough
    default:
      fault(field, "must be a whole number from \(range.lowerBound) to \(range.upperBound), or null")
      return .keep
    }
  }

  /// A limit in credits, null for none; `keep` where the field is not there.
  mutating func limit(_ field: String = "creditLimit") -> Change<Credits?> {
    switch number(field, in: 0...Credits.maximum.value) {
    case .keep: .keep
    case .set(let value): .set(value.map { Credits($0) })
    }
  }

  /// A string; nil where the field is not there.
  mutating func optional(_ field: String) -> String? {
    switch object[field] {
    case nil: return nil
    case .string(let text): return text
    default:
      fault(field, "must be a string")
      return nil
    }
  }

  /// A moment that lies after `now`, or null: never.
  mutating func future(_ field: String, after now: Timestamp) -> Timestamp? {
    guard let value = object[field], value != .null else { return nil }
    if case .string(let text) = value, let moment = Timestamp(rfc3339: text), moment > now, moment.isWithinLimits {
      return moment
    }
    fault(field, "must be a time in the future like 2027-01-31T00:00:00Z, or null")
    return nil
  }

  /// Scopes by their names; nil where the field is not there.
  mutating func scopes(_ field: String = "scopes") -> KeyScopes? {
    guard let value = object[field] else { return nil }
    if case .array(let elements) = value {
      let names = elements.compactMap { if case .string(let name) = $0 { name } else { nil } }
      if !elements.isEmpty, names.count == elements.count, let scopes = KeyScopes(names: names) { return scopes }
    }
    fault(field, "must be a list of \(KeyScopes.named.map(\.name).joined(separator: ", "))")
    return nil
  }

  /// Why, for the log.
  mutating func reason() -> String? {
    guard let text = optional("reason") else { return nil }
    if let message = FieldReader.fault(ofReason: text) { fault("reason", message) }
    return text
  }

  /// What is wrong with a reason; nil: nothing.
  static func fault(ofReason text: String) -> String? {
    guard text.utf8.contains(where: { $0 > 0x20 }) else { return "is empty: say why, or leave it out" }
    guard text.utf8.count <= maximumReasonBytes, !text.utf8.contains(0) else {
      return "may have at most \(maximumReasonBytes) bytes, none of them NUL"
    }
    return nil
  }

  /// Throws 400 with everything that was found wrong: MISSING_REQUIRED_FIELDS where something is missing.
  func check() throws(GatewayError) {
    guard !faults.isEmpty else { return }
    let missing = faults.filter(\.isMissing).map(\.field)
    guard !missing.isEmpty else { throw .invalid(faults) }
    throw GatewayError(
      .badRequest, .missingRequiredFields, "Missing required fields: \(missing.joined(separator: ", ")).",
      details: .faults(faults))
  }
}
