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

  func noteReading(
    of report: String, at moment: Timestamp, of team: TeamID, by administrator: Administrator
  ) async throws(StoreError) -> Int64 { 1 }
}
