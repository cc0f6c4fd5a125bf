import Testing
import TransparencyLog

struct DigestTests {
  @Test func bytesReadBack() {
    let bytes = (0..<32).map { UInt8($0 * 8) }
    #expect(Digest(bytes: bytes)?.bytes == bytes)
    #expect(Digest(bytes: bytes)?.description.hasPrefix("00081018") == true)
  }

  @Test(arguments: [0, 31, 33, 64])
  func otherLengthsAreNoDigests(count: Int) {
    #expect(Digest(bytes: [UInt8](repeating: 1, count: count)) == nil)
  }
}
