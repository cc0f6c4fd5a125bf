/// What is wrong with one field of a request.
package struct FieldFault: Sendable, Equatable {
  /// The field's name, as the client knows it.
  package var field: String
  /// What it takes, in words that go on from the field's name: `must be a whole number`. They never repeat the value.
  package var message: String
  /// Whether the field is missing, not wrong.
  package var isMissing: Bool

  /// A fault of a field that is there.
  package init(_ field: String, _ message: String) {
    self.field = field
    self.message = message
    isMissing = false
  }

  /// A required field that is not there.
  package init(missing field: String) {
    self.field = field
    message = "is required"
    isMissing = true
  }

  /// Writes it as the element of `details` (docs/http.md, errors).
  func write(to writer: inout JSONWriter) {
    writer.object { writer in
      writer.field("field", field)
      writer.field("message", message)
    }
  }
}
