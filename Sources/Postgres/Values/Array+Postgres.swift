/// Arrays of one dimension in the binary format of `array_send`: dimensions, whether there are NULLs, the element's type,
/// then length and lower bound of the dimension, then every element behind its length, -1 for NULL.
extension Array: PostgresEncodable where Element: PostgresArrayElement {
  package static var postgresType: PostgresType { Element.Scalar.postgresType.array }

  package var encodingFault: String? { Element.encodingFault(of: self) }

  package func encode(into buffer: inout [UInt8]) { Element.encode(self, into: &buffer) }
}

extension Array: PostgresDecodable where Element: PostgresArrayElement {
  /// - Throws: `decoding` also for arrays of more than one dimension and for a NULL element where none is allowed.
  package static func decode(_ cell: borrowing PostgresCell) throws(PostgresError) -> Self {
    let malformed = PostgresError(decoding: "a malformed array")
    return try cell.withUnsafeBytes { (bytes) throws(PostgresError) in
      guard bytes.count >= 12 else { throw malformed }
      func word(_ offset: Int) -> Int32 {
        Int32(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Int32.self))
      }
      let dimensions = word(0)
      let elementType = UInt32(bitPattern: word(8))
      guard dimensions == 1 else {
        if dimensions == 0 { return [] }
        throw PostgresError(decoding: "an array of \(dimensions) dimensions")
      }
      guard bytes.count >= 20, word(12) >= 0 else { throw malformed }
      let count = Int(word(12))
      // Each element takes four bytes at least, so a wrong count cannot make us reserve more than was received.
      guard count <= (bytes.count - 20) / 4 else { throw malformed }
      var values: [Element] = []
      values.reserveCapacity(count)
      var offset = 20
      for _ in 0..<count {
        guard offset + 4 <= bytes.count else { throw malformed }
        let length = Int(word(offset))
        offset += 4
        guard length <= bytes.count - offset else { throw malformed }
        let content = length < 0 ? nil : UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + length])
        values.append(try element(typeOID: elementType, content))
        offset += Swift.max(0, length)
      }
      return values
    }
  }

  private static func element(typeOID: UInt32, _ bytes: UnsafeRawBufferPointer?) throws(PostgresError) -> Element {
    let scalar = try Element.Scalar?.decode(PostgresCell(typeOID: typeOID, bytes: bytes))
    guard let element = Element(scalar: scalar) else { throw PostgresError(decoding: "a NULL element in an array") }
    return element
  }
}
