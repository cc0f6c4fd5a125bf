package import Ledger
import Postgres

/// A log that goes on no more until an operator has opened another in its place, and what halted it
/// (docs/audit.md, the signer).
package struct LogHalt: Sendable, Hashable {
  /// What halted a log.
  package enum Cause: String, Sendable, Hashable, CaseIterable {
    /// It does not extend what was signed of it.
    case contradiction
    /// Its rows do not make its root.
    case brokenTree = "broken_tree"
    /// Something was to be charged whose hold is not in it.
    case lostHold = "lost_hold"
  }

  /// The team whose log it is; `operatorLog` for the operator's own.
  package var team: TeamID
  /// The log's name.
  package var origin: String
  /// Nil: it was halted before causes were kept.
  package var cause: Cause?
  /// How many lines had been signed that it does not extend; nil for other causes.
  package var signedSize: Int64?
  /// How many lines it has.
  package var size: Int64

  /// A halted log with these fields.
  package init(team: TeamID, origin: String, cause: Cause?, signedSize: Int64? = nil, size: Int64) {
    self.team = team
    self.origin = origin
    self.cause = cause
    self.signedSize = signedSize
    self.size = size
  }

  /// Whether its lines may be others than those that were signed: nothing of it is given away as the team's log.
  package var isContradicted: Bool { cause != .lostHold }
}

extension LogHalt: CustomStringConvertible {
  /// What halted it, as the end of a sentence that says it is halted.
  package var description: String {
    switch (cause, signedSize) {
    case (.contradiction, let signed?) where signed > size:
      "\(signed) lines of it had been signed, and there are \(size) now, as after an old backup was restored"
    case (.contradiction, let signed?):
      "\(signed) lines of it had been signed, and those that are there now, \(size), do not begin with them"
    case (.contradiction, nil): "its \(size) lines are not those that were signed"
    case (.brokenTree, _): "the rows of its \(size) lines do not make its root"
    case (.lostHold, _):
      "an edit was to be charged whose hold is not among its \(size) lines, as after a failover that lost some"
    case (nil, _): "it has \(size) lines, and the log of the gateway that signs tells why"
    }
  }
}

extension LedgerStore {
  /// What halted a team's log; nil: it is not halted.
  /// - Throws: `unavailable`.
  package func logHalt(of team: TeamID) async throws(StoreError) -> LogHalt? {
    try await rows(.logHalt, team.uuid, of: team).first
  }

  /// All logs that are halted, the operator's own first.
  /// - Throws: `unavailable`.
  package func logHalts() async throws(StoreError) -> [LogHalt] {
    var found: [LogHalt] = []
    var first = TeamID.operatorLog
    while true {
      let page = try await operatorRows(.logHalts, first.uuid, Int64(Self.pageSize))
      found += page
      guard page.count == Self.pageSize, let last = page.last?.team, last.bits < .max else { return found }
      first = TeamID(bits: last.bits + 1)
    }
  }
}

extension LogHalt {
  /// Reads the columns of the statements below.
  init(_ row: inout RowReader) throws(PostgresError) {
    self.init(
      team: try row.id(), origin: try row.next(), cause: try row.next(String?.self).flatMap(Cause.init),
      signedSize: try row.next(), size: try row.next())
  }
}

extension Statement where Row == LogHalt {
  /// A halted team: its id.
  static let logHalt = Statement(
    "log halt",
    """
    SELECT team_id, log_origin, halt_cause, halt_signed_size, log_size FROM tally.team WHERE team_id = $1 AND is_halted
    """
  ) { (row) throws(PostgresError) in try LogHalt(&row) }

  /// Halted teams from an id on, at most so many.
  static let logHalts = Statement(
    "log halts",
    """
    SELECT team_id, log_origin, halt_cause, halt_signed_size, log_size
      FROM tally.team WHERE team_id >= $1 AND is_halted ORDER BY team_id LIMIT $2
    """
  ) { (row) throws(PostgresError) in try LogHalt(&row) }
}
