package import Ledger
package import LedgerStore

/// What the gateway asks of the store about usage.
package protocol ReportAccess: ReadingAccess {
  /// What was used, in buckets and groups.
  func usage(_ request: UsageRequest) async throws(StoreError) -> UsageReport
  /// The user id of each member; of one that was erased, the text of its id.
  func userIDs(of members: Set<MemberID>, team: TeamID) async throws(StoreError) -> [MemberID: String]
  /// The members that have one of these user ids.
  func memberIDs(named userIDs: [String], team: TeamID) async throws(StoreError) -> [MemberID]
}
