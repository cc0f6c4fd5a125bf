package import Ledger
package import LedgerStore

/// What removing old records asks of the ledger's store; `LedgerStore` is the one that serves.
package protocol RetentionLedger: Sendable {
  /// Teams of which something is to be removed, at most so many.
  func teamsToRemoveFrom(limit: Int) async throws(StoreError) -> [TeamID]
  /// Removes what a team keeps no longer; nil: somebody else did.
  func removeOld(of team: TeamID) async throws(StoreError) -> Removal?
}

extension LedgerStore: RetentionLedger {
  package func removeOld(of team: TeamID) async throws(StoreError) -> Removal? {
    try await removeOld(of: team, by: nil)
  }
}
