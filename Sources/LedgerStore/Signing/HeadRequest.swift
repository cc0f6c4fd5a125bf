package import Ledger
import Postgres

/// Somebody waits for a signed head: a row of `tally.head_request`.
package struct HeadRequest: Sendable, Hashable {
  /// The team of the log.
  package var team: TeamID
  /// How many lines the head is to cover, at least.
  package var wantedSize: Int64

  /// A request for a head of that log.
  package init(team: TeamID, wantedSize: Int64) {
    self.team = team
    self.wantedSize = wantedSize
  }
}

extension Statement where Row == HeadRequest {
  /// At most so many.
  static let headRequests = Statement(
    "head requests", "SELECT team_id, wanted_size FROM tally.head_request ORDER BY team_id LIMIT $1"
  ) { (row) throws(PostgresError) in HeadRequest(team: try row.id(), wantedSize: try row.next()) }
}
