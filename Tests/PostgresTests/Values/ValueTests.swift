import Postgres
import Testing

/// Known bytes: what PostgreSQL's own `…_send` functions produce.
@Suite struct ValueTests {
  private func encoded(_ value: any PostgresEncodable) -> [UInt8] {
    var buffer: [UInt8] = []
    value.encode(into: &buffer)
    return buffer
  }

  private func decoded<T: PostgresDecodable>(_ bytes: [UInt8]?, _ oid: UInt32, as type: T.Type = T.self) throws -> T {
    guard let bytes else { return try T.decode(PostgresCell(typeOID: oid, bytes: nil)) }
    return try bytes.withUnsafeBytes { try T.decode(PostgresCell(typeOID: oid, bytes: $0)) }
  }

  @Test func integersAreInNetworkByteOrder() throws {
    #expect(encoded(true) == [1])
    #expect(encoded(Int16(-2)) == [0xff, 0xfe])
    #expect(encoded(Int32(0x0102_0304)) == [1, 2, 3, 4])
    #expect(encoded(Int64.min) == [0x80, 0, 0, 0, 0, 0, 0, 0])
    #expect(try decoded([0], 16, as: Bool.self) == false)
    #expect(try decoded([0xff, 0xfe], 21, as: Int16.self) == -2)
    #expect(try decoded([1, 2, 3, 4], 23, as: Int32.self) == 0x0102_0304)
    #expect(try decoded([0x7f, 255, 255, 255, 255, 255, 255, 255], 20, as: Int64.self) == .max)
  }

  @Test func narrowIntegersAreReadAsWiderOnes() throws {
    #expect(try decoded([0xff, 0xfe], 21, as: Int64.self) == -2)
    #expect(try decoded([0xff, 0xff, 0xff, 0xfe], 23, as: Int64.self) == -2)
    #expect(try decoded([0, 7], 21, as: Int32.self) == 7)
  }

  @Test func aWiderIntegerIsNeverCut() {
    #expect(throws: PostgresError.self) { try decoded([0, 0, 0, 0, 0, 0, 0, 1], 20, as: Int32.self) }
    #expect(throws: PostgresError.self) { try decoded([0, 0, 0, 1], 20, as: Int64.self) }
  }

  @Test func textIsItsBytes() throws {
    #expect(encoded("añ🙂") == Array("añ🙂".utf8))
    #expect(try decoded(Array("e\u{301}\r\n".utf8), 25, as: String.self).utf8.elementsEqual("e\u{301}\r\n".utf8))
    #expect(try decoded([1, 0x7b, 0x7d], 3802, as: String.self) == "{}")
    #expect(throws: PostgresError.self) { try decoded([0xff], 25, as: String.self) }
    #expect(throws: PostgresError.self) { try decoded([0x31], 20, as: String.self) }
  }

  @Test func textWithNULIsRefused() {
    #expect("a\0b".encodingFault != nil)
    #expect("ab".encodingFault == nil)
    #expect(["x", "a\0b"].encodingFault != nil)
  }

  @Test func nullNeedsAnOptional() throws {
    #expect(try decoded(nil, 20, as: Int64?.self) == nil)
    #expect(throws: PostgresError.self) { try decoded(nil, 20, as: Int64.self) }
  }

  @Test func timestampsCountFromTheirOwnEpoch() throws {
    #expect(encoded(PostgresTimestamp(microsecondsSinceUnixEpoch: 946_684_800_000_001)) == [0, 0, 0, 0, 0, 0, 0, 1])
    #expect(
      try decoded([0, 0, 0, 0, 0, 0, 0, 0], 1184, as: PostgresTimestamp.self).microsecondsSinceUnixEpoch
        == 946_684_800_000_000)
    let before = PostgresTimestamp(microsecondsSinceUnixEpoch: -1)
    #expect(try decoded(encoded(before), 1184, as: PostgresTimestamp.self) == before)
  }

  @Test(
    arguments: [
      [0x7f, 255, 255, 255, 255, 255, 255, 255], [0x80, 0, 0, 0, 0, 0, 0, 0],
      [0x7f, 255, 255, 255, 255, 255, 255, 254],
    ] as [[UInt8]])
  func infinityIsNoTime(_ bytes: [UInt8]) {
    #expect(throws: PostgresError.self) { try decoded(bytes, 1184, as: PostgresTimestamp.self) }
  }

  @Test func timesOutsideOfPostgresAreRefused() {
    #expect(PostgresTimestamp(microsecondsSinceUnixEpoch: .max).encodingFault == nil)
    #expect(PostgresTimestamp(microsecondsSinceUnixEpoch: .min).encodingFault != nil)
    #expect(PostgresTimestamp(microsecondsSinceUnixEpoch: 0).encodingFault == nil)
  }

  @Test func arraysHaveTheServersForm() throws {
    let withNull: [Int16?] = [1, nil]
    let bytes: [UInt8] = [
      0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 21, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 0, 1, 255, 255, 255, 255,
    ]
    #expect(encoded(withNull) == bytes)
    #expect(try decoded(bytes, 1005, as: [Int16?].self) == withNull)
    #expect(throws: PostgresError.self) { try decoded(bytes, 1005, as: [Int16].self) }
    #expect(encoded([Int64]()) == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 20])
    #expect(try decoded(encoded([Int64]()), 1016, as: [Int64].self) == [])
    #expect([String?].postgresType.oid == 1009)
  }

  @Test func malformedArraysAreRefusedWhereverTheyAreCut() throws {
    let whole = encoded(["ab", "", "c"])
    #expect(try decoded(whole, 1009, as: [String].self) == ["ab", "", "c"])
    for length in 0..<whole.count {
      #expect(throws: PostgresError.self) { try decoded(Array(whole[..<length]), 1009, as: [String].self) }
    }
    var huge = whole
    huge.replaceSubrange(12..<16, with: [0x7f, 255, 255, 255])
    #expect(throws: PostgresError.self) { try decoded(huge, 1009, as: [String].self) }
    var twoDimensions = whole
    twoDimensions[3] = 2
    #expect(throws: PostgresError.self) { try decoded(twoDimensions, 1009, as: [String].self) }
  }
}
