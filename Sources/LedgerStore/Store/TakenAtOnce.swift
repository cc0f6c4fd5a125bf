/// How much erasing, pruning and removing take at once. Each transaction is some ten milliseconds, which edits of the team wait
/// for.
package struct TakenAtOnce: Sendable, Hashable {
  /// Lines of a log that an erasure looks through in one window: some tens of milliseconds, without a lock.
  package var windowLines: Int64 = 5_000
  /// Rows of a kind that an erasure takes in one transaction.
  package var erasedRows = 500
  /// Assets that an erasure looks at with one statement.
  package var assets = 1_000
  /// Records that a removal looks at in one transaction.
  package var records: Int64 = 500
  /// Rows of usage that a removal takes in one transaction.
  package var buckets: Int64 = 1_000

  /// As much as a gateway takes.
  package init() {}
}
