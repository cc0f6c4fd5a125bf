import Testing
import TransparencyLog

@Suite("Public keys of signed notes")
struct NoteVerifierKeyTests {
  static let texts = [
    "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
    "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
  ]

  @Test("Published vkeys read back", arguments: texts)
  func publishedKeysReadBack(text: String) throws {
    let key = try #require(NoteVerifierKey(text: text))
    #expect(key.text == text)
    #expect(NoteVerifierKey(text: text + "\n") == key)
    #expect(NoteVerifierKey(text: text + "\n\n") == nil)
  }

  @Test("No part of a vkey is one, and none with a changed byte", arguments: texts)
  func mangledKeysAreRefused(text: String) {
    let bytes = Array(text.utf8)
    for start in bytes.indices {
      for end in start..<bytes.count where start > 0 || end < bytes.count - 1 {
        #expect(NoteVerifierKey(text: String(decoding: bytes[start...end], as: UTF8.self)) == nil)
      }
      for bit in UInt8(0)..<8 {
        var changed = bytes
        changed[start] ^= 1 << bit
        #expect(NoteVerifierKey(text: String(decoding: changed, as: UTF8.self)) == nil)
      }
    }
  }

  @Test("A key of another algorithm or length is refused, though its id fits")
  func otherAlgorithmsAreRefused() {
    #expect(NoteVerifierKey(text: "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW") == nil)
    #expect(
      NoteVerifierKey(text: "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==") == nil)
  }

  @Test(
    "A name has no blanks of any script", arguments: ["", "a b", "a+b", "a\u{A0}b", "a\u{2003}b", "a\tb", "a\u{85}"])
  func wrongNamesAreRefused(name: String) {
    #expect(!NoteVerifierKey.isName(name))
  }

  /// U+212A is the Kelvin sign, which Swift takes for the letter K.
  @Test("A key whose name only looks the same is another key, though the id is the same")
  func namesAreComparedByBytes() throws {
    #expect("tally.\u{212A}" == "tally.K")
    let key = try #require(NoteSigningKey(newNamed: "tally.K"))
    let note = try SignedNote(text: "text\n", signedBy: [key])
    let renamed = try SignedNote(bytes: Array(note.string.replacing("tally.K", with: "tally.\u{212A}").utf8))
    #expect(renamed != note)
    #expect(renamed.signatures[0].keyID == key.verifier.id)
    #expect(throws: NoteError.signedByNoKnownKey) { try renamed.verify([key.verifier]) }
  }
}
