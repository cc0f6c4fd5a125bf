/// One SQL statement under a name, with the type of its rows. Statements stand in view as constants next to the one type that
/// runs them; none is put together from pieces.
///
/// A statement is prepared on a connection the first time that it runs there, inside the same round trip.
package struct Statement<Row: Sendable>: Sendable {
  /// A short name for errors, logs and the cache of prepared statements.
  package let name: String
  /// The SQL text with `$1`, `$2`, … for parameters.
  package let sql: String
  /// Whether the server keeps it prepared. False for the rare text that differs from call to call.
  package let isPrepared: Bool
  /// Reads one row, nil when rows are not wanted.
  let row: (@Sendable (inout RowReader) throws(PostgresError) -> Row)?
  /// Makes one value of all rows instead.
  let columns: (@Sendable (borrowing ColumnReader) throws(PostgresError) -> Row)?

  /// A statement with rows.
  /// - Parameters:
  ///   - name: a short name for errors, logs and the cache of prepared statements.
  ///   - sql: the text with `$1`, `$2`, … for parameters.
  ///   - prepared: false for a text that differs from call to call, so that it does not fill the cache.
  ///   - row: reads one row, every column in its order.
  package init(
    _ name: String, _ sql: String, prepared: Bool = true,
    row: @escaping @Sendable (inout RowReader) throws(PostgresError) -> Row
  ) {
    self.name = name
    self.sql = sql
    self.isPrepared = prepared
    self.row = row
    self.columns = nil
  }

  /// A statement whose rows are read together, as one value: the results have it as their only row.
  /// - Parameters:
  ///   - name: a short name for errors, logs and the cache of prepared statements.
  ///   - sql: the text with `$1`, `$2`, … for parameters.
  ///   - read: reads all rows.
  package static func byColumn(
    _ name: String, _ sql: String,
    _ read: @escaping @Sendable (borrowing ColumnReader) throws(PostgresError) -> Row
  ) -> Self {
    Self(name: name, sql: sql, isPrepared: true, row: nil, columns: read)
  }

  private init(
    name: String, sql: String, isPrepared: Bool,
    row: (@Sendable (inout RowReader) throws(PostgresError) -> Row)?,
    columns: (@Sendable (borrowing ColumnReader) throws(PostgresError) -> Row)?
  ) {
    self.name = name
    self.sql = sql
    self.isPrepared = isPrepared
    self.row = row
    self.columns = columns
  }
}

extension Statement where Row == Void {
  /// A statement whose rows, if any, are not wanted.
  /// - Parameters:
  ///   - name: a short name for errors, logs and the cache of prepared statements.
  ///   - sql: the text with `$1`, `$2`, … for parameters.
  ///   - prepared: false for a text that differs from call to call, so that it does not fill the cache.
  package init(_ name: String, _ sql: String, prepared: Bool = true) {
    self.name = name
    self.sql = sql
    self.isPrepared = prepared
    self.row = nil
    self.columns = nil
  }
}

extension Statement where Row == Void {
  /// Opens a transaction with the connection's default isolation.
  package static var begin: Self { Self("begin", "BEGIN") }
  /// Makes a transaction permanent.
  package static var commit: Self { Self("commit", "COMMIT") }
  /// Undoes a transaction.
  package static var rollback: Self { Self("rollback", "ROLLBACK") }
}
