/// Why a bundle cannot be written.
package struct ExportError: Error, Hashable, Sendable {
  /// One sentence.
  package var reason: String

  /// An error with this reason.
  init(_ reason: String) {
    self.reason = reason
  }
}

extension ExportError: CustomStringConvertible {
  /// One sentence.
  package var description: String { reason }
}
