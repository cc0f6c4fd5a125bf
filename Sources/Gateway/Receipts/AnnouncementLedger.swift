package import Ledger
package import LedgerStore

/// What the announcing of keys asks of the ledger's store; `LedgerStore` is the one that serves.
package protocol AnnouncementLedger: Sendable {
  /// Which of the next teams have all of `keys` in their logs.
  func logKeyPage(_ keys: [LogKeyAnnounced], after: TeamID?, limit: Int) async throws(StoreError) -> LogKeyPage
  /// Puts those of `keys` into the team's log that it does not announce yet; answers how many lines that took.
  func announce(_ keys: [LogKeyAnnounced], of team: TeamID) async throws(StoreError) -> Int
  /// The same for the operator's log.
  func announceInOperatorLog(_ keys: [LogKeyAnnounced]) async throws(StoreError) -> Int
}

extension LedgerStore: AnnouncementLedger {}
