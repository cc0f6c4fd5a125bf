package import Ledger
import Postgres
package import TransparencyLog

extension LaneWrites {
  /// A log that another takes the place of.
  package struct NewRecovery: Sendable {
    package var team: TeamID
    package var oldLog: String
    /// The place of its first line.
    package var base: Int64
    package var size: Int64
    package var peaks: Peaks
    /// Time of its last line.
    package var lastAt: Timestamp
    package var replacedAt: Timestamp
    /// The text of the book that the new log begins with.
    package var book: [UInt8]
  }

  static let replaceLog = Statement<Void>(
    "lane_replace_log",
    """
    UPDATE tally.team
       SET is_halted = false, halt_cause = NULL, halt_signed_size = NULL, log_origin = $2, log_base = $3,
           pruned_before = 0
     WHERE team_id = $1
    """)

  static let insertReplacedLog = Statement<Void>(
    "lane_insert_replaced_log",
    """
    INSERT INTO tally.replaced_log (team_id, base, log_origin, size, peaks, last_at, replaced_at, book)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    """)

  /// What is rare: logs that took the place of others.
  func appendRecoveries(to pipeline: inout Pipeline) {
    for recovery in recoveries {
      guard let team = teams[recovery.team] else { continue }
      pipeline.append(Self.replaceLog, recovery.team.uuid, team.book.origin, team.logBase)
      pipeline.append(
        Self.insertReplacedLog, recovery.team.uuid, recovery.base, recovery.oldLog, recovery.size,
        PostgresBytes(recovery.peaks.bytes), recovery.lastAt.timestamptz, recovery.replacedAt.timestamptz,
        PostgresBytes(recovery.book))
    }
  }
}
