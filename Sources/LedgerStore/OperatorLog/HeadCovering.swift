package import Ledger
import Postgres
package import TransparencyLog

/// The newest line of the operator's log that covers the heads of all teams' logs.
package struct HeadCovering: Sendable, Hashable {
  /// Index of the line; below 0 where it stands in a log that the operator's log took the place of.
  package var index: Int64
  /// How many heads it covers.
  package var count: Int64
  /// The root of the tree over them.
  package var root: Digest
  /// Time of the line.
  package var at: Timestamp
}

/// One head of those that a line covers, with what leads from it to the line's root.
package struct CoveredPlace: Sendable, Hashable {
  /// The head.
  package var head: CoveredHead
  /// Its place among the heads, by the bytes of their origins.
  package var proof: InclusionProof
  /// The line.
  package var covering: HeadCovering
}

extension Statement where Row == HeadCovering {
  /// The newest covering: the id of the operator's log.
  static let headCovering = Statement(
    "head covering",
    """
    SELECT c.index - t.log_base, c.count, c.root, c.at
      FROM tally.covering AS c
      JOIN tally.team AS t ON t.team_id = c.team_id
     WHERE c.team_id = $1
    """
  ) { (row) throws(PostgresError) in
    HeadCovering(index: try row.next(), count: try row.next(), root: try row.digest(), at: try row.time())
  }
}

/// A row of the table of covered heads.
struct CoveredRow: Sendable {
  var origin: String
  var size: Int64
  var root: Digest

  /// The head. Throws `database` where it can be none.
  func head() throws(StoreError) -> CoveredHead {
    do throws(TextError) {
      return try CoveredHead(origin: origin, size: size, root: root)
    } catch {
      throw StoreError(.database)
    }
  }
}

extension Statement where Row == CoveredRow {
  /// Covered heads behind a log's name, by the bytes of the names, at most so many.
  static let coveredHeadsAfter = Statement(
    "covered heads after",
    """
    SELECT log_origin, size, root
      FROM tally.covered_head
     WHERE log_origin COLLATE "C" > $1
     ORDER BY log_origin COLLATE "C"
     LIMIT $2
    """
  ) { (row) throws(PostgresError) in
    CoveredRow(origin: try row.next(), size: try row.next(), root: try row.digest())
  }
}

/// Where a team's head stands among the covered ones.
struct CoveredRank: Sendable {
  var row: CoveredRow
  var index: Int64
  var count: Int64
}

extension Statement where Row == CoveredRank {
  /// A team's head, how many stand before it, and how many there are: the team. The table has a row for each team, and is
  /// counted for people only.
  static let coveredRank = Statement(
    "covered rank",
    """
    SELECT c.log_origin, c.size, c.root,
           (SELECT count(*) FROM tally.covered_head WHERE log_origin COLLATE "C" < c.log_origin),
           (SELECT count(*) FROM tally.covered_head)
      FROM tally.covered_head AS c
     WHERE c.team_id = $1
    """
  ) { (row) throws(PostgresError) in
    CoveredRank(
      row: CoveredRow(origin: try row.next(), size: try row.next(), root: try row.digest()), index: try row.next(),
      count: try row.next())
  }
}

extension Statement where Row == Void {
  /// Heads that are covered from now on: teams, origins, sizes, roots.
  static let coverHeads = Statement(
    "cover heads",
    """
    INSERT INTO tally.covered_head AS c (team_id, log_origin, size, root)
    SELECT * FROM unnest($1::uuid[], $2::text[], $3::bigint[], $4::bytea[])
        ON CONFLICT ON CONSTRAINT covered_head_pkey DO UPDATE
       SET log_origin = excluded.log_origin, size = excluded.size, root = excluded.root
     WHERE c.size <> excluded.size OR c.log_origin <> excluded.log_origin OR c.root <> excluded.root
    """)
}
