/// A value that can be read from a result's column, which always comes in PostgreSQL's binary format.
package protocol PostgresDecodable: Sendable {
  /// - Throws: `PostgresError` with the code `decoding`: another type, a NULL where none is allowed, a value out of
  ///   range. The reader of the row adds the column's name.
  static func decode(_ cell: borrowing PostgresCell) throws(PostgresError) -> Self
}

/// One of the plain types: what an array can be made of, and what an Optional makes nullable.
package protocol PostgresScalar: PostgresEncodable, PostgresDecodable {}
