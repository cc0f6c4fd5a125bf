/// Bytes as a `bytea` value. A type of its own, so that `[UInt8]` is never taken for an array of small numbers.
package struct PostgresBytes: PostgresScalar, Hashable {
  /// The bytes themselves.
  package var bytes: [UInt8]

  /// - Parameter bytes: the bytes themselves.
  package init(_ bytes: [UInt8]) { self.bytes = bytes }

  package static var postgresType: PostgresType { .bytea }

  package func encode(into buffer: inout [UInt8]) { buffer.append(contentsOf: bytes) }

  package static func decode(_ cell: borrowing PostgresCell) throws(PostgresError) -> Self {
    try cell.expect(.bytea)
    return try cell.withUnsafeBytes { (bytes) throws(PostgresError) in Self(Array(bytes)) }
  }
}
