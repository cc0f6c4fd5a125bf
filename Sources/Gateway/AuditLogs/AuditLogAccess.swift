package import Ledger
package import LedgerStore

/// What the gateway asks of the store about a team's audit log.
package protocol AuditLogAccess: Sendable {
  /// A page of log lines, newest first.
  func auditEntries(of team: TeamID, _ filter: AuditEntryFilter) async throws(StoreError) -> AuditEntryPage
  /// Tells that somebody reads a report: one line for each reader, report and hour.
  func noteReading(
    of report: String, at moment: Timestamp, of team: TeamID, by administrator: Administrator
  ) async throws(StoreError) -> Int64
}

extension LedgerStore: AuditLogAccess {
  package func auditEntries(
    of team: TeamID, _ filter: AuditEntryFilter
  ) async throws(StoreError) -> AuditEntryPage {
    try await auditEntries(of: team, filter, within: Self.lookingLimit)
  }
}
