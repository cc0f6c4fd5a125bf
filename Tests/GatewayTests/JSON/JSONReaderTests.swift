import Foundation
import Gateway
import Testing

@Suite struct JSONReaderTests {
  private func parse(_ text: String) throws(JSONFault) -> JSONValue {
    try JSONReader.parse(Array(text.utf8))
  }

  @Test func everyKindOfValueIsRead() throws {
    let value = try parse(#" {"a":[1,-2.5e3,true,false,null,"x"],"b":{}} "#)
    guard case .object(let object) = value, case .array(let elements) = object["a"] else {
      Issue.record("no object")
      return
    }
    #expect(object.members.map(\.name) == ["a", "b"])
    #expect(elements.count == 6)
    #expect(elements[5] == .string("x"))
  }

  @Test(arguments: [
    (#""\u0041\n\/\"\\\b\f\r\t""#, "A\n/\"\\\u{8}\u{C}\r\t"), (#""\ud83d\ude00""#, "😀"), ("\"é😀\"", "é😀"),
    (#""\u0000""#, "\0"),
  ])
  func stringsAreDecoded(text: String, expected: String) throws {
    #expect(try parse(text) == .string(expected))
  }

  @Test(arguments: [
    ("", JSONFault.Reason.syntax), ("{", .syntax), ("[1,]", .syntax), ("{\"a\":1,}", .syntax), ("{a:1}", .syntax),
    ("01", .syntax), ("1.", .syntax), (".5", .syntax), ("+1", .syntax), ("1e", .syntax), ("NaN", .syntax),
    ("tru", .syntax), ("'a'", .syntax), ("\"\n\"", .syntax), ("\"\\x\"", .syntax), ("\"\\u12\"", .syntax),
    ("1 2", .syntax), ("\u{FEFF}{}", .syntax), ("{\"a\" 1}", .syntax), ("/* */ 1", .syntax), ("\"open", .syntax),
    ("{\"a\":1,\"a\":2}", .duplicateName), ("{\"a\":1,\"\\u0061\":2}", .duplicateName),
    (#""\ud800""#, .loneSurrogate), (#""\ud800\u0041""#, .loneSurrogate), (#""\udc00""#, .loneSurrogate),
    ("\"a\0b\"", .zeroByte),
  ])
  func whatIsNoJSONIsRefused(text: String, reason: JSONFault.Reason) {
    let fault = #expect(throws: JSONFault.self) { try parse(text) }
    #expect(fault?.reason == reason)
  }

  @Test(arguments: [
    [0x22, 0xFF, 0x22], [0x22, 0xC0, 0xAF, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22], [0x22, 0xE2, 0x82],
  ])
  func invalidUTF8IsRefused(bytes: [UInt8]) {
    let fault = #expect(throws: JSONFault.self) { try JSONReader.parse(bytes) }
    #expect(fault?.reason == .notUTF8)
  }

  @Test func depthIsBounded() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    _ = try parse(nested(JSONReader.maximumDepth))
    let fault = #expect(throws: JSONFault.self) { try parse(nested(JSONReader.maximumDepth + 1)) }
    #expect(fault?.reason == .tooDeep)
    // Also where it could overflow the stack of a reader that looks only at the end.
    #expect(throws: JSONFault.self) { try parse(String(repeating: "{\"a\":", count: 40_000)) }
  }

  @Test func membersAreBounded() {
    let members = (0...JSONReader.maximumMembers).map { "\"\($0)\":0" }.joined(separator: ",")
    let fault = #expect(throws: JSONFault.self) { try parse("{\(members)}") }
    #expect(fault?.reason == .tooManyMembers)
  }

  @Test func canonicallyEqualNamesAreTwoNames() throws {
    guard case .object(let object) = try parse("{\"\u{E9}\":1,\"e\u{301}\":2}") else { return }
    #expect(object.members.count == 2)
    #expect(
      object["e\u{301}"] == .number(object["e\u{301}"].flatMap { if case .number(let n) = $0 { n } else { nil } }!))
  }

  /// What a general decoder refuses, this one refuses; what both take means the same.
  @Test func agreesWithFoundationOnMutatedTexts() throws {
    let seed = SeededGenerator.testSeed()
    var generator = SeededGenerator(seed: seed)
    let alphabet = Array("{}[]\",:\\u0123456789-+.eE truefalsn\u{1}/".utf8)
    let original = Array(Fixtures.pageBody.utf8) + Array(#"[1.5e-3,"\u00e9\n",{"x":[]}]"#.utf8)
    for _ in 0..<3_000 {
      let start = Int.random(in: 0..<original.count - 1, using: &generator)
      let end = Int.random(in: start..<original.count, using: &generator)
      var text = Bool.random(using: &generator) ? Array(Fixtures.pageBody.utf8) : Array(original[start...end])
      for _ in 0..<Int.random(in: 0...4, using: &generator) where !text.isEmpty {
        let position = Int.random(in: 0..<text.count, using: &generator)
        text[position] = alphabet.randomElement(using: &generator) ?? 0x20
      }
      let ours = try? JSONReader.parse(text)
      guard let ours else { continue }
      let theirs = try? JSONSerialization.jsonObject(with: Data(text), options: .fragmentsAllowed)
      #expect(theirs != nil, "TALLY_TEST_SEED=\(seed) \(String(decoding: text, as: UTF8.self))")
      var writer = JSONWriter()
      writer.value(ours)
      #expect(try JSONReader.parse(writer.bytes) == ours)
    }
  }
}

@Suite struct JSONNumberTests {
  @Test(arguments: [
    ("0", 0), ("1", 1), ("1.0", 1), ("10e-1", 1), ("0.1e1", 1), ("-0", 0), ("-3.00", -3), ("1e2", 100),
    ("9223372036854775807", Int64.max), ("0e999", 0), ("1500e-2", 15),
  ])
  func wholeNumbersAreFoundHoweverTheyAreWritten(text: String, expected: Int64) throws {
    #expect(try number(text)?.integer == expected)
  }

  @Test(arguments: ["1.5", "1e-1", "9223372036854775808", "1e19", "1e400", "1e999999999999999999999", "0.0001"])
  func whatIsNoneOrDoesNotFitIsNot(text: String) throws {
    #expect(try number(text)?.integer == nil)
  }

  private func number(_ text: String) throws -> JSONNumber? {
    guard case .number(let number) = try JSONReader.parse(Array(text.utf8)) else { return nil }
    return number
  }
}

@Suite struct JSONWriterTests {
  @Test func stringsSurviveWritingAndReading() throws {
    let text = "\"\\/\u{0}\u{1F}\u{7F}\n\r\té😀\u{2028}</script>"
    var writer = JSONWriter()
    writer.string(text)
    #expect(try JSONReader.parse(writer.bytes) == .string(text))
    #expect(try JSONDecoder().decode(String.self, from: Data(writer.bytes)) == text)
  }

  @Test func commasStandOnlyBetween() {
    let text = JSONWriter.text { writer in
      writer.array("a") { writer in
        writer.integer(1)
        writer.object { _ in }
        writer.array { $0.null() }
      }
      writer.field("b", Optional<String>.none)
      writer.object("c") { $0.field("d", true) }
      writer.field("e", json: "[]")
    }
    #expect(text == #"{"a":[1,{},[null]],"b":null,"c":{"d":true},"e":[]}"#)
  }
}
