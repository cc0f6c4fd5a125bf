import Testing
import TransparencyLog

@Suite("Keys of signed notes")
struct NoteSigningKeyTests {
  /// Made with Python's cryptography package from the secret 00 01 … 1f.
  private static let secret =
    "PRIVATE+KEY+example.com/foo+0bda443f+AQABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"
  private static let verifierKey = "example.com/foo+0bda443f+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"

  @Test("The texts are those of C2SP's tools")
  func textsAreThoseOfTheFormat() throws {
    let key = try #require(NoteSigningKey(text: Self.secret))
    #expect(key.verifierKey == Self.verifierKey)
    #expect(key.secretText == Self.secret)
    #expect(NoteSigningKey(text: Self.secret + "\n")?.verifierKey == Self.verifierKey)
  }

  @Test("A new key reads its own text back")
  func newKeyReadsItsTextBack() throws {
    let key = try #require(NoteSigningKey(newNamed: "tally.local"))
    let other = try #require(NoteSigningKey(newNamed: "tally.local"))
    #expect(NoteSigningKey(text: key.secretText)?.verifierKey == key.verifierKey)
    #expect(key.verifierKey != other.verifierKey)
    #expect(key.verifierKey.hasPrefix("tally.local+"))
  }

  @Test(
    "What is no key is refused",
    arguments: [
      "", "PRIVATE+KEY+", verifierKey, secret.replacing("0bda443f", with: "0bda443e"),
      secret.replacing("example.com/foo", with: "example.com/bar"), secret.replacing("AQAB", with: "AgAB"),
      String(secret.dropLast(4)), secret + "\n\n", "PRIVATE+KEY+a b+0bda443f+AQAB",
    ])
  func wrongTextIsRefused(text: String) {
    #expect(NoteSigningKey(text: text) == nil)
  }

  @Test("A name has neither blanks nor a plus", arguments: ["", "a b", "a+b", "a\nb", "é", "\u{7F}"])
  func wrongNameIsRefused(name: String) {
    #expect(NoteSigningKey(newNamed: name) == nil)
  }
}
