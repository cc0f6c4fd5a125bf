import Ledger
import Testing

struct IdentifierTests {
  @Test func textIsALowercaseUUIDAndReadsBackInEitherCase() {
    let id = TeamID(bits: 0x0123_4567_89ab_cdef_0123_4567_89ab_cdef)
    #expect(id.description == "01234567-89ab-cdef-0123-456789abcdef")
    #expect(TeamID("01234567-89AB-cdef-0123-456789abcdef") == id)
    #expect(TeamID("00000000-0000-0000-0000-000000000000") == TeamID(bits: 0))
  }

  @Test(arguments: [
    "", "01234567-89ab-cdef-0123-456789abcde", "01234567-89ab-cdef-0123-456789abcdef0",
    "0123456789abcdef0123456789abcdef", "{01234567-89ab-cdef-0123-456789abcdef}",
    "01234567-89ab-cdef-0123-456789abcdeg", "01234567089ab-cdef-0123-456789abcdef",
    "01234567-89ab-cdef-0123-456789abcde\u{301}", " 01234567-89ab-cdef-0123-456789abcdef",
  ])
  func otherTextsAreNoIds(text: String) {
    #expect(RecordID(text) == nil)
  }

  @Test(
    "Ids that follow each other do not fall to the same places of a table, whichever half counts",
    arguments: [0, 1, 20, 63, 64, 84, 116])
  func idsSpread(shift: Int) {
    let hashes = (0..<4_096).map { KeyID(bits: UInt128($0) << UInt128(shift)).hashValue }
    // As many as random numbers would take are 2,589, of the lowest bits and of higher ones.
    #expect(Set(hashes.map { $0 & 4_095 }).count > 2_000)
    #expect(Set(hashes.map { $0 >> 40 & 4_095 }).count > 2_000)
    #expect(KeyID(bits: 7).hashValue == KeyID(bits: 7).hashValue)
  }

  @Test func orderIsTheOrderOfTexts() {
    var generator = SeededGenerator(seed: testSeed)
    for _ in 0..<200 {
      let left = KeyID(bits: generator.bits())
      let right = KeyID(bits: generator.bits())
      #expect((left < right) == (left.description < right.description), "seed \(testSeed)")
      #expect(KeyID(left.description) == left, "seed \(testSeed)")
    }
  }
}

struct Digest32Tests {
  @Test func hexReadsBack() {
    let hex = "c7261463ebd776f4650b6d0fe942d9cc38c925d90f77d440ab6df8d5dd258c5f"
    let digest = Digest32(hex)
    #expect(digest?.description == hex)
    #expect(digest.flatMap { Digest32(bytes: $0.bytes) } == digest)
    #expect(digest?.bytes.first == 0xc7 && digest?.bytes.last == 0x5f)
  }

  @Test func otherLengthsAndCasesAreNoDigests() {
    #expect(Digest32(bytes: [UInt8](repeating: 1, count: 31)) == nil)
    #expect(Digest32(bytes: [UInt8](repeating: 1, count: 33)) == nil)
    #expect(Digest32(String(repeating: "a", count: 63)) == nil)
    #expect(Digest32(String(repeating: "a", count: 65)) == nil)
    #expect(Digest32(String(repeating: "A", count: 64)) == nil)
  }
}
