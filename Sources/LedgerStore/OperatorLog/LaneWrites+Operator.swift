package import Ledger
import Postgres

extension LaneWrites {
  /// A price that was entered.
  package struct NewPrice: Sendable {
    package var event: PriceChanged
    package var at: Timestamp
    package var by: String
  }

  /// A root over the newest heads of all logs that stands in the operator's log now.
  package struct NewCovering: Sendable {
    package var event: HeadsCovered
    /// The line's place.
    package var index: Int64
    package var at: Timestamp
  }

  static let insertPriceVersion = Statement<Void>(
    "lane_insert_price_version",
    "INSERT INTO tally.price_version (version, created_at, created_by) VALUES ($1, $2, $3)")

  static let insertPrice = Statement<Void>(
    "lane_insert_price",
    """
    INSERT INTO tally.price (version, model, quality, size, credits, effective_from)
    VALUES ($1, $2, $3, $4, $5, $6)
    """)

  static let writeCovering = Statement<Void>(
    "lane_write_covering",
    """
    INSERT INTO tally.covering (team_id, index, count, root, at)
    VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT ON CONSTRAINT covering_pkey DO UPDATE
       SET index = excluded.index, count = excluded.count, root = excluded.root, at = excluded.at
    """)

  /// What is rare: logs that took the place of others, and what stands in the operator's log alone.
  func appendOperator(to pipeline: inout Pipeline) {
    appendRecoveries(to: &pipeline)
    for price in prices {
      let event = price.event
      pipeline.append(Self.insertPriceVersion, event.priceVersion, price.at.timestamptz, price.by)
      pipeline.append(
        Self.insertPrice, event.priceVersion, event.model, event.quality, event.size, event.new?.value ?? 0,
        event.from.timestamptz)
    }
    // The last one counts.
    guard let covering = coverings.last else { return }
    pipeline.append(
      Self.writeCovering, TeamID.operatorLog.uuid, covering.index, covering.event.count,
      PostgresBytes(covering.event.root.bytes), covering.at.timestamptz)
  }
}
