package import Ledger
import Postgres

extension LedgerStore {
  /// Doubts that are due to be looked at, the longest due first.
  /// - Throws: `unavailable`.
  package func dueDoubts(limit: Int) async throws(StoreError) -> DueDoubts {
    let now = try await databaseClock()
    return DueDoubts(doubts: try await operatorRows(.dueDoubts, now.timestamptz, Int64(limit)), now: now)
  }

  /// Edits in doubt whose holds were taken by a run of a gateway.
  /// - Throws: `unavailable`.
  package func doubts(of instance: InstanceID, limit: Int) async throws(StoreError) -> DueDoubts {
    let now = try await databaseClock()
    return DueDoubts(doubts: try await operatorRows(.doubtsOfInstance, instance.uuid, Int64(limit)), now: now)
  }

  /// Puts a doubt off, which also claims it: of two gateways that saw the same one, one is told true. One that can be
  /// asked for since it was seen is not put off.
  /// - Parameter moment: when it is due again.
  /// - Throws: `unavailable`.
  package func postpone(_ doubt: Doubt, until moment: Timestamp) async throws(StoreError) -> Bool {
    try await !operatorRows(
      .postponeDoubt, doubt.team.uuid, doubt.record.uuid, Int32(clamping: doubt.asks), moment.timestamptz,
      doubt.upstreamUUID
    ).isEmpty
  }

  /// Forgets a doubt: the record tells all there is to know, or nobody asks any more. One that can be asked for since it
  /// was seen stays.
  /// - Throws: `unavailable`.
  package func forget(_ doubt: Doubt) async throws(StoreError) {
    _ = try await operatorRows(.forgetDoubt, doubt.team.uuid, doubt.record.uuid, doubt.upstreamUUID)
  }
}

extension Statement where Row == Doubt {
  private static let columns: @Sendable (inout RowReader) throws(PostgresError) -> Doubt = {
    (row) throws(PostgresError) in
    Doubt(
      team: try row.id(), record: try row.id(), instance: try row.id(), state: try row.word(),
      isProven: try row.next(), inDoubtAt: try row.time(), upstreamUUID: try row.next(String?.self),
      asks: Int(try row.next(Int32.self)), chargeAfterSeconds: try row.next(Int64?.self))
  }

  /// Doubts due at a moment, at most so many.
  static let dueDoubts = Statement(
    "due doubts",
    """
    SELECT d.team_id, d.record_id, r.instance_id, r.state,
           r.evidence_index IS NOT NULL OR r.state = 'settled' AND r.cause = 'delivered'
             OR r.state = 'released' AND r.cause <> 'administrator',
           d.in_doubt_at, d.upstream_uuid, d.asks, t.in_doubt_charge_seconds
      FROM (SELECT * FROM tally.doubt WHERE ask_at <= $1 ORDER BY ask_at LIMIT $2) AS d
      JOIN tally.record AS r ON r.team_id = d.team_id AND r.record_id = d.record_id
      JOIN tally.team AS t ON t.team_id = d.team_id
    """, row: columns)

  /// Edits in doubt of a run of a gateway, at most so many. Doubts are few, and each looks its record up: joined freely, all
  /// records would be read for the run's.
  static let doubtsOfInstance = Statement(
    "doubts of instance",
    """
    SELECT d.team_id, d.record_id, r.instance_id, r.state, false, d.in_doubt_at, d.upstream_uuid, d.asks,
           t.in_doubt_charge_seconds
      FROM tally.doubt AS d
     CROSS JOIN LATERAL (SELECT instance_id, state FROM tally.record
                          WHERE team_id = d.team_id AND record_id = d.record_id OFFSET 0) AS r
      JOIN tally.team AS t ON t.team_id = d.team_id
     WHERE r.instance_id = $1 AND r.state = 'in_doubt'
     LIMIT $2
    """, row: columns)
}

extension Statement where Row == RecordID {
  /// Team, record, how often it was asked for so far, when it is due again, the upstream's id as it was seen.
  static let postponeDoubt = Statement(
    "postpone doubt",
    """
    UPDATE tally.doubt
       SET ask_at = $4, asks = asks + 1
     WHERE team_id = $1 AND record_id = $2 AND asks = $3 AND upstream_uuid IS NOT DISTINCT FROM $5::text
    RETURNING record_id
    """
  ) { (row) throws(PostgresError) in try row.id() }

  /// Team, record, the upstream's id as it was seen.
  static let forgetDoubt = Statement(
    "forget doubt",
    """
    DELETE FROM tally.doubt
     WHERE team_id = $1 AND record_id = $2 AND upstream_uuid IS NOT DISTINCT FROM $3::text
    RETURNING record_id
    """
  ) { (row) throws(PostgresError) in try row.id() }
}
