import Ledger
package import Postgres

/// A piece of a history holds most edits from their hold to their end. Those are written once, as they ended, where a lane
/// inserts and later updates: the same rows without their dead first halves.
///
/// Arrays laid out by `unnest`, as a lane writes them: PostgreSQL refuses COPY into tables with row level security, and it
/// would need a second mapping of every row (docs/benchmarks.md).
extension LaneWrites {
  /// The statements in their order, from BEGIN to COMMIT.
  package var historyPipeline: Pipeline {
    var pipeline = Pipeline()
    pipeline.append(.begin)
    var rest = self
    let ended = rest.takeEndedRecords()
    // First, since a note of doubt looks for its record.
    if !ended.new.isEmpty {
      pipeline.append(
        Self.insertEndedRecords, parameters: Self.columns(of: ended.new) + Self.columns(of: ended.changes))
    }
    rest.appendStatements(to: &pipeline)
    pipeline.append(.commit)
    return pipeline
  }

  /// Takes out the records that were made and changed here, side by side.
  private mutating func takeEndedRecords() -> (new: [NewRecord], changes: [ChangedRecord]) {
    let changes = Dictionary(uniqueKeysWithValues: changesByRecord.map { ($0.state.id, $0) })
    var ended: (new: [NewRecord], changes: [ChangedRecord]) = ([], [])
    var open: [NewRecord] = []
    for record in newRecords {
      if let change = changes[record.state.id] {
        ended.new.append(record)
        ended.changes.append(change)
      } else {
        open.append(record)
      }
    }
    let known = Set(ended.new.map(\.state.id))
    newRecords = open
    changedRecords.removeAll { known.contains($0.state.id) }
    return ended
  }

  /// `insertRecords` and `updateRecords` in one: the columns of both, one behind the other.
  static let insertEndedRecords = Statement<Void>(
    "history_insert_records",
    """
    INSERT INTO tally.record (team_id, record_id, member_id, key_id, instance_id, state, is_async, model, quality, size,
                              n, unit_price, price_version, held, team_period_start, member_period_start,
                              key_subject_id, key_period_start, hold_index, created_at, cause, prompt_object, metadata,
                              assumed, charged, credited, variance, resolve_index, resolved_at, upstream_uuid,
                              error_code, error_message, result_object, response_object, temporary_url, in_doubt_at,
                              evidence_index, error_status, error_details)
    SELECT v.team_id, v.record_id, v.member_id, v.key_id, v.instance_id, v.state, v.is_async, v.model, v.quality, v.size,
           v.n, v.unit_price, v.price_version, v.held, v.team_period_start, v.member_period_start, v.key_subject_id,
           v.key_period_start, v.hold_index, v.created_at, coalesce(v.cause, v.opening_cause), v.prompt_object,
           v.metadata, v.assumed, v.charged, v.credited, v.variance, v.resolve_index,
           CASE WHEN v.state <> 'in_doubt' THEN v.at END, v.upstream_uuid, v.error_code, v.error_message,
           v.result_object, v.response_object, v.temporary_url, v.in_doubt_at, v.evidence_index, v.error_status,
           v.error_details
      FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::boolean[], $8::text[],
                  $9::text[], $10::text[], $11::smallint[], $12::bigint[], $13::bigint[], $14::bigint[],
                  $15::timestamptz[], $16::timestamptz[], $17::uuid[], $18::timestamptz[], $19::bigint[],
                  $20::timestamptz[], $21::text[], $22::text[], $23::text[],
                  $24::uuid[], $25::uuid[], $26::text[], $27::boolean[], $28::bigint[], $29::bigint[], $30::bigint[],
                  $31::bigint[], $32::timestamptz[], $33::text[], $34::text[], $35::text[], $36::text[], $37::text[],
                  $38::text[], $39::text[], $40::timestamptz[], $41::bigint[], $42::smallint[], $43::text[])
           AS v (team_id, record_id, member_id, key_id, instance_id, opening_state, is_async, model, quality, size, n,
                 unit_price, price_version, held, team_period_start, member_period_start, key_subject_id,
                 key_period_start, hold_index, created_at, opening_cause, prompt_object, metadata,
                 team_id_again, record_id_again, state, assumed, charged, credited, variance, resolve_index, at, cause,
                 upstream_uuid, error_code, error_message, result_object, response_object, temporary_url, in_doubt_at,
                 evidence_index, error_status, error_details)
    """)
}
