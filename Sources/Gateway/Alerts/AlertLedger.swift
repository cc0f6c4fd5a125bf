package import Ledger
package import LedgerStore

/// What alerts ask of the ledger's store; `LedgerStore` is the one that serves.
package protocol AlertLedger: Sendable {
  /// Budgets with alerts on them.
  func alertedBudgets(after place: AlertPlace, limit: Int) async throws(StoreError) -> AlertedBudgetPage
  /// Puts messages into the queue, each once; answers how many are new.
  func enqueue(_ messages: [NewAlertMessage]) async throws(StoreError) -> Int
  /// Messages that are due.
  func dueMessages(limit: Int, leavingOut teams: [TeamID]) async throws(StoreError) -> [AlertMessage]
  /// Takes a message to try it; nil: somebody else has it.
  func claim(_ message: AlertMessage, for lease: Duration) async throws(StoreError) -> AlertMessage?
  /// Puts a message off.
  func postpone(_ message: AlertMessage, by delay: Duration, status: Int64?) async throws(StoreError)
  /// Ends a message, with its line.
  func end(
    _ message: AlertMessage, status: Int64?, isDelivered: Bool, by administrator: Administrator?
  ) async throws(StoreError)
}

extension LedgerStore: AlertLedger {}
