import Gateway
import Ledger
import LedgerStore
import Synchronization

extension StubLedger {
  func auditEntries(
    of team: TeamID, _ filter: AuditEntryFilter
  ) async throws(StoreError) -> AuditEntryPage {
    answers.withLock { $0.auditPage }
  }
}
