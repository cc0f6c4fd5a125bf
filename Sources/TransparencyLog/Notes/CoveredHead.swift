/// What a head says, in one text: `origin size root`, the root in base64. Many of them, sorted by the bytes of their
/// origins, are the leaves of an RFC 6962 tree whose root stands for all of them (docs/audit.md, the operator's log).
package struct CoveredHead: Hashable, Sendable {
  /// Name of the log.
  package let origin: String
  /// Number of lines that the head covers.
  package let size: Int64
  /// Root of the tree over them.
  package let root: Digest

  /// What a head says. Throws a `TextError` where it cannot be one, or its origin has a blank.
  package init(origin: String, size: Int64, root: Digest) throws(TextError) {
    guard LogOrigin.parse(Array(origin.utf8)[...]) != nil, !origin.utf8.contains(UInt8(ascii: " ")) else {
      throw TextError(.checkpoint, line: 1, "is no name of a log without blanks")
    }
    guard (0...Peaks.maximumSize).contains(size) else { throw TextError(.checkpoint, line: 2, "is no size of a tree") }
    self.origin = origin
    self.size = size
    self.root = root
  }

  /// Reads exactly what `text` writes. Throws a `TextError`.
  package init(text: ArraySlice<UInt8>) throws(TextError) {
    let words = text.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
    guard words.count == 3, let origin = LogOrigin.parse(words[0]), let size = Int64(decimal: words[1]),
      let root = Digest(base64: words[2])
    else { throw TextError(.checkpoint, "is not written as origin, size and root") }
    try self.init(origin: origin, size: size, root: root)
  }

  /// Origin, size and root, a blank between them.
  package var text: String { "\(origin) \(size) \(root.base64)" }

  /// The leaf that stands for it.
  package var leaf: Digest { LeafHash.hash(Array(text.utf8)) }

  /// Whether both have the same bytes: different bytes of a name can look the same.
  package static func == (left: CoveredHead, right: CoveredHead) -> Bool {
    left.text.utf8.elementsEqual(right.text.utf8)
  }

  /// Feeds size and root into `hasher`.
  package func hash(into hasher: inout Hasher) {
    hasher.combine(size)
    hasher.combine(root)
  }
}
