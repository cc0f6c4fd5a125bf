package import LedgerStore

/// What closing months asks of the ledger's store; `LedgerStore` is the one that serves.
package protocol ClosingLedger: Sendable {
  /// Teams whose last month is over and not closed, at most so many.
  func periodsToClose(limit: Int) async throws(StoreError) -> [PeriodToClose]
  /// Closes a month; nil: somebody else did.
  func closeOnce(_ period: PeriodToClose) async throws(StoreError) -> ClosedPeriod?
}

extension LedgerStore: ClosingLedger {}
