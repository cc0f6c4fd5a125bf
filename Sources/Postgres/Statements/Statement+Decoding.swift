import CLibPQ

extension Statement {
  /// Reads all rows of a result into an array of `Row`, whose type only the slot knows afterwards.
  var decoder: @Sendable (borrowing ResultHandle) throws(PostgresError) -> any Sendable {
    guard let row else { return { (_) throws(PostgresError) in [Row]() } }
    let name = self.name
    return { (result) throws(PostgresError) in
      let count = PQntuples(result.pointer)
      let columns = PQnfields(result.pointer)
      var rows: [Row] = []
      rows.reserveCapacity(Int(count))
      do throws(PostgresError) {
        for index in 0..<count {
          var reader = RowReader(result: result.pointer, row: index, columnCount: columns)
          rows.append(try row(&reader))
          try reader.finish()
        }
      } catch {
        var error = error
        error.statementName = name
        throw error
      }
      return rows
    }
  }
}
