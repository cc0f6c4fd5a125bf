package import Ledger
package import LedgerStore

/// What the gateway asks of the store about a team's audit log.
package protocol AuditLogAccess: ReadingAccess {
  /// A page of log lines, newest first.
  func auditEntries(of team: TeamID, _ filter: AuditEntryFilter) async throws(StoreError) -> AuditEntryPage
}

extension LedgerStore: AuditLogAccess {
  package func auditEntries(
    of team: TeamID, _ filter: AuditEntryFilter
  ) async throws(StoreError) -> AuditEntryPage {
    try await auditEntries(of: team, filter, within: Self.lookingLimit)
  }
}
