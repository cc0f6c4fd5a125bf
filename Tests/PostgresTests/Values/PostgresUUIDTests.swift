import Postgres
import Testing

@Suite struct PostgresUUIDTests {
  @Test func textAndBytesAgree() throws {
    let uuid = try #require(PostgresUUID("00112233-4455-6677-8899-AABBCCDDEEFF"))
    #expect(uuid.description == "00112233-4455-6677-8899-aabbccddeeff")
    var buffer: [UInt8] = []
    uuid.encode(into: &buffer)
    #expect(buffer == (0..<16).map { UInt8($0 * 0x11) })
    #expect(buffer.withUnsafeBytes { try? PostgresUUID.decode(PostgresCell(typeOID: 2950, bytes: $0)) } == uuid)
  }

  @Test(arguments: [
    "", "0", "00112233445566778899aabbccddeeff", "00112233-4455-6677-8899-aabbccddeef",
    "00112233-4455-6677-8899-aabbccddeeff0", "{00112233-4455-6677-8899-aabbccddeeff}",
    "00112233-4455-6677-8899-aabbccddeefg", "00112233-4455-6677-8899-aabbccddee\u{301}f",
    "+0112233-4455-6677-8899-aabbccddeeff",
  ])
  func onlyTheCanonicalTextIsRead(_ text: String) { #expect(PostgresUUID(text) == nil) }

  @Test func orderIsThatOfTheBytes() throws {
    let low = try #require(PostgresUUID("7fffffff-ffff-ffff-ffff-ffffffffffff"))
    let high = try #require(PostgresUUID("80000000-0000-0000-0000-000000000000"))
    #expect(low < high)
  }
}
