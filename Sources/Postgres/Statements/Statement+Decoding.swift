import CLibPQ

extension Statement {
  /// Reads all rows of a result into an array of `Row`, whose type only the slot knows afterwards.
  var decoder: @Sendable (borrowing ResultHandle) throws(PostgresError) -> any Sendable {
    let name = self.name
    if let columns {
      return { (result) throws(PostgresError) in
        do throws(PostgresError) {
          return [try columns(ColumnReader(result: result.pointer))]
        } catch {
          throw Self.naming(name, error)
        }
      }
    }
    guard let row else { return { (_) throws(PostgresError) in [Row]() } }
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
        throw Self.naming(name, error)
      }
      return rows
    }
  }

  private static func naming(_ name: String, _ error: PostgresError) -> PostgresError {
    var error = error
    error.statementName = name
    return error
  }
}
