import Testing
import TransparencyLog

@Suite("Lists of hashes")
struct HashLinesTests {
  private static let hashes = NaiveTree(count: 64, seed: 1).leaves

  @Test("They read back", arguments: [0, 1, 2, 64])
  func listsReadBack(count: Int) throws {
    let hashes = Array(Self.hashes.prefix(count))
    let text = HashLines.text(hashes)
    #expect(text.utf8.count == 45 * count)
    #expect(try HashLines.parse(Array(text.utf8)) == hashes)
  }

  @Test("What is no list names its first wrong line")
  func wrongListsAreRefused() {
    let line = Self.hashes[0].base64 + "\n"
    let cases: [(String, Int?)] = [
      (String(line.dropLast()), 1), (line + line.dropLast(), 2), (line + "\n", 2), ("\n", 1), (line + " " + line, 2),
      (line.dropLast() + "\r\n", 1), (line + "AAAA\n", 2), (String(repeating: line, count: 65), nil),
    ]
    for (text, number) in cases {
      let error = #expect(throws: TextError.self) { try HashLines.parse(Array(text.utf8)) }
      #expect(error?.line == number, "\(text)")
    }
  }
}
