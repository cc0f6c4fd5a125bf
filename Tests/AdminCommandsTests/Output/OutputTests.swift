import AdminCommands
import Testing

@Suite("Output")
struct OutputTests {
  private func row(_ name: String, _ credits: Int64?, hidden: String = "x") -> OutputRow {
    var row = OutputRow()
    row.add("name", "NAME", .string(name))
    row.add("credits", "CREDITS", credits.map { .integer($0) } ?? .null, text: credits == nil ? "none" : nil)
    row.add("hidden", nil, .string(hidden))
    return row
  }

  @Test("A table aligns names to the left and numbers to the right")
  func tableIsAligned() {
    let table = TextTable([row("a", 5), row("longer", 33_000), row("b", nil)])
    #expect(
      table.text == """
        NAME    CREDITS
        a             5
        longer    33000
        b          none
        """)
  }

  @Test("One thing is a line for each field")
  func oneThingIsALineAField() {
    #expect(TextTable(fieldsOf: row("a", 5)).text == "NAME     a\nCREDITS  5")
  }

  @Test("Null is written, names are sorted, slashes stay")
  func jsonHasNull() throws {
    #expect(
      try Console.json(row("a/b", nil, hidden: "é\"").object)
        == #"{"credits":null,"hidden":"é\"","name":"a/b"}"#)
    #expect(try Console.json(.list([])) == "[]")
  }

  @Test("A control character in a name does not reach the terminal")
  func controlCharactersAreReplaced() {
    let text = TextTable([row("a\u{1B}[2Jb\nc\u{202E}", 1)]).text
    #expect(text.split(separator: "\n").count == 2)
    #expect(!text.unicodeScalars.contains("\u{1B}"))
    #expect(!text.unicodeScalars.contains("\u{202E}"))
  }
}
