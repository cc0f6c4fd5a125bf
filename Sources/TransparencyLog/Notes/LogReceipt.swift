/// What a member keeps of an edit: that a line with this leaf hash was put at this index of the log, then
/// (docs/audit.md, receipts). Its text, `origin`, `receipt`, index, leaf hash and time on a line each, cannot be taken
/// for a checkpoint's, whose second line is a number.
package struct LogReceipt: Sendable {
  private static let word = Array("receipt".utf8)
  /// The form of a time: a digit for each 0, everything else as it stands.
  private static let timeForm = Array("0000-00-00T00:00:00.000000Z".utf8)

  /// Name of the log.
  package let origin: String
  /// Index of the line.
  package let index: Int64
  /// Leaf hash of the line.
  package let leaf: Digest
  /// Time of the line, as it stands in it: RFC 3339 in UTC, with microseconds.
  package let at: String

  /// The receipt for the line at `index` of the log `origin`.
  ///
  /// Throws a `TextError` where `origin` cannot be a line, `index` is negative or `at` has another form.
  package init(origin: String, index: Int64, leaf: Digest, at: String) throws(TextError) {
    guard LogOrigin.parse(Array(origin.utf8)[...]) != nil else {
      throw TextError(.receipt, line: 1, "is no name of a log")
    }
    guard (0..<Peaks.maximumSize).contains(index) else { throw TextError(.receipt, line: 3, "is no index") }
    guard LogReceipt.isTime(at.utf8) else { throw TextError(.receipt, line: 5, "is no time") }
    self.origin = origin
    self.index = index
    self.leaf = leaf
    self.at = at
  }

  /// The receipt that the text of a note writes, of which the signatures are still to be verified.
  ///
  /// Throws a `TextError` where it has another form.
  package init(text: [UInt8]) throws(TextError) {
    var lines = TextLines(text[...])
    guard let origin = lines.next().flatMap(LogOrigin.parse) else {
      throw TextError(.receipt, line: 1, "is no name of a log")
    }
    guard lines.next()?.elementsEqual(LogReceipt.word) == true else {
      throw TextError(.receipt, line: 2, "does not say that it is one")
    }
    guard let index = lines.next().flatMap(Int64.init(decimal:)), index < Peaks.maximumSize else {
      throw TextError(.receipt, line: 3, "is no index")
    }
    guard let leaf = lines.next().flatMap({ Digest(base64: $0) }) else {
      throw TextError(.receipt, line: 4, "is no hash in base64")
    }
    guard let time = lines.next(), LogReceipt.isTime(time) else { throw TextError(.receipt, line: 5, "is no time") }
    guard lines.isAtEnd else { throw TextError(.receipt, line: 6, "is one too many") }
    self.origin = origin
    self.index = index
    self.leaf = leaf
    at = String(decoding: time, as: UTF8.self)
  }

  /// The receipt that `note` writes, signed by one of `keys` at least.
  ///
  /// Throws a `NoteError` where the signatures do not show that or the log is not `origin` (nil: any), and a `TextError`
  /// where the note is no receipt.
  package init(_ note: SignedNote, signedBy keys: [NoteVerifierKey], origin expected: String? = nil) throws {
    try note.verify(keys)
    try self.init(text: note.text)
    if let expected { try LogOrigin.check(origin, is: expected) }
  }

  /// The text that is signed.
  package var text: String {
    "\(origin)\nreceipt\n\(index)\n\(leaf.base64)\n\(at)\n"
  }

  /// The receipt signed by `key`. Throws `NoteError.cannotSign`.
  package func signed(by key: NoteSigningKey) throws -> SignedNote {
    try signed(by: [key])
  }

  /// The receipt signed by each of `keys`, as while one takes another's place. Throws `NoteError.cannotSign`.
  package func signed(by keys: [NoteSigningKey]) throws -> SignedNote {
    try SignedNote(text: text, signedBy: keys)
  }

  private static func isTime(_ text: some Collection<UInt8>) -> Bool {
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    return text.count == timeForm.count
      && zip(text, timeForm).allSatisfy { byte, form in
        form == UInt8(ascii: "0") ? digits.contains(byte) : byte == form
      }
  }
}

extension LogReceipt: Hashable {
  /// Whether both have the same text.
  package static func == (left: LogReceipt, right: LogReceipt) -> Bool {
    left.text.utf8.elementsEqual(right.text.utf8)
  }

  /// Feeds what equality looks at most.
  package func hash(into hasher: inout Hasher) {
    hasher.combine(index)
    hasher.combine(leaf)
  }
}
