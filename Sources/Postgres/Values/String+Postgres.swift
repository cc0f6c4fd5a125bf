import Glibc

extension String: PostgresScalar {
  package static var postgresType: PostgresType { .text }

  package func encode(into buffer: inout [UInt8]) { buffer.append(contentsOf: utf8) }

  /// PostgreSQL's text cannot hold NUL, and its text protocol would cut the value there.
  package var encodingFault: String? {
    hasNUL ? "text with a NUL byte" : nil
  }

  /// Whether there is a NUL byte in the text; faster than a loop, for texts of every length.
  package var hasNUL: Bool {
    utf8.withContiguousStorageIfAvailable { bytes in
      bytes.baseAddress.map { memchr($0, 0, bytes.count) != nil } ?? false
    } ?? utf8.contains(0)
  }

  /// Reads every type whose binary format is its text: `text`, `varchar`, `char(n)`, `name`, `json`, `xml`, enumerated types
  /// (object ids of types that users made begin at 16384), and `jsonb` with its version byte.
  /// - Throws: `decoding` for other types and for bytes that are not UTF-8.
  package static func decode(_ cell: borrowing PostgresCell) throws(PostgresError) -> Self {
    let type = cell.typeOID
    guard textLike.contains(type) || type >= firstUserTypeOID else {
      throw PostgresError(decoding: "type \(type) where text was expected")
    }
    return try cell.withUnsafeBytes { (bytes) throws(PostgresError) in
      let skipped = type == jsonbOID ? Swift.min(1, bytes.count) : 0
      guard let text = String(validating: bytes.dropFirst(skipped), as: UTF8.self) else {
        throw PostgresError(decoding: "text that is not UTF-8")
      }
      return text
    }
  }

  private static let jsonbOID: UInt32 = 3802
  private static let firstUserTypeOID: UInt32 = 16384
  // text, varchar, bpchar, name, "char", unknown, json, jsonb, xml
  private static let textLike: Set<UInt32> = [25, 1043, 1042, 19, 18, 705, 114, jsonbOID, 142]
}
