import Crypto
import Gateway
import Ledger
import Testing

@Suite struct APIKeyTests {
  @Test func checksumIsThatOfTheKnownAnswer() throws {
    let key = try #require(APIKey("tally_qkJaB6MffYVzZXWqmcoF49yrUxP3wf0LsakP"))
    #expect(key.hint == "sakP")
    #expect(key.hash.bytes == Array(SHA256.hash(data: Array(key.text.utf8))))
  }

  @Test(arguments: [
    "", "tally_", "tally_qkJaB6MffYVzZXWqmcoF49yrUxP3wf0Lsakp", "tally_qkJaB6MffYVzZXWqmcoF49yrUxP3wF0LsakP",
    "TALLY_qkJaB6MffYVzZXWqmcoF49yrUxP3wf0LsakP", "qkJaB6MffYVzZXWqmcoF49yrUxP3wf0LsakP",
    "tally_qkJaB6MffYVzZXWqmcoF49yrUxP3wf0LsakP ", "tally_qkJaB6MffYVzZXWqmcoF49yrUxP3w-0LsakP",
    "tally_qkJaB6MffYVzZXWqmcoF49yrUxP3wf0LsakP\u{301}", "tally_qkJaB6MffYVzZXWqmcoF49yrUxP3wf0Lsak",
  ])
  func keyOfAnotherFormOrChecksumIsRefused(text: String) {
    #expect(APIKey(text) == nil)
  }

  @Test func generatedKeyIsAcceptedAndNeverTheSame() {
    var generator = SystemRandomNumberGenerator()
    let keys = (0..<200).map { _ in APIKey.generate(using: &generator) }
    #expect(Set(keys.map(\.text)).count == keys.count)
    for key in keys { #expect(APIKey(key.text) == key) }
  }

  @Test func oneChangedCharacterIsNoticed() {
    let text = Array(Fixtures.key.text.utf8)
    for position in text.indices.dropFirst(6) {
      var changed = text
      changed[position] = changed[position] == UInt8(ascii: "a") ? UInt8(ascii: "b") : UInt8(ascii: "a")
      #expect(APIKey(String(decoding: changed, as: UTF8.self)) == nil)
    }
  }

  @Test func keyIsNeverPrinted() {
    let key = Fixtures.key
    var dumped = ""
    dump(key, to: &dumped)
    for text in ["\(key)", String(reflecting: key), dumped, "\([key])"] { #expect(!text.contains(key.text)) }
  }
}
