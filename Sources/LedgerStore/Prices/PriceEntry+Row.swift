import Ledger
import Postgres

extension Statement where Row == PriceEntry {
  /// All prices that were ever entered, the oldest version first.
  static let priceEntries = Statement(
    "price entries",
    """
    SELECT version, model, quality, size, credits, effective_from
      FROM tally.price
     ORDER BY version, model, quality, size
    """
  ) { (row) throws(PostgresError) in try PriceEntry(&row) }
}

extension PriceEntry {
  fileprivate init(_ row: inout RowReader) throws(PostgresError) {
    self.init(
      version: try row.next(), model: try row.next(), quality: try row.next(), size: try row.next(),
      credits: try row.credits(), effectiveFrom: try row.time())
  }
}
