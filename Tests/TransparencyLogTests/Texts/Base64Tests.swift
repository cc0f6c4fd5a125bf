import TallyTesting
import Testing
import TransparencyLog

@Suite("Base64")
struct Base64Tests {
  @Test(
    "The texts of RFC 4648, section 10",
    arguments: [
      ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
      ("foobar", "Zm9vYmFy"),
    ])
  func textsAreTheStandardOnes(plain: String, encoded: String) {
    #expect(Base64.encode(Array(plain.utf8)) == encoded)
    #expect(Base64.decode(encoded.utf8) == Array(plain.utf8))
  }

  @Test("Any bytes read back")
  func anyBytesReadBack() {
    var random = SeededGenerator(seed: 1)
    for count in 0..<200 {
      let bytes = random.bytes(count: count)
      #expect(Base64.decode(Base64.encode(bytes).utf8) == bytes)
    }
    let all = (UInt8(0)...255).map { $0 }
    #expect(Base64.decode(Base64.encode(all).utf8) == all)
  }

  @Test(
    "Bytes have one text and no other",
    arguments: [
      "Z", "Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Zm8", "Zm8=\n", " Zm8=", "Zm8 ", "Zg==Zg==", "=", "====", "Z===",
      "Zm=8", "Zm-_", "Zm9v\n", "Zm\n9v", "Zm9vZg=A", "Z\u{E9}=",
    ])
  func otherTextsAreRefused(text: String) {
    #expect(Base64.decode(text.utf8) == nil)
  }

  @Test("What reads is what is written, for every text of four characters")
  func readingIsTheInverseOfWriting() {
    let characters = Array("ABQgwx/9+=\n-".utf8)
    for first in characters {
      for second in characters {
        for third in characters {
          for fourth in characters {
            let text = [first, second, third, fourth]
            guard let bytes = Base64.decode(text) else { continue }
            #expect(Array(Base64.encode(bytes).utf8) == text)
          }
        }
      }
    }
  }
}
