import Testing
import TransparencyLog

@Suite("Heads of logs")
struct CheckpointTests {
  private static let sumKey = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"
  private static let root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="

  @Test("Heads of Go's checksum database verify")
  func publishedHeadsVerify() throws {
    let key = try #require(NoteVerifierKey(text: Self.sumKey))
    let note = try SignedNote(
      bytes: Array(
        """
        go.sum database tree
        63096908
        8lHrQPRYe4KT4WQ9/Qk8/taKnD6IRHbFgfN7vQE2Y54=

        — sum.golang.org Az3gri/oVBN1jAhNZ/iS+W31psFAWRT20/GyrhpU6taFwulQGetBkH5S7wpGXdS935jiIGiUUAXBVHzT/P6fYhqAmAk=

        """.utf8))
    let head = try Checkpoint(note, signedBy: [key], origin: "go.sum database tree")
    #expect(head.size == 63_096_908)
    #expect(head.text == String(decoding: note.text, as: UTF8.self))
    #expect(throws: NoteError.otherOrigin("go.sum database tree")) {
      try Checkpoint(note, signedBy: [key], origin: "tally.local/team")
    }
  }

  @Test("A head that was signed reads back")
  func signedHeadsReadBack() throws {
    let key = try #require(NoteSigningKey(newNamed: "tally.local"))
    let log = StoredLog(NaiveTree(count: 21, seed: 1).leaves)
    let head = try Checkpoint(origin: "tally.local/team", size: log.peaks.size, root: log.peaks.root)
    let note = try SignedNote(bytes: head.signed(by: key).bytes)
    #expect(try Checkpoint(note, signedBy: [key.verifier], origin: "tally.local/team") == head)
    let other = try #require(NoteSigningKey(newNamed: "tally.local"))
    #expect(throws: NoteError.signedByNoKnownKey) { try Checkpoint(note, signedBy: [other.verifier]) }
  }

  @Test("Further lines are read and kept")
  func extensionsAreKept() throws {
    let text = "example.com/log\n0\n\(Self.root)\nfirst\nsecond line\n"
    let head = try Checkpoint(text: Array(text.utf8))
    #expect(head.extensions == ["first", "second line"])
    #expect(head.text == text)
    #expect(try Checkpoint(text: Array("example.com/log\n0\n\(Self.root)\n".utf8)) != head)
  }

  @Test(
    "What is no head names its wrong line",
    arguments: [
      ("", 1), ("\n1\n\(root)\n", 1), ("a", 1), ("a\n", 2), ("a\n01\n\(root)\n", 2), ("a\n-1\n\(root)\n", 2),
      ("a\n+1\n\(root)\n", 2), ("a\n\n\(root)\n", 2), ("a\n1 \n\(root)\n", 2), ("a\n1x\n\(root)\n", 2),
      ("a\n9223372036854775807\n\(root)\n", 2), ("a\n9223372036854775808\n\(root)\n", 2),
      ("a\n99999999999999999999\n\(root)\n", 2), ("a\n\u{661}\n\(root)\n", 2), ("a\n1\n\(root)", 3),
      ("a\n1\n\(root.dropLast())\n", 3), ("a\n1\n\(root)=\n", 3), ("a\n1\n\n", 3), ("a\n1\nAAAA\n", 3),
      ("a\n1\n\(root)\n\n", 4), ("a\n1\n\(root)\nx\n\ny\n", 5), ("a\n1\n\(root)\nx", 4),
      ("tally.local/team\nreceipt\n1\n\(root)\n2026-11-23T11:59:50.123456Z\n", 2),
    ])
  func otherTextsAreRefused(text: String, line: Int) {
    let error = #expect(throws: TextError.self) { try Checkpoint(text: Array(text.utf8)) }
    #expect(error?.line == line)
  }

  @Test("A head that could not be read is not made")
  func wrongHeadsAreNotMade() {
    for origin in ["", "a\nb", "a\tb", String(repeating: "a", count: 1_025)] {
      #expect(throws: TextError.self) { try Checkpoint(origin: origin, size: 0, root: NodeHash.emptyRoot) }
    }
    for size in [-1, .min, .max, (Int64(1) << 62) + 1] {
      #expect(throws: TextError.self) { try Checkpoint(origin: "a", size: size, root: NodeHash.emptyRoot) }
    }
  }

  /// U+212A is the Kelvin sign, which Swift takes for the letter K.
  @Test("A log whose name only looks the same is another log")
  func originsAreComparedByBytes() throws {
    #expect("tally.\u{212A}" == "tally.K")
    let key = try #require(NoteSigningKey(newNamed: "tally.K"))
    let head = try Checkpoint(origin: "tally.\u{212A}", size: 0, root: NodeHash.emptyRoot)
    let note = try head.signed(by: key)
    #expect(throws: NoteError.self) { try Checkpoint(note, signedBy: [key.verifier], origin: "tally.K") }
    #expect(try Checkpoint(origin: "tally.K", size: 0, root: NodeHash.emptyRoot) != head)
  }
}
