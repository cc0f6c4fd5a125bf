package import Ledger
package import LedgerStore
package import TransparencyLog

/// What the gateway asks of the store about logs and their signed heads.
package protocol HeadAccess: Sendable {
  /// Where a team's log stands.
  func logState(of team: TeamID) async throws(StoreError) -> LogState
  /// A signed head of at least `size` lines; nil where nobody signed one in time.
  func signedHead(of team: TeamID, covering size: Int64, within limit: Duration) async throws(StoreError) -> LogHead?
  /// The line at an index; nil where there is none.
  func loggedLine(of team: TeamID, at index: Int64) async throws(StoreError) -> LoggedLine?
  /// The proof that a line stands under a head.
  func proof(of line: LoggedLine, under head: LogHead) async throws(StoreError) -> LogProof
}
