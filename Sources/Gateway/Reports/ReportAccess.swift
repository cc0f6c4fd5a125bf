package import Ledger
package import LedgerStore

/// What the gateway asks of the store about usage.
package protocol ReportAccess: Sendable {
  /// What was used, in buckets and groups.
  func usage(_ request: UsageRequest) async throws(StoreError) -> UsageReport
  /// The user id of each member; of one that was erased, the text of its id.
  func userIDs(of members: Set<MemberID>, team: TeamID) async throws(StoreError) -> [MemberID: String]
  /// The members that have one of these user ids.
  func memberIDs(named userIDs: [String], team: TeamID) async throws(StoreError) -> [MemberID]
  /// Tells that somebody reads a report: one line for each reader, report and hour.
  func noteReading(
    of report: String, at moment: Timestamp, of team: TeamID, by administrator: Administrator
  ) async throws(StoreError) -> Int64
}
