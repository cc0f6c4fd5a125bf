import Ledger
import Postgres
import TransparencyLog

/// A log whose lines are listed.
struct ListedLog: Sendable {
  var state: LogState
  /// The place of its first line.
  var base: Int64
  /// Index below which lines were pruned.
  var prunedBefore: Int64
}

/// The user id of a key's owner.
struct KeyOwner: Sendable {
  var key: KeyID
  var userID: String
}

extension Statement where Row == ListedLog {
  /// A team's log.
  static let listedLog = Statement(
    "listed log",
    """
    SELECT log_origin, log_size, log_peaks, log_last_at, log_base, pruned_before FROM tally.team WHERE team_id = $1
    """
  ) { (row) throws(PostgresError) in
    ListedLog(state: try LogState(&row), base: try row.next(), prunedBefore: try row.next())
  }
}

extension Statement where Row == KeyOwner {
  /// User ids of the owners of keys: team, keys.
  static let keyOwners = Statement(
    "key owners",
    """
    SELECT k.key_id, m.user_id
      FROM tally.api_key AS k
      JOIN tally.member AS m ON m.team_id = k.team_id AND m.member_id = k.member_id
     WHERE k.team_id = $1 AND k.key_id = ANY($2::uuid[])
    """
  ) { (row) throws(PostgresError) in KeyOwner(key: try row.id(), userID: try row.next()) }
}

extension Statement where Row == NamedMember {
  /// Members with their keys: team, user ids, ids of members.
  static let membersAndKeys = Statement(
    "members and keys",
    """
    SELECT m.member_id, m.user_id, k.key_id
      FROM tally.member AS m
      LEFT JOIN tally.api_key AS k ON k.team_id = m.team_id AND k.member_id = m.member_id
     WHERE m.team_id = $1 AND (m.user_id = ANY($2::text[]) OR m.member_id = ANY($3::uuid[]))
    """
  ) { (row) throws(PostgresError) in
    NamedMember(member: try row.id(), userID: try row.next(), key: try row.optionalID())
  }
}

extension Statement where Row == StoredLine {
  private static let line: @Sendable (inout RowReader) throws(PostgresError) -> StoredLine = {
    (row) throws(PostgresError) in
    StoredLine(place: try row.next(), line: try row.next(PostgresBytes.self).bytes)
  }

  /// Lines that tell of no edit, the youngest first: team, actions, places from, to (exclusive), times from, to
  /// (exclusive), actors, resources (null: whatever they are), at most so many. Each action is looked up for itself, so
  /// that a rare one is found at once among many others.
  static let administrativeLinesDown = Statement(
    "administrative lines down",
    """
    SELECT a.index, l.line
      FROM (SELECT x.index
              FROM unnest($2::text[]) AS w (action)
             CROSS JOIN LATERAL (SELECT index
                                   FROM tally.administrative_line
                                  WHERE team_id = $1 AND action = w.action AND index >= $3 AND index < $4
                                    AND ($5::timestamptz IS NULL OR at >= $5) AND ($6::timestamptz IS NULL OR at < $6)
                                    AND ($7::text[] IS NULL OR actor = ANY($7))
                                    AND ($8::uuid[] IS NULL OR resources && $8)
                                  ORDER BY index DESC
                                  LIMIT $9) AS x
             ORDER BY x.index DESC
             LIMIT $9) AS a
     CROSS JOIN LATERAL (SELECT line FROM tally.log_line WHERE team_id = $1 AND index = a.index OFFSET 0) AS l
     ORDER BY a.index DESC
    """, row: line)

  /// The same, the oldest first.
  static let administrativeLinesUp = Statement(
    "administrative lines up",
    """
    SELECT a.index, l.line
      FROM (SELECT x.index
              FROM unnest($2::text[]) AS w (action)
             CROSS JOIN LATERAL (SELECT index
                                   FROM tally.administrative_line
                                  WHERE team_id = $1 AND action = w.action AND index >= $3 AND index < $4
                                    AND ($5::timestamptz IS NULL OR at >= $5) AND ($6::timestamptz IS NULL OR at < $6)
                                    AND ($7::text[] IS NULL OR actor = ANY($7))
                                    AND ($8::uuid[] IS NULL OR resources && $8)
                                  ORDER BY index
                                  LIMIT $9) AS x
             ORDER BY x.index
             LIMIT $9) AS a
     CROSS JOIN LATERAL (SELECT line FROM tally.log_line WHERE team_id = $1 AND index = a.index OFFSET 0) AS l
     ORDER BY a.index
    """, row: line)
}
