package import Ledger
package import LedgerStore

/// What the gateway tells the store of who reads reports.
package protocol ReadingAccess: Sendable {
  /// Tells that somebody reads a report: one line for each reader, report and hour. Brings the line's index.
  func noteReading(
    of report: String, at moment: Timestamp, of team: TeamID, by administrator: Administrator
  ) async throws(StoreError) -> Int64
}
