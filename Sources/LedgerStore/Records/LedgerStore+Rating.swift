package import Ledger
import Postgres

/// What a member thinks of an edit's result. It is not part of the books, so no line tells of it.
package struct RecordRating: Sendable, Hashable {
  /// The ratings that can be given.
  package static let ratings: ClosedRange<Int64> = 1...5
  /// The longest feedback, in bytes.
  package static let feedbackBytesMaximum = 4_000

  /// 1 to 5; nil: none.
  package var rating: Change<Int64?>
  /// Text of the member's own; nil: none.
  package var feedback: Change<String?>

  /// A change of what is named and of nothing else.
  package init(rating: Change<Int64?> = .keep, feedback: Change<String?> = .keep) {
    self.rating = rating
    self.feedback = feedback
  }
}

extension LedgerStore {
  /// Changes rating and feedback of an edit, whatever its state.
  /// - Parameter member: only where it is this member's; nil: whoever sent it.
  /// - Returns: the record; nil where there is none to change.
  /// - Throws: `conflict` for a record that was erased, since feedback is personal; `invalid`; `unavailable`.
  package func rate(
    _ id: RecordID, of team: TeamID, _ change: RecordRating, member: MemberID?
  ) async throws(StoreError) -> StoredRecord? {
    var (rating, feedback): (Int64?, String?)
    if case .set(let value) = change.rating { rating = value }
    if case .set(let value) = change.feedback { feedback = value }
    guard rating.map({ RecordRating.ratings.contains($0) }) ?? true else {
      throw StoreError(.invalid(field: "rating", message: "must be 1 to 5, or null"))
    }
    guard (feedback?.utf8.count ?? 0) <= RecordRating.feedbackBytesMaximum, feedback.map(Self.isStorable) ?? true else {
      throw StoreError(
        .invalid(
          field: "feedback", message: "must have at most \(RecordRating.feedbackBytesMaximum) bytes and no NUL"))
    }
    let changed = try await rows(
      .rateRecord, team.uuid, id.uuid, member?.uuid, change.rating != .keep, rating.map { Int16($0) },
      change.feedback != .keep, feedback, of: team, access: .readWrite)
    guard let record = try await record(id, of: team), member == nil || record.member == member else { return nil }
    if changed.isEmpty {
      throw StoreError(.conflict("the record's personal text was erased: it takes no feedback any more"))
    }
    return record
  }
}

extension Statement where Row == RecordID {
  /// Team, record, member (null: any), whether the rating changes, the rating, whether the feedback changes, the feedback.
  static let rateRecord = Statement(
    "rate record",
    """
    UPDATE tally.record
       SET rating = CASE WHEN $4::boolean THEN $5::smallint ELSE rating END,
           feedback = CASE WHEN $6::boolean THEN $7::text ELSE feedback END
     WHERE team_id = $1 AND record_id = $2 AND ($3::uuid IS NULL OR member_id = $3) AND erased_at IS NULL
    RETURNING record_id
    """
  ) { (row) throws(PostgresError) in try row.id() }
}
