import CLibPQ

/// Reads the columns of one row in their order. It borrows libpq's memory, so it cannot be copied or kept.
package struct RowReader: ~Copyable {
  private let result: OpaquePointer
  private let row: Int32
  private let columnCount: Int32
  private var column: Int32 = 0

  init(result: OpaquePointer, row: Int32, columnCount: Int32) {
    self.result = result
    self.row = row
    self.columnCount = columnCount
  }

  /// Reads the next column.
  /// - Returns: the value; ask for an Optional where the column may be NULL.
  /// - Throws: `decoding`, with the column's name.
  // Rows are read in other modules, where the compiler cannot make these itself.
  @specialized(where T == Bool)
  @specialized(where T == Int16)
  @specialized(where T == Int64)
  @specialized(where T == Int64?)
  @specialized(where T == String)
  @specialized(where T == String?)
  @specialized(where T == PostgresBytes)
  @specialized(where T == PostgresBytes?)
  @specialized(where T == PostgresUUID)
  @specialized(where T == PostgresUUID?)
  @specialized(where T == PostgresTimestamp)
  @specialized(where T == PostgresTimestamp?)
  package mutating func next<T: PostgresDecodable>(_: T.Type = T.self) throws(PostgresError) -> T {
    guard column < columnCount else {
      throw PostgresError(decoding: "column \(column + 1) was asked for, the row has \(columnCount)")
    }
    let index = column
    column += 1
    do {
      return try T.decode(cell(index))
    } catch {
      throw PostgresError(decoding: "column \(columnName(index)): \(error.reason)")
    }
  }

  /// A row that is not read to its end is a mistake in the statement or in its reader.
  /// - Throws: `decoding` when columns are left.
  func finish() throws(PostgresError) {
    guard column == columnCount else {
      throw PostgresError(decoding: "the row has \(columnCount) columns, \(column) were read")
    }
  }

  private func cell(_ column: Int32) -> PostgresCell {
    let type = PQftype(result, column)
    guard PQgetisnull(result, row, column) == 0 else { return PostgresCell(typeOID: type, bytes: nil) }
    let bytes = UnsafeRawBufferPointer(
      start: PQgetvalue(result, row, column), count: Int(PQgetlength(result, row, column)))
    return PostgresCell(typeOID: type, bytes: bytes)
  }

  private func columnName(_ column: Int32) -> String {
    PQfname(result, column).map { "\"" + String(cString: $0) + "\"" } ?? "\(column + 1)"
  }
}
