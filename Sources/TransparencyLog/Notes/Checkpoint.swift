/// The head of a log: how many lines it has and the root over them (C2SP's tlog-checkpoint). Signed, it is what others
/// hold against the log's operator.
package struct Checkpoint: Sendable {
  /// Name of the log.
  package let origin: String
  /// Number of lines.
  package let size: Int64
  /// Root of the tree over them.
  package let root: Digest
  /// Further lines that a foreign log may write, of no meaning here. Ours writes none.
  package let extensions: [String]

  /// The head of the log `origin` at `size` lines.
  ///
  /// Throws a `TextError` where `origin` cannot be a line, or there is no tree of that size.
  package init(origin: String, size: Int64, root: Digest) throws(TextError) {
    guard LogOrigin.parse(Array(origin.utf8)[...]) != nil else {
      throw TextError(.checkpoint, line: 1, "is no name of a log")
    }
    guard (0...Peaks.maximumSize).contains(size) else { throw TextError(.checkpoint, line: 2, "is no size of a tree") }
    self.origin = origin
    self.size = size
    self.root = root
    extensions = []
  }

  /// The head that the text of a note writes, of which the signatures are still to be verified.
  ///
  /// Throws a `TextError` where it has another form.
  package init(text: [UInt8]) throws(TextError) {
    var lines = TextLines(text[...])
    guard let origin = lines.next().flatMap(LogOrigin.parse) else {
      throw TextError(.checkpoint, line: 1, "is no name of a log")
    }
    guard let size = lines.next().flatMap(Int64.init(decimal:)), size <= Peaks.maximumSize else {
      throw TextError(.checkpoint, line: 2, "is no size of a tree")
    }
    guard let root = lines.next().flatMap({ Digest(base64: $0) }) else {
      throw TextError(.checkpoint, line: 3, "is no hash in base64")
    }
    var extensions: [String] = []
    while !lines.isAtEnd {
      guard let line = lines.next(), !line.isEmpty, let text = String(validating: line, as: UTF8.self) else {
        throw TextError(.checkpoint, line: 4 + extensions.count, "is empty, not ended or not UTF-8")
      }
      extensions.append(text)
    }
    self.origin = origin
    self.size = size
    self.root = root
    self.extensions = extensions
  }

  /// The head that `note` writes, signed by one of `keys` at least.
  ///
  /// Throws a `NoteError` where the signatures do not show that or the log is not `origin` (nil: any), and a `TextError`
  /// where the note is no checkpoint.
  package init(_ note: SignedNote, signedBy keys: [NoteVerifierKey], origin expected: String? = nil) throws {
    try note.verify(keys)
    try self.init(text: note.text)
    if let expected { try LogOrigin.check(origin, is: expected) }
  }

  /// The text that is signed.
  package var text: String {
    "\(origin)\n\(size)\n\(root.base64)\n" + extensions.map { $0 + "\n" }.joined()
  }

  /// The head signed by `keys`, in their order. Throws `NoteError.cannotSign`, and a `TextError` without keys.
  package func signed(by keys: NoteSigningKey...) throws -> SignedNote {
    try SignedNote(text: text, signedBy: keys)
  }
}

extension Checkpoint: Hashable {
  /// Whether both have the same text.
  package static func == (left: Checkpoint, right: Checkpoint) -> Bool {
    left.text.utf8.elementsEqual(right.text.utf8)
  }

  /// Feeds what equality looks at most.
  package func hash(into hasher: inout Hasher) {
    hasher.combine(size)
    hasher.combine(root)
  }
}
