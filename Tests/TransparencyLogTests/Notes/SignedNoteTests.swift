import Testing
import TransparencyLog

@Suite("Signed notes")
struct SignedNoteTests {
  private static let secret = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
  private static let text = """
    If you think cryptography is the answer to your problem,
    then you don't know what your problem is.

    """
  private static let peter =
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
  private static let other = "— other.example AAAAAGZvbw==\n"

  private static func key(_ text: String) throws -> NoteVerifierKey {
    try #require(NoteVerifierKey(text: text))
  }

  private static func note(_ text: String) throws -> SignedNote {
    try SignedNote(bytes: Array(text.utf8))
  }

  @Test("Published notes verify")
  func publishedNotesVerify() throws {
    let foo = try Self.key(NoteVerifierKeyTests.texts[0])
    let note = try Self.note(
      "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYj"
        + "OBH3mFXmRKuwHjG1Yu72IneyaQM=\n")
    #expect(try note.verify([foo]) == [foo])
    let peter = try Self.key(NoteVerifierKeyTests.texts[1])
    #expect(try Self.note(Self.text + "\n" + Self.peter).verify([foo, peter]) == [peter])
  }

  @Test("Signing makes the published note, byte for byte")
  func signingMakesThePublishedNote() throws {
    let key = try #require(NoteSigningKey(text: Self.secret))
    #expect(key.verifier.text == NoteVerifierKeyTests.texts[1])
    let note = try SignedNote(text: Self.text, signedBy: [key])
    #expect(note.string == Self.text + "\n" + Self.peter)
    #expect(try Self.note(note.string) == note)
  }

  @Test("Signatures of other keys are passed over, also in front")
  func unknownSignaturesArePassedOver() throws {
    let peter = try Self.key(NoteVerifierKeyTests.texts[1])
    let sameName = "— PeterNeumann AAAAAGZvbw==\n"
    let sameID = "— Peter x08go2ZvbwA=\n"
    let note = try Self.note(Self.text + "\n" + Self.other + sameName + sameID + Self.peter + Self.other)
    #expect(note.signatures.count == 5)
    #expect(try note.verify([peter]) == [peter])
    #expect(throws: NoteError.signedByNoKnownKey) { try note.verify([]) }
    let foreign = try Self.note(Self.text + "\n" + Self.other + sameName + sameID)
    #expect(throws: NoteError.signedByNoKnownKey) { try foreign.verify([peter]) }
  }

  @Test("A wrong signature of a known key spoils the note, whatever else is there")
  func wrongSignaturesSpoilTheNote() throws {
    let peter = try Self.key(NoteVerifierKeyTests.texts[1])
    let wrong = "— PeterNeumann x08gowAA\n"
    for lines in [wrong, wrong + Self.peter, Self.peter + wrong] {
      let note = try Self.note(Self.text + "\n" + lines)
      #expect(throws: NoteError.wrongSignature(keyName: "PeterNeumann")) { try note.verify([peter]) }
    }
    let note = try Self.note(Self.text.replacing("cryptography", with: "Cryptography") + "\n" + Self.peter)
    #expect(throws: NoteError.wrongSignature(keyName: "PeterNeumann")) { try note.verify([peter]) }
  }

  @Test("Two keys sign in their order, and each is found")
  func severalKeysSign() throws {
    let first = try #require(NoteSigningKey(newNamed: "tally.local"))
    let second = try #require(NoteSigningKey(newNamed: "tally.local"))
    let note = try SignedNote(text: "a\n\nb\n", signedBy: [first, second])
    #expect(note.signatures.map(\.keyID) == [first.verifier.id, second.verifier.id])
    let read = try SignedNote(bytes: note.bytes)
    #expect(read.text == Array("a\n\nb\n".utf8))
    #expect(try read.verify([second.verifier, first.verifier]) == [second.verifier, first.verifier])
    #expect(try read.verify([second.verifier]) == [second.verifier])
  }

  private static let wrongTexts: [String] = [
    "", "\n", "\n\n", text, text + "\n", text + peter, text + "\nx" + peter, "a\0\n\n" + peter, "\ta\n\n" + peter,
  ]

  /// What makes the published signature's line none.
  private static let wrongLines: [String] = [
    String(peter.dropLast()), peter + "\n", peter + "x\n", "-" + peter.dropFirst(), "\u{2014} " + peter.dropFirst(),
    peter.replacing(" x08", with: "  x08"), peter.replacing("Peter", with: "Peter+"),
    peter.replacing("Peter", with: "Peter\u{A0}"), peter.replacing("AM=", with: "AN="),
    peter.replacing("=\n", with: "= \n"), peter.replacing("=\n", with: "=\r\n"),
    "\u{2014} PeterNeumann x08gow==\n", "\u{2014} PeterNeumann\n", "\u{2014} PeterNeumann \n",
    "\u{2014}  x08go2Zv\n",
  ]

  @Test("What is no note is refused", arguments: wrongTexts + wrongLines.map { text + "\n" + $0 })
  func otherTextsAreRefused(text: String) {
    #expect(throws: TextError.self) { try Self.note(text) }
  }

  @Test("A text that could not be read back is not signed", arguments: ["", "a", "a\nb", "a\t\n", "a\r\n", "\u{1B}\n"])
  func wrongTextsAreNotSigned(text: String) throws {
    let key = try #require(NoteSigningKey(newNamed: "tally.local"))
    #expect(throws: TextError.self) { try SignedNote(text: text, signedBy: [key]) }
  }

  @Test("Bytes that are no UTF-8 are refused, in text, name and behind")
  func otherBytesAreRefused() throws {
    let whole = Array((Self.text + "\n" + Self.peter).utf8)
    for broken: [UInt8] in [[0xFF], [0xC3], [0xE2, 0x80], [0xED, 0xA0, 0x80], [0xC0, 0x8A]] {
      for place in [0, 10, whole.count - 110, whole.count] {
        var bytes = whole
        bytes.insert(contentsOf: broken, at: place)
        #expect(throws: TextError.self) { try SignedNote(bytes: bytes) }
      }
    }
  }

  @Test("16 signatures of 5,000 bytes are read; there is a limit to number and size")
  func sizeIsLimited() throws {
    let large = "— q.example " + Base64.encode([UInt8](repeating: 1, count: 5_001)) + "\n"
    let peter = try Self.key(NoteVerifierKeyTests.texts[1])
    let note = try Self.note(Self.text + "\n" + String(repeating: large, count: 15) + Self.peter)
    #expect(try note.verify([peter]) == [peter])
    _ = try Self.note("a\n\n" + String(repeating: Self.other, count: 64))
    #expect(throws: TextError.self) { try Self.note("a\n\n" + String(repeating: Self.other, count: 65)) }
    let filling = String(repeating: "a", count: SignedNote.maximumBytes - Self.other.utf8.count - 2)
    _ = try Self.note(filling + "\n\n" + Self.other)
    #expect(throws: TextError.self) { try Self.note(filling + "a\n\n" + Self.other) }
  }
}
