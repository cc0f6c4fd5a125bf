/// Where a connection stands between two runs.
package enum TransactionStatus: Sendable, Hashable {
  /// No transaction is open.
  case idle
  /// A transaction is open and fine.
  case inTransaction
  /// A transaction is open, a statement of it failed, and only a rollback is possible.
  case inError
  /// A statement is at work, or the connection is closed.
  case unknown
}
