/// A text with signatures, as C2SP's signed-note has it. What it says counts only once `verify` has returned.
package struct SignedNote: Sendable {
  /// Largest note, in bytes: room for 16 signatures of the largest kind, and a text.
  package static let maximumBytes = 256 * 1024
  /// Most signatures.
  package static let maximumSignatureCount = 64

  /// The text that is signed, with the line feed at its end. Valid UTF-8.
  package let text: [UInt8]
  /// The signatures, at least one, by known keys and others.
  package let signatures: [NoteSignature]

  /// A note of that text, signed by `keys` in their order.
  ///
  /// Throws a `TextError` where the text cannot be a note's (`SignedNote.init(text:signatures:)`), and
  /// `NoteError.cannotSign`.
  package init(text: String, signedBy keys: [NoteSigningKey]) throws {
    let bytes = Array(text.utf8)
    try self.init(text: bytes, signatures: keys.map { key in try key.sign(bytes) })
  }

  /// A note of that text with those signatures.
  ///
  /// Throws a `TextError` where the text is empty, is not ended by a line feed, is no UTF-8 or has control characters,
  /// where there are no signatures or too many, and where the whole is too large.
  package init(text: [UInt8], signatures: [NoteSignature]) throws(TextError) {
    guard text.last == UInt8(ascii: "\n") else { throw TextError(.note, "does not end with a line feed") }
    guard !signatures.isEmpty else { throw TextError(.note, "has no signature") }
    guard signatures.count <= SignedNote.maximumSignatureCount else {
      throw TextError(.note, "has more than \(SignedNote.maximumSignatureCount) signatures")
    }
    self.text = text
    self.signatures = signatures
    try SignedNote.check(bytes)
  }

  /// The note that `bytes` write: exactly, without a byte before or behind it.
  ///
  /// Throws a `TextError` where they are no note.
  package init(bytes: [UInt8]) throws(TextError) {
    try SignedNote.check(bytes)
    guard bytes.last == UInt8(ascii: "\n") else { throw TextError(.note, "does not end with a line feed") }
    guard let end = SignedNote.lastEmptyLine(in: bytes) else {
      throw TextError(.note, "has no empty line between text and signatures")
    }
    text = Array(bytes[..<end])
    var lines = TextLines(bytes[(end + 1)...])
    var signatures: [NoteSignature] = []
    let textLineCount = text.count { $0 == UInt8(ascii: "\n") } + 1
    while let line = lines.next() {
      guard let signature = NoteSignature(line: line) else {
        throw TextError(.note, line: textLineCount + lines.number, "is no signature")
      }
      guard signatures.count < SignedNote.maximumSignatureCount else {
        throw TextError(.note, "has more than \(SignedNote.maximumSignatureCount) signatures")
      }
      signatures.append(signature)
    }
    guard !signatures.isEmpty else { throw TextError(.note, "has no signature") }
    self.signatures = signatures
  }

  /// The whole note as it is stored and sent.
  package var bytes: [UInt8] {
    text + [UInt8(ascii: "\n")] + signatures.flatMap { $0.line.utf8 }
  }

  /// The whole note as a string, for an answer that carries it.
  package var string: String {
    String(decoding: bytes, as: UTF8.self)
  }

  /// Which of `keys` have signed the text, in their order. Signatures of other keys are passed over.
  ///
  /// Throws `NoteError.wrongSignature` where one names a key that did not make it, whatever else is there, and
  /// `NoteError.signedByNoKnownKey`.
  @discardableResult
  package func verify(_ keys: [NoteVerifierKey]) throws(NoteError) -> [NoteVerifierKey] {
    var signers: Set<NoteVerifierKey> = []
    for signature in signatures {
      let named = keys.filter(signature.names)
      guard !named.isEmpty else { continue }
      let valid = named.filter { $0.isValid(signature.bytes, over: text) }
      guard !valid.isEmpty else { throw .wrongSignature(keyName: signature.keyName) }
      signers.formUnion(valid)
    }
    guard !signers.isEmpty else { throw .signedByNoKnownKey }
    return keys.filter(signers.contains)
  }

  /// Index of the line feed that is the last empty line: what is before it is the text.
  private static func lastEmptyLine(in bytes: [UInt8]) -> Int? {
    var index = bytes.count - 1
    while index > 0 {
      if bytes[index] == UInt8(ascii: "\n"), bytes[index - 1] == UInt8(ascii: "\n") { return index }
      index -= 1
    }
    return nil
  }

  private static func check(_ bytes: [UInt8]) throws(TextError) {
    guard bytes.count <= maximumBytes else { throw TextError(.note, "is larger than \(maximumBytes) bytes") }
    guard !bytes.contains(where: { $0 < 0x20 && $0 != UInt8(ascii: "\n") }) else {
      throw TextError(.note, "has control characters")
    }
    guard String(validating: bytes, as: UTF8.self) != nil else { throw TextError(.note, "is not valid UTF-8") }
  }
}

extension SignedNote: Hashable {
  /// Whether both are the same bytes.
  package static func == (left: SignedNote, right: SignedNote) -> Bool {
    left.bytes == right.bytes
  }

  /// Feeds what equality looks at.
  package func hash(into hasher: inout Hasher) {
    hasher.combine(bytes)
  }
}
