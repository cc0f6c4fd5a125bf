extension Bool: PostgresScalar {
  package static var postgresType: PostgresType { .bool }

  package func encode(into buffer: inout [UInt8]) { buffer.append(self ? 1 : 0) }

  package static func decode(_ cell: borrowing PostgresCell) throws(PostgresError) -> Self {
    try cell.expect(.bool)
    return try cell.integer(UInt8.self) != 0
  }
}

extension Int16: PostgresScalar {
  package static var postgresType: PostgresType { .int2 }

  package func encode(into buffer: inout [UInt8]) { buffer.appendBigEndian(self) }

  package static func decode(_ cell: borrowing PostgresCell) throws(PostgresError) -> Self {
    try cell.expect(.int2)
    return try cell.integer()
  }
}

extension Int32: PostgresScalar {
  package static var postgresType: PostgresType { .int4 }

  package func encode(into buffer: inout [UInt8]) { buffer.appendBigEndian(self) }

  /// Reads `integer`, and the narrower `smallint`.
  package static func decode(_ cell: borrowing PostgresCell) throws(PostgresError) -> Self {
    if cell.typeOID == PostgresType.int2.oid { return Int32(try cell.integer(Int16.self)) }
    try cell.expect(.int4)
    return try cell.integer()
  }
}

extension Int64: PostgresScalar {
  package static var postgresType: PostgresType { .int8 }

  package func encode(into buffer: inout [UInt8]) { buffer.appendBigEndian(self) }

  /// Reads `bigint`, and the narrower `integer` and `smallint`.
  package static func decode(_ cell: borrowing PostgresCell) throws(PostgresError) -> Self {
    switch cell.typeOID {
    case PostgresType.int2.oid: return Int64(try cell.integer(Int16.self))
    case PostgresType.int4.oid: return Int64(try cell.integer(Int32.self))
    default:
      try cell.expect(.int8)
      return try cell.integer()
    }
  }
}
