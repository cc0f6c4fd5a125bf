/// Why bytes are no line of a log: which rule they break, in which field, at which byte.
package struct LineError: Error, Hashable, Sendable {
  /// The rule that is broken.
  package enum Reason: String, Hashable, Sendable {
    /// More than `Line.byteCountMaximum` bytes.
    case tooLong
    /// Not the canonical bytes: other key, order, spacing, number form, or more behind the end.
    case notCanonical
    /// A value that the field cannot have.
    case badValue
    /// An action that this version does not know.
    case unknownAction
    /// A format version that this version does not know.
    case unknownVersion
  }

  /// The rule that is broken.
  package var reason: Reason
  /// The field that was expected there.
  package var field: String
  /// The position of the first byte that does not fit.
  package var offset: Int

  /// An error with these fields.
  package init(_ reason: Reason, field: String, offset: Int) {
    self.reason = reason
    self.field = field
    self.offset = offset
  }
}

extension LineError: CustomStringConvertible {
  /// One sentence that names field and byte.
  package var description: String {
    let place = "at byte \(offset), field \(field)"
    return switch reason {
    case .tooLong: "the line has more than \(Line.byteCountMaximum) bytes"
    case .notCanonical: "the line is not in its canonical form \(place)"
    case .badValue: "the line has a value that cannot be \(place)"
    case .unknownAction: "the line has an action that is not known \(place)"
    case .unknownVersion: "the line has a format version that is not known \(place)"
    }
  }
}
