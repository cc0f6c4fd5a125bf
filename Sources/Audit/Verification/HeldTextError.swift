/// What the reader of a bundle holds against it cannot be used.
package struct HeldTextError: Error, Hashable, Sendable {
  /// One sentence.
  package var reason: String

  /// An error with this reason.
  init(_ reason: String) {
    self.reason = reason
  }
}

extension HeldTextError: CustomStringConvertible {
  /// One sentence.
  package var description: String { reason }
}
