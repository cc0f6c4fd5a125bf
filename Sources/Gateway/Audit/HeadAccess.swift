package import Ledger
package import LedgerStore
package import TransparencyLog

/// What the gateway asks of the store about logs and their signed heads.
package protocol HeadAccess: Sendable {
  /// Where a team's log stands.
  func logState(of team: TeamID) async throws(StoreError) -> LogState
  /// What halted a team's log; nil: it is not halted.
  func logHalt(of team: TeamID) async throws(StoreError) -> LogHalt?
  /// A signed head of at least `size` lines; nil where nobody signed one in time.
  func signedHead(of team: TeamID, covering size: Int64, within limit: Duration) async throws(StoreError) -> LogHead?
  /// The newest stored head of a log; nil where none was signed.
  func newestHead(of log: TeamLog) async throws(StoreError) -> LogHead?
  /// One of the logs that a team has had; nil for the name: the one that goes on.
  func log(of team: TeamID, named origin: String?) async throws(StoreError) -> TeamLog
  /// The line at an index of a log; nil where there is none.
  func loggedLine(of log: TeamLog, at index: Int64) async throws(StoreError) -> LoggedLine?
  /// The proof that a line stands under a head of the log whose first line has that place.
  func proof(of line: LoggedLine, under head: LogHead, base: Int64?) async throws(StoreError) -> LogProof
}
