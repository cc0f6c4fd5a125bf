/// Reads the fields of one JSON object and gathers everything that is wrong with them, so that a client learns all of
/// its faults at once (docs/http.md, errors).
struct FieldReader {
  /// The fields as they came.
  let object: JSONObject
  /// What was found wrong so far.
  private(set) var faults: [FieldFault] = []

  /// A reader of these fields.
  init(_ object: JSONObject) {
    self.object = object
  }

  /// Notes a fault.
  mutating func fault(_ field: String, _ message: String) {
    faults.append(FieldFault(field, message))
  }

  /// Notes the faults of an object within this one.
  mutating func add(_ faults: [FieldFault]) {
    self.faults += faults
  }

  /// A string that must be there; nil, and a fault, where it is not. Null counts as missing.
  mutating func required(_ field: String) -> String? {
    switch object[field] {
    case .string(let text): return text
    case nil, .null: faults.append(FieldFault(missing: field))
    default: fault(field, "must be a string")
    }
    return nil
  }

  /// An object that must be there; nil, and a fault, where it is not. Null counts as missing.
  mutating func requiredObject(_ field: String) -> JSONObject? {
    switch object[field] {
    case .object(let object): return object
    case nil, .null: faults.append(FieldFault(missing: field))
    default: fault(field, "must be an object")
    }
    return nil
  }

  /// One of `choices`, or `fallback` where the field is not there.
  mutating func choice(_ field: String, of choices: [String], otherwise fallback: String) -> String {
    guard let value = object[field] else { return fallback }
    if case .string(let text) = value, choices.contains(where: { $0.hasSameBytes(as: text) }) { return text }
    fault(field, "must be one of \(choices.joined(separator: ", "))")
    return fallback
  }

  /// A whole number within `range`, or `fallback` where the field is not there. `1.0` is one, `"1"` is not.
  mutating func integer(_ field: String, in range: ClosedRange<Int>, otherwise fallback: Int) -> Int {
    guard let value = object[field] else { return fallback }
    if case .number(let number) = value, let integer = number.integer, let exact = Int(exactly: integer),
      range.contains(exact)
    {
      return exact
    }
    fault(field, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
    return fallback
  }

  /// Notes every field that is not one of `known`; `whole` is what they are fields of.
  mutating func refuseOthers(than known: [String], of whole: String = "promptObject") {
    for member in object.members where !known.contains(where: { $0.hasSameBytes(as: member.name) }) {
      fault(FieldReader.shown(member.name), "is not a field of \(whole)")
    }
  }

  /// A name of the client's, short enough to be repeated.
  static func shown(_ name: String) -> String {
    let scalars = name.unicodeScalars.prefix(maximumShownScalars).map { scalar in
      scalar.value < 0x20 || scalar.value == 0x7F ? "?" : scalar
    }
    var text = String.UnicodeScalarView()
    text.append(contentsOf: scalars)
    return String(text)
  }

  /// What is repeated of a client's own words: enough to recognise them.
  private static let maximumShownScalars = 64
}
