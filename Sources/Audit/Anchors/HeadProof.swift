import Ledger
package import TransparencyLog

/// Proves that the operator's log covers a team's head, to whoever holds a key of the log or a head of the operator's: a
/// text that stands alone.
///
///     tally.local/head-proof@v1
///     head <origin> <size> <root>
///     index <its place among the heads>
///     count <how many there are>
///     <a hash a line, from the head up to the root>
///
///     <the proof of the operator's line, c2sp.org/tlog-proof@v1>
package struct HeadProof: Hashable, Sendable {
  private static let heading = "tally.local/head-proof@v1"

  /// The largest text that is read, in bytes.
  package static let maximumBytes = LogProof.maximumBytes + 16 * 1024

  /// The team's head.
  package var head: CoveredHead
  /// Its place among the heads that the line covers.
  package var inclusion: InclusionProof
  /// The proof of the line.
  package var line: LogProof

  /// A proof of these parts.
  package init(head: CoveredHead, inclusion: InclusionProof, line: LogProof) {
    self.head = head
    self.inclusion = inclusion
    self.line = line
  }

  /// The text.
  package var text: String {
    """
    \(HeadProof.heading)
    head \(head.text)
    index \(inclusion.index)
    count \(inclusion.size)
    \(HashLines.text(inclusion.hashes))
    \(line.text)
    """
  }

  /// Whether a text begins as one.
  static func isOne(_ bytes: [UInt8]) -> Bool { bytes.starts(with: "\(heading)\n".utf8) }

  /// Reads exactly what `text` writes. Throws a `HeldTextError`.
  package init(text bytes: [UInt8]) throws(HeldTextError) {
    guard bytes.count <= HeadProof.maximumBytes else { throw HeldTextError("the proof of a head is too long") }
    let parts = bytes.split(separator: UInt8(ascii: "\n"), maxSplits: 4, omittingEmptySubsequences: false)
    func word(_ part: ArraySlice<UInt8>, _ name: String) -> ArraySlice<UInt8>? {
      part.starts(with: "\(name) ".utf8) ? part.dropFirst(name.utf8.count + 1) : nil
    }
    func number(_ part: ArraySlice<UInt8>, _ name: String) -> Int64? {
      word(part, name).flatMap { Int64(String(decoding: $0, as: UTF8.self)) }
    }
    guard parts.count == 5, parts[0].elementsEqual(HeadProof.heading.utf8), let text = word(parts[1], "head"),
      let index = number(parts[2], "index"), let count = number(parts[3], "count"),
      let head = try? CoveredHead(text: text), let end = HeadProof.emptyLine(in: parts[4]),
      let hashes = try? HashLines.parse(Array(parts[4][..<end])),
      let line = try? LogProof(text: Array(parts[4][(end + 1)...]))
    else { throw HeldTextError("the text is no proof of a head") }
    self.init(head: head, inclusion: InclusionProof(index: index, size: count, hashes: hashes), line: line)
    guard Array(self.text.utf8) == bytes else { throw HeldTextError("the text is no proof of a head") }
  }

  /// Checks the proof: the operator's log, by a head that one of `keys` signed, has a line that covers the head. Answers
  /// the operator's head.
  ///
  /// Throws a `HeldTextError`.
  @discardableResult
  package func verify(_ keys: [NoteVerifierKey]) throws(HeldTextError) -> Checkpoint {
    let (bytes, checkpoint): ([UInt8], Checkpoint)
    do {
      (bytes, checkpoint) = try line.verifiedLine(keys: keys)
    } catch {
      throw HeldTextError("the operator's line is not proved: \(error)")
    }
    guard let (header, event) = try? Line.parse(bytes), case .headsCovered(let covered) = event,
      header.index == line.index, header.log.utf8.elementsEqual(checkpoint.origin.utf8)
    else { throw HeldTextError("the line is none of the operator's that covers heads") }
    guard covered.count == inclusion.size, let root = Digest(bytes: covered.root.bytes),
      (try? inclusion.root(leaf: head.leaf)) == root
    else { throw HeldTextError("the head is not among those that the line covers") }
    return checkpoint
  }

  private static func emptyLine(in text: ArraySlice<UInt8>) -> Int? {
    if text.first == UInt8(ascii: "\n") { return text.startIndex }
    return text.indices.dropFirst().first { text[$0] == UInt8(ascii: "\n") && text[$0 - 1] == UInt8(ascii: "\n") }
  }
}

extension HeadProof {
  /// Writes the text as the file at `path`, which appears whole or not at all. Throws a `FileError`.
  package func write(to path: String) throws {
    try WholeFile.replace(path, with: Array(text.utf8))
  }
}
