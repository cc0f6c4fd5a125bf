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

  /// Enters one price under the next version: who, model, quality, size, credits, from when on (null: now). Two at once
  /// take the same number; the key of price_version lets one through, and the other one fails with 23505.
  static let enterPrice = Statement(
    "enter price",
    """
    WITH next AS (
      INSERT INTO tally.price_version (version, created_by)
      SELECT coalesce(max(version), 0) + 1, $1 FROM tally.price_version
      RETURNING version
    )
    INSERT INTO tally.price (version, model, quality, size, credits, effective_from)
    SELECT version, $2, $3, $4, $5, coalesce($6, clock_timestamp()) FROM next
    RETURNING version, model, quality, size, credits, effective_from
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
