/// Hashes as text, one in base64 on each line: the files `peaks`, `to.proof` and `known.proof` of an export
/// (docs/audit.md). No hashes are an empty text.
package enum HashLines {
  /// The most hashes that peaks or a proof can have.
  package static let maximumCount = 64

  /// The text of `hashes`, each with a line feed behind it.
  package static func text(_ hashes: [Digest]) -> String {
    hashes.map { $0.base64 + "\n" }.joined()
  }

  /// The hashes that `text` lists.
  ///
  /// Throws a `TextError` where a line is no hash, the last one is not ended, or there are more than `maximumCount`.
  package static func parse(_ text: [UInt8]) throws(TextError) -> [Digest] {
    var lines = TextLines(text[...])
    var hashes: [Digest] = []
    while !lines.isAtEnd {
      guard let line = lines.next() else { throw TextError(.hashes, line: lines.number + 1, "is not ended") }
      guard let hash = Digest(base64: line) else {
        throw TextError(.hashes, line: lines.number, "is no hash in base64")
      }
      guard hashes.count < maximumCount else { throw TextError(.hashes, "has more than \(maximumCount) of them") }
      hashes.append(hash)
    }
    return hashes
  }
}
