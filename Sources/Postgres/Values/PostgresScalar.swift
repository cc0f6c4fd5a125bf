/// One of the plain types: what an array can be made of, and what an Optional makes nullable.
///
/// What a whole array needs stands here, once for each type, so that it is compiled for that type: asked element by
/// element through the protocols, an array took a third of the time of a batch's encoding.
package protocol PostgresScalar: PostgresEncodable, PostgresDecodable {
  /// Appends the array of these values.
  static func encodeArray(of values: [Self], into buffer: inout [UInt8])
  /// Appends the array of these values, nil for NULL.
  static func encodeArray(of values: [Self?], into buffer: inout [UInt8])
  /// Why one of the values cannot be sent, or nil.
  static func arrayFault(of values: [Self]) -> String?
  /// Why one of the values cannot be sent, or nil.
  static func arrayFault(of values: [Self?]) -> String?
}

/// Arrays of one dimension in the binary format of `array_send`: dimensions, whether there are NULLs, the element's type,
/// then length and lower bound of the dimension, then every element behind its length, -1 for NULL.
extension PostgresScalar {
  package static func encodeArray(of values: [Self], into buffer: inout [UInt8]) {
    appendHead(count: values.count, hasNull: false, to: &buffer)
    for value in values { append(value, to: &buffer) }
  }

  package static func encodeArray(of values: [Self?], into buffer: inout [UInt8]) {
    appendHead(count: values.count, hasNull: values.contains { $0 == nil }, to: &buffer)
    for value in values {
      if let value { append(value, to: &buffer) } else { buffer.appendBigEndian(Int32(-1)) }
    }
  }

  package static func arrayFault(of values: [Self]) -> String? {
    for value in values {
      if let fault = value.encodingFault { return fault + " in an array" }
    }
    return nil
  }

  package static func arrayFault(of values: [Self?]) -> String? {
    for case let value? in values {
      if let fault = value.encodingFault { return fault + " in an array" }
    }
    return nil
  }

  private static func appendHead(count: Int, hasNull: Bool, to buffer: inout [UInt8]) {
    // An empty array has no dimension at all.
    buffer.appendBigEndian(Int32(count == 0 ? 0 : 1))
    buffer.appendBigEndian(Int32(hasNull ? 1 : 0))
    buffer.appendBigEndian(postgresType.oid)
    guard count > 0 else { return }
    buffer.appendBigEndian(Int32(truncatingIfNeeded: count))
    buffer.appendBigEndian(Int32(1))
  }

  private static func append(_ value: Self, to buffer: inout [UInt8]) {
    let start = buffer.count
    buffer.appendBigEndian(Int32(0))
    value.encode(into: &buffer)
    let length = Int32(truncatingIfNeeded: buffer.count - start - 4).bigEndian
    buffer.withUnsafeMutableBytes { $0.storeBytes(of: length, toByteOffset: start, as: Int32.self) }
  }
}
