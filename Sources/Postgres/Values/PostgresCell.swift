/// One column of one row while it is being decoded. It borrows libpq's memory, so it cannot be copied or kept.
package struct PostgresCell: ~Copyable {
  /// The object id of the type that the server sent, or of the element's type inside an array.
  package let typeOID: UInt32
  /// The binary value, nil for NULL. Valid only while the row is being decoded.
  private let bytes: UnsafeRawBufferPointer?

  /// - Parameters:
  ///   - typeOID: the object id of the type.
  ///   - bytes: the binary value, which must outlive the cell; nil for NULL.
  package init(typeOID: UInt32, bytes: UnsafeRawBufferPointer?) {
    self.typeOID = typeOID
    self.bytes = bytes
  }

  /// Whether the value is NULL.
  package var isNull: Bool { bytes == nil }

  /// Lends the value's bytes to a closure.
  /// - Throws: `decoding` when the value is NULL; what the closure throws.
  package func withBytes<R>(_ body: (RawSpan) throws(PostgresError) -> R) throws(PostgresError) -> R {
    guard let bytes else { throw PostgresError(decoding: "NULL in a column that must have a value") }
    return try body(bytes.bytes)
  }

  /// Lends the bytes to code of this module, under the same conditions.
  func withUnsafeBytes<R>(_ body: (UnsafeRawBufferPointer) throws(PostgresError) -> R) throws(PostgresError) -> R {
    guard let bytes else { throw PostgresError(decoding: "NULL in a column that must have a value") }
    return try body(bytes)
  }

  /// Checks the type before its bytes are read.
  /// - Throws: `decoding` when the server sent another type.
  package func expect(_ type: PostgresType) throws(PostgresError) {
    guard typeOID == type.oid else {
      throw PostgresError(decoding: "type \(typeOID) where \(type) (\(type.oid)) was expected")
    }
  }

  /// Reads a value that is exactly one integer in network byte order.
  /// - Throws: `decoding` for NULL and for another length.
  package func integer<I: FixedWidthInteger & BitwiseCopyable>(_: I.Type = I.self) throws(PostgresError) -> I {
    try withUnsafeBytes { (bytes) throws(PostgresError) in
      guard bytes.count == MemoryLayout<I>.size else {
        throw PostgresError(decoding: "\(bytes.count) bytes where \(MemoryLayout<I>.size) were expected")
      }
      return I(bigEndian: bytes.loadUnaligned(as: I.self))
    }
  }
}
