/// A proof that stands alone: a line's place in a log whose signed head comes with it, as a `c2sp.org/tlog-proof@v1`
/// text. Ours carry the line itself as extra data.
package struct LogProof: Hashable, Sendable {
  private static let header = Array("c2sp.org/tlog-proof@v1".utf8)
  private static let extraWord = Array("extra ".utf8)
  private static let indexWord = Array("index ".utf8)
  /// Most extra data, in bytes: the largest line of a log.
  package static let maximumExtraBytes = 64 * 1024
  /// Largest text, in bytes: extra data in base64, the hashes, the note.
  package static let maximumBytes = 512 * 1024

  /// The extra data: in our own proofs the line. Nothing vouches for it until it is hashed.
  package let extra: [UInt8]?
  /// Index of the line.
  package let index: Int64
  /// The inclusion proof, from the leaf's sibling up.
  package let hashes: [Digest]
  /// The signed head.
  package let checkpoint: SignedNote

  /// The proof of `line`, in the tree of the head that `checkpoint` signs.
  ///
  /// Throws a `TextError` where the line is larger than `maximumExtraBytes`.
  package init(line: [UInt8], inclusion: InclusionProof, checkpoint: SignedNote) throws(TextError) {
    guard line.count <= LogProof.maximumExtraBytes else {
      throw TextError(.proof, line: 2, "holds more than \(LogProof.maximumExtraBytes) bytes")
    }
    extra = line
    index = inclusion.index
    hashes = inclusion.hashes
    self.checkpoint = checkpoint
  }

  /// The proof of a line that is not there any more, in the tree of the head that `checkpoint` signs: whoever checks it brings
  /// the leaf hash.
  package init(inclusion: InclusionProof, checkpoint: SignedNote) {
    extra = nil
    index = inclusion.index
    hashes = inclusion.hashes
    self.checkpoint = checkpoint
  }

  /// The proof that `text` writes: exactly, without a byte before or behind it.
  ///
  /// Throws a `TextError` where it has another form; nothing of what it says is verified.
  package init(text: [UInt8]) throws(TextError) {
    guard text.count <= LogProof.maximumBytes else {
      throw TextError(.proof, "is larger than \(LogProof.maximumBytes) bytes")
    }
    var lines = TextLines(text[...])
    guard lines.next()?.elementsEqual(LogProof.header) == true else {
      throw TextError(.proof, line: 1, "is not that of a proof")
    }
    var line = lines.next()
    if let data = line, data.starts(with: LogProof.extraWord) {
      guard let bytes = Base64.decode(data.dropFirst(LogProof.extraWord.count)),
        bytes.count <= LogProof.maximumExtraBytes
      else { throw TextError(.proof, line: lines.number, "holds no base64, or too much") }
      extra = bytes
      line = lines.next()
    } else {
      extra = nil
    }
    guard let line, line.starts(with: LogProof.indexWord),
      let index = Int64(decimal: line.dropFirst(LogProof.indexWord.count))
    else { throw TextError(.proof, line: lines.number, "holds no index") }
    self.index = index
    hashes = try LogProof.hashes(&lines)
    checkpoint = try SignedNote(bytes: Array(lines.remainder))
  }

  /// The hashes up to the empty line behind them.
  private static func hashes(_ lines: inout TextLines) throws(TextError) -> [Digest] {
    var hashes: [Digest] = []
    while let line = lines.next() {
      if line.isEmpty { return hashes }
      guard let hash = Digest(base64: line), hashes.count < HashLines.maximumCount else {
        throw TextError(.proof, line: lines.number, "is no hash in base64, or one too many")
      }
      hashes.append(hash)
    }
    throw TextError(.proof, "has no checkpoint")
  }

  /// The whole text.
  package var text: String {
    var text = String(decoding: LogProof.header, as: UTF8.self) + "\n"
    if let extra { text += "extra \(Base64.encode(extra))\n" }
    return text + "index \(index)\n\(HashLines.text(hashes))\n\(checkpoint.string)"
  }

  /// The line and the head, once it is shown that one of `keys` signed the head, that the log is `origin` (nil: any),
  /// and that the line in the extra data stands at `index` in its tree.
  ///
  /// Throws a `NoteError`, a `TextError` or a `ProofError` where that is not so.
  package func verifiedLine(
    keys: [NoteVerifierKey], origin: String? = nil
  ) throws -> (line: [UInt8], checkpoint: Checkpoint) {
    guard let extra else { throw TextError(.proof, "does not hold the line") }
    return (extra, try verify(leaf: LeafHash.hash(extra), keys: keys, origin: origin))
  }

  /// The head, once the same is shown for a line of which only the leaf hash is known, or that came another way.
  ///
  /// Throws as `verifiedLine` does.
  @discardableResult
  package func verify(leaf: Digest, keys: [NoteVerifierKey], origin: String? = nil) throws -> Checkpoint {
    let head = try Checkpoint(checkpoint, signedBy: keys, origin: origin)
    try InclusionProof(index: index, size: head.size, hashes: hashes).verify(leaf: leaf, root: head.root)
    return head
  }
}
