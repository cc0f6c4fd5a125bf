import Gateway

extension JSONValue {
  /// The value at a path of names.
  func at(_ names: String...) -> JSONValue? {
    names.reduce(Optional(self)) { value, name in
      guard case .object(let object) = value else { return nil }
      return object[name]
    }
  }

  /// The whole number that is there.
  var integer: Int64? {
    if case .number(let number) = self { number.integer } else { nil }
  }

  /// The string that is there.
  var text: String? {
    if case .string(let text) = self { text } else { nil }
  }
}
