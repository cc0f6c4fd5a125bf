import Foundation
import Ledger
import Postgres

extension StoredRecord {
  /// Reads the columns of the statements below.
  init(_ row: inout RowReader) throws(PostgresError) {
    let team = try row.id(TeamID.self)
    let record = try row.id(RecordID.self)
    let member = try row.id(MemberID.self)
    let userID = try row.next(String.self)
    let key = try row.id(KeyID.self)
    let state: EditState = try row.word()
    let assumed = try row.next(Bool.self)
    let isAsync = try row.next(Bool.self)
    let model = try row.next(String.self)
    let quality = try row.next(String.self)
    let size = try row.next(String.self)
    let n = Int(try row.next(Int16.self))
    let unitPrice = try row.credits()
    let held = try row.credits()
    let charged = try row.credits()
    let credited = try row.credits()
    self.init(
      team: team, record: record, member: member, userID: userID, key: key, state: state, assumed: assumed,
      isAsync: isAsync, model: model, quality: quality, size: size, n: n, unitPrice: unitPrice, heldCredits: held,
      credits: Credits(charged.value - credited.value), charged: charged, credited: credited,
      variance: try row.credits(), createdAt: try row.time(), inDoubtAt: try row.optionalTime(),
      resolvedAt: try row.optionalTime(), cause: try row.next(), upstreamUUID: try row.next(),
      errorCode: try row.next(), errorMessage: try row.next(),
      errorStatus: try row.next(Int16?.self).map { Int($0) }, errorDetails: try row.next(),
      promptObject: try row.next(),
      metadata: try row.next(), resultKeys: try row.optionalTexts(), responseObject: try row.next(),
      temporaryURL: try row.next(), rating: try row.next(Int16?.self).map { Int($0) }, feedback: try row.next(),
      holdIndex: try row.next(), resolveIndex: try row.next(), erasedAt: try row.optionalTime())
  }
}

extension RowReader {
  /// Reads a text column that may be null and else holds a JSON array of strings.
  mutating func optionalTexts() throws(PostgresError) -> [String]? {
    guard let text = try next(String?.self) else { return nil }
    guard let texts = try? JSONDecoder().decode([String].self, from: Data(text.utf8)) else {
      throw PostgresError(.decoding, outcome: .unknown, reason: "text that is no JSON array of strings")
    }
    return texts
  }
}

extension Statement where Row == StoredRecord {
  /// One record of a team: its id.
  static let recordByID = Statement(
    "record by id",
    """
    SELECT r.team_id, r.record_id, r.member_id, m.user_id, r.key_id, r.state, r.assumed, r.is_async, r.model, r.quality,
           r.size, r.n, r.unit_price, r.held, r.charged, r.credited, r.variance, r.created_at, r.in_doubt_at,
           r.resolved_at, r.cause, r.upstream_uuid, r.error_code, r.error_message, r.error_status, r.error_details,
           r.prompt_object, r.metadata, r.result_object, r.response_object, r.temporary_url, r.rating, r.feedback,
           r.hold_index, r.resolve_index, r.erased_at
      FROM tally.record AS r
      JOIN tally.member AS m ON m.team_id = r.team_id AND m.member_id = r.member_id
     WHERE r.team_id = $1 AND r.record_id = $2
    """
  ) { (row) throws(PostgresError) in try StoredRecord(&row) }

  /// Records of a team whose holds stand from one log index (inclusive) up to another (exclusive), the newest first:
  /// team, from, to, member (null: all), states (null: all), at most so many.
  static let recordsBetween = Statement(
    "records between",
    """
    SELECT r.team_id, r.record_id, r.member_id, m.user_id, r.key_id, r.state, r.assumed, r.is_async, r.model, r.quality,
           r.size, r.n, r.unit_price, r.held, r.charged, r.credited, r.variance, r.created_at, r.in_doubt_at,
           r.resolved_at, r.cause, r.upstream_uuid, r.error_code, r.error_message, r.error_status, r.error_details,
           r.prompt_object, r.metadata, r.result_object, r.response_object, r.temporary_url, r.rating, r.feedback,
           r.hold_index, r.resolve_index, r.erased_at
      FROM (SELECT *
              FROM tally.record
             WHERE team_id = $1 AND hold_index >= $2 AND hold_index < $3
               AND ($4::uuid IS NULL OR member_id = $4) AND ($5::text[] IS NULL OR state = ANY($5))
             ORDER BY hold_index DESC
             LIMIT $6) AS r
      JOIN tally.member AS m ON m.team_id = r.team_id AND m.member_id = r.member_id
     ORDER BY r.hold_index DESC
    """
  ) { (row) throws(PostgresError) in try StoredRecord(&row) }
}

extension Statement where Row == TeamID {
  /// The team of a record. One look-up in each team: the table is kept by team, and this is asked by people only.
  static let teamOfRecord = Statement(
    "team of record",
    """
    SELECT r.team_id
      FROM tally.team AS t
     CROSS JOIN LATERAL (SELECT team_id FROM tally.record WHERE team_id = t.team_id AND record_id = $1 OFFSET 0) AS r
     LIMIT 1
    """
  ) { (row) throws(PostgresError) in try row.id() }
}
