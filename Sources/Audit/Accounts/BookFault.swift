/// Where a whole log tells of books that do not balance, or of a rule that was broken.
package struct BookFault: Error, Hashable, Sendable {
  /// The line; nil where no single one is to blame.
  package var index: Int64?
  /// What is wrong, as a sentence without its beginning.
  package var reason: String

  /// A fault of the line at `index`.
  init(index: Int64?, _ reason: String) {
    self.index = index
    self.reason = reason
  }
}

extension BookFault: CustomStringConvertible {
  /// One sentence that names the line.
  package var description: String {
    index.map { "line \($0): \(reason)" } ?? reason
  }
}
