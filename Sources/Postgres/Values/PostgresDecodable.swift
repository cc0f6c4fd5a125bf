/// A value that can be read from a result's column, which always comes in PostgreSQL's binary format.
package protocol PostgresDecodable: Sendable {
  /// - Throws: `PostgresError` with the code `decoding`: another type, a NULL where none is allowed, a value out of
  ///   range. The reader of the row adds the column's name.
  static func decode(_ cell: borrowing PostgresCell) throws(PostgresError) -> Self
}
