/// A text that is not of the form that it should have.
package struct TextError: Error, Hashable, Sendable {
  /// The forms of text that this module reads and writes.
  package enum Form: String, Hashable, Sendable {
    /// A `SignedNote`.
    case note = "signed note"
    /// The text of a `Checkpoint`.
    case checkpoint
    /// The text of a `LogReceipt`.
    case receipt
    /// A `LogProof`.
    case proof
    /// Peaks or a proof's hashes, one a line (`HashLines`).
    case hashes = "list of hashes"
  }

  /// Which form the text does not have.
  package var form: Form
  /// Number of the wrong line, from 1; nil where it is the text as a whole.
  package var line: Int?
  /// What is wrong, as the end of a sentence that begins with the line.
  package var reason: String

  /// An error about that line.
  init(_ form: Form, line: Int? = nil, _ reason: String) {
    self.form = form
    self.line = line
    self.reason = reason
  }
}

extension TextError: CustomStringConvertible {
  /// One sentence that names form and line.
  package var description: String {
    guard let line else { return "the \(form.rawValue) \(reason)" }
    return "line \(line) of the \(form.rawValue) \(reason)"
  }
}
