import Testing
import TransparencyLog

@Suite("Receipts")
struct LogReceiptTests {
  private static let leaf = LeafHash.hash(Array(#"{"a":1}"#.utf8))
  private static let at = "2026-11-23T11:59:50.123456Z"
  private static let text = "tally.local/team\nreceipt\n7\n\(leaf.base64)\n\(at)\n"

  @Test("A receipt has the documented text and reads back once it is signed")
  func signedReceiptsReadBack() throws {
    let key = try #require(NoteSigningKey(newNamed: "tally.local"))
    let receipt = try LogReceipt(origin: "tally.local/team", index: 7, leaf: Self.leaf, at: Self.at)
    #expect(receipt.text == Self.text)
    let note = try SignedNote(bytes: receipt.signed(by: key).bytes)
    #expect(try LogReceipt(note, signedBy: [key.verifier], origin: "tally.local/team") == receipt)
    #expect(throws: NoteError.otherOrigin("tally.local/team")) {
      try LogReceipt(note, signedBy: [key.verifier], origin: "tally.local/other")
    }
    #expect(throws: NoteError.signedByNoKnownKey) { try LogReceipt(note, signedBy: []) }
  }

  @Test("A head is no receipt, though the same key signed it")
  func headsAreNoReceipts() throws {
    let key = try #require(NoteSigningKey(newNamed: "tally.local"))
    let note = try Checkpoint(origin: "tally.local/team", size: 7, root: Self.leaf).signed(by: key)
    #expect(throws: TextError.self) { try LogReceipt(note, signedBy: [key.verifier]) }
  }

  @Test(
    "What is no receipt names its wrong line",
    arguments: [
      ("", 1), (text.replacing("tally.local/team", with: ""), 1), (text.replacing("receipt", with: "Receipt"), 2),
      (text.replacing("\n7\n", with: "\n07\n"), 3), (text.replacing("\n7\n", with: "\n-7\n"), 3),
      (text.replacing("\n7\n", with: "\n9223372036854775807\n"), 3), (text.replacing("=", with: ""), 4),
      (text.replacing(".123456Z", with: "Z"), 5), (text.replacing("Z\n", with: "z\n"), 5),
      (text.replacing("2026", with: "+026"), 5), (String(text.dropLast()), 5), (text + "x\n", 6), (text + "\n", 6),
    ])
  func otherTextsAreRefused(text: String, line: Int) {
    let error = #expect(throws: TextError.self) { try LogReceipt(text: Array(text.utf8)) }
    #expect(error?.line == line)
  }

  @Test("A receipt that could not be read is not made")
  func wrongReceiptsAreNotMade() {
    #expect(throws: TextError.self) { try LogReceipt(origin: "a\nb", index: 0, leaf: Self.leaf, at: Self.at) }
    #expect(throws: TextError.self) { try LogReceipt(origin: "a", index: -1, leaf: Self.leaf, at: Self.at) }
    #expect(throws: TextError.self) { try LogReceipt(origin: "a", index: 0, leaf: Self.leaf, at: Self.at + "\n") }
  }
}
