import JSON
import Testing

/// What a cursor takes for JSON, and what it makes of it.
@Suite struct JSONCursorTests {
  @Test(arguments: [
    "null", " true ", "-0.5e+10", "1e400", "[]", "[1,[2,{}],\"\\u00e9\"]",
    #"{"a":{"b":[null]},"c":"\"\\\/\b\f\n\r\t"}"#,
    #""\ud83d\ude00""#, "\"\u{1F600}\"",
  ])
  func whatIsJSONIsWalkedOver(text: String) throws {
    var cursor = try JSONCursor(Array(text.utf8))
    let skipped = try cursor.skip()
    try cursor.end()
    #expect(String(decoding: skipped, as: UTF8.self) == text.filter { $0 != " " })
  }

  @Test(arguments: [
    "", "nul", "tru", "[1,]", "[1 2]", "{\"a\"}", "{\"a\":1,}", "{a:1}", "01", "1.", "1e", "+1", ".5", "\"", "\"\n\"",
    #""\x""#, #""\u12"#, #""\ud83d""#, #""\ude00""#, "[", "{", "1 1", "[1}", String(repeating: "[", count: 200),
  ])
  func whatIsNotIsRefused(text: String) {
    #expect(throws: MalformedJSON.self) {
      var cursor = try JSONCursor(Array(text.utf8))
      try cursor.skip()
      try cursor.end()
    }
  }

  @Test func bytesThatAreNotUTF8AreRefused() {
    #expect(throws: MalformedJSON.self) { _ = try JSONCursor([0x22, 0xFF, 0x22]) }
  }

  @Test func nestingIsBounded() throws {
    let deepest = JSONCursor.maximumDepth
    for (depth, isFine) in [(deepest, true), (deepest + 1, false)] {
      let text = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
      var cursor = try JSONCursor(Array(text.utf8))
      let isWalkedOver = (try? cursor.skip()) != nil
      #expect(isWalkedOver == isFine)
    }
  }

  @Test func membersAreToldInTheirOrderWithTheirOwnText() throws {
    var cursor = try JSONCursor(Array(#" { "a" : "x\u0041" , "\u0062" : [ 1 , 2 ] , "é" : 5 } "#.utf8))
    var names: [String] = []
    var text: String?
    var list: [UInt8] = []
    try cursor.object { (name, cursor) throws(MalformedJSON) in
      names.append(name)
      switch name {
      case "a": text = try cursor.string()
      case "b": list = Array(try cursor.skip())
      default: try cursor.skip()
      }
    }
    try cursor.end()
    #expect(names == ["a", "b", ""])
    #expect(text == "xA")
    #expect(list == Array("[ 1 , 2 ]".utf8))
  }

  @Test(arguments: [
    ("0", Int64?.some(0)), ("-7", -7), ("9223372036854775807", .max), ("1.0", 1), ("1e3", 1_000), ("1.5", nil),
    ("1e30", nil), ("1e400", nil), ("9223372036854775808", nil),
  ])
  func integersAreWholeNumbersOfSixtyFourBits(text: String, value: Int64?) throws {
    var cursor = try JSONCursor(Array(text.utf8))
    #expect(try cursor.integer() == value)
    try cursor.end()
  }
}
