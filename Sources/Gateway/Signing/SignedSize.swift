package import TransparencyLog

/// What was signed of a log: how many lines, and the root over them.
package struct SignedSize: Sendable, Hashable {
  /// Number of lines.
  package var size: Int64
  /// Root of the tree over them.
  package var root: Digest

  /// A head of so many lines.
  package init(size: Int64, root: Digest) {
    self.size = size
    self.root = root
  }
}

/// A head that is to be signed, of the log with that name.
package struct NewHead: Sendable, Hashable {
  /// The log's name.
  package var origin: String
  /// How far it reaches.
  package var signed: SignedSize

  /// A head.
  package init(origin: String, signed: SignedSize) {
    self.origin = origin
    self.signed = signed
  }
}
