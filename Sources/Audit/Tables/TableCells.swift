/// Some cells of a row as they stand in it: written once, and copied into each row that has them.
struct TableCells: Sendable {
  let bytes: [UInt8]

  /// The cells that `write` adds to an empty row.
  init(_ write: (TableRow) -> Void) {
    let row = TableRow()
    write(row)
    bytes = Array(row.take())
  }
}
