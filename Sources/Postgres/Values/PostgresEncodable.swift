/// A value that can be sent as a statement's parameter, always in PostgreSQL's binary format.
package protocol PostgresEncodable: Sendable {
  /// The type that the server is told. An assignment (`INSERT`, `UPDATE`) casts it to the column's type.
  static var postgresType: PostgresType { get }
  /// Appends the binary format, without the length that stands before it on the wire.
  func encode(into buffer: inout [UInt8])
  /// Why the value cannot be sent, or nil. Never holds the value itself. The statement then fails before a byte is sent.
  var encodingFault: String? { get }
}

extension PostgresEncodable {
  package var encodingFault: String? { nil }
}

extension [UInt8] {
  /// Appends an integer in network byte order, as everything in PostgreSQL's binary formats is.
  package mutating func appendBigEndian(_ value: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
  }
}
