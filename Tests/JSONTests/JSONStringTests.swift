import JSON
import Testing

@Suite struct JSONStringTests {
  @Test(arguments: [
    ("", #""""#), ("a/b é \u{2028}", "\"a/b é \u{2028}\""), (#"say "\" "#, #""say \"\\\" ""#),
    ("\0\n\u{1F}\u{7F}", "\"\\u0000\\u000a\\u001f\u{7F}\""),
  ])
  func onlyWhatJSONDemandsIsEscaped(text: String, json: String) throws {
    var bytes: [UInt8] = []
    JSONString.append(text, to: &bytes)
    #expect(String(decoding: bytes, as: UTF8.self) == json)
    var cursor = try JSONCursor(bytes)
    #expect(try cursor.string() == text)
  }
}
