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

extension ReportAccess {
  /// How the members in a report are named: as was read with it, and those that were not are asked for.
  package func names(in report: UsageReport, team: TeamID) async throws(StoreError) -> [MemberID: String] {
    let missing = report.members.filter { report.names[$0] == nil }
    guard !missing.isEmpty else { return report.names }
    return report.names.merging(try await userIDs(of: missing, team: team)) { first, _ in first }
  }
}
