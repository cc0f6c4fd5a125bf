extension Optional: PostgresDecodable where Wrapped: PostgresDecodable {
  package static func decode(_ cell: borrowing PostgresCell) throws(PostgresError) -> Self {
    cell.isNull ? nil : try Wrapped.decode(cell)
  }
}
