import CLibPQ

/// Reads a whole result by its columns, for statements with thousands of rows of a few numbers each: a column's type is looked at
/// once, and a value that stands in many rows is made once. It borrows libpq's memory, so it cannot be copied or kept.
package struct ColumnReader: ~Copyable {
  private let result: OpaquePointer
  /// How many rows there are.
  package let rowCount: Int

  init(result: OpaquePointer) {
    self.result = result
    rowCount = Int(PQntuples(result))
  }

  /// Values of a column each of which stands in many rows.
  package struct Repeated<Value: Sendable>: Sendable {
    /// Each of them once.
    package var values: [Value] = []
    /// For each row the position of its value.
    package var places: [Int32] = []
  }

  /// Whether the first row has NULL there, or there is no row at all: for a column that is NULL in all rows or in none.
  package func isNull(_ column: Int) -> Bool {
    rowCount == 0 || PQgetisnull(result, 0, Int32(column)) == 1
  }

  /// Columns of type `bigint` that stand side by side: those of the first row, then those of the second.
  /// - Throws: `decoding` for another type and for NULL.
  package func integers(_ columns: Range<Int>) throws(PostgresError) -> [Int64] {
    for column in columns { try expect(.int8, column) }
    var isWhole = true
    let values = [Int64](unsafeUninitializedCapacity: rowCount * columns.count) { buffer, count in
      for row in 0..<Int32(rowCount) {
        for column in columns {
          if let bytes = bytes(row, column), bytes.count == MemoryLayout<Int64>.size {
            buffer[count] = Int64(bigEndian: bytes.loadUnaligned(as: Int64.self))
          } else {
            buffer[count] = 0
            isWhole = false
          }
          count += 1
        }
      }
    }
    guard isWhole else { throw Self.unexpectedNull }
    return values
  }

  /// A column of type `uuid`.
  /// - Throws: `decoding` for another type and for NULL.
  package func ids(_ column: Int) throws(PostgresError) -> Repeated<PostgresUUID> {
    try repeated(column, .uuid)
  }

  /// A column of type `text`.
  /// - Throws: `decoding` for another type and for NULL.
  package func texts(_ column: Int) throws(PostgresError) -> Repeated<String> {
    try repeated(column, .text)
  }

  /// The values of a column of type `bytea`, one after the other with the number of its row.
  /// - Throws: `decoding` for another type and for NULL; what the closure throws.
  package func forEachBytes(
    _ column: Int, _ body: (Int, UnsafeRawBufferPointer) throws(PostgresError) -> Void
  ) throws(PostgresError) {
    try expect(.bytea, column)
    for row in 0..<rowCount {
      guard let bytes = bytes(Int32(row), column) else { throw Self.unexpectedNull }
      try body(row, bytes)
    }
  }

  private static var unexpectedNull: PostgresError {
    PostgresError(decoding: "NULL in a column that must have a value")
  }

  private func repeated<Value: PostgresDecodable & Hashable & Sendable>(
    _ column: Int, _ type: PostgresType
  ) throws(PostgresError) -> Repeated<Value> {
    try expect(type, column)
    var repeated = Repeated<Value>()
    repeated.places.reserveCapacity(rowCount)
    var known: [Value: Int32] = [:]
    var last: (bytes: UnsafeRawBufferPointer, place: Int32)?
    for row in 0..<Int32(rowCount) {
      let bytes = bytes(row, column)
      // Rows come in the order of a table's key, so the value is often that of the row before.
      if let bytes, let last, bytes.elementsEqual(last.bytes) {
        repeated.places.append(last.place)
        continue
      }
      let value = try Value.decode(PostgresCell(typeOID: type.oid, bytes: bytes))
      let place = known[value] ?? Int32(repeated.values.count)
      if place == repeated.values.count {
        repeated.values.append(value)
        known[value] = place
      }
      repeated.places.append(place)
      last = bytes.map { ($0, place) }
    }
    return repeated
  }

  private func bytes(_ row: Int32, _ column: Int) -> UnsafeRawBufferPointer? {
    let count = PQgetlength(result, row, Int32(column))
    // NULL has no bytes, and an empty text has none either.
    if count == 0, PQgetisnull(result, row, Int32(column)) == 1 { return nil }
    return UnsafeRawBufferPointer(start: PQgetvalue(result, row, Int32(column)), count: Int(count))
  }

  private func expect(_ type: PostgresType, _ column: Int) throws(PostgresError) {
    guard column < PQnfields(result) else {
      throw PostgresError(decoding: "column \(column + 1) was asked for, the result has \(PQnfields(result))")
    }
    try PostgresCell(typeOID: PQftype(result, Int32(column)), bytes: nil).expect(type)
  }
}
