package import Ledger
package import LedgerStore

/// What recovery asks of the ledger's store; `LedgerStore` is the one that serves.
package protocol RecoveryLedger: Sendable {
  /// Enters this run with its lease.
  func beginInstance(bootID: String, lease: Duration) async throws(StoreError)
  /// Asks for a longer lease; false: this run is not known.
  func renewInstance(lease: Duration) async throws(StoreError) -> Bool
  /// Ends a run's lease.
  func endInstance(_ instance: InstanceID) async throws(StoreError)
  /// Everything that is held.
  func allHeldEdits() async throws(StoreError) -> HeldEdits
  /// What was held from a moment on and still is.
  func heldEdits(from: Timestamp, lag: Duration, limit: Int) async throws(StoreError) -> HeldEdits
  /// Those of some edits that are still held.
  func stillHeld(_ edits: [EditName]) async throws(StoreError) -> HeldEdits
  /// Doubts that are due to be looked at.
  func dueDoubts(limit: Int) async throws(StoreError) -> DueDoubts
  /// Edits in doubt whose holds a run took.
  func doubts(of instance: InstanceID, limit: Int) async throws(StoreError) -> DueDoubts
  /// Puts a doubt off; false: somebody else has.
  func postpone(_ doubt: Doubt, until moment: Timestamp) async throws(StoreError) -> Bool
  /// Forgets a doubt.
  func forget(_ doubt: Doubt) async throws(StoreError)
  /// Books what is known of an edit.
  func book(_ booking: Booking, _ patience: BookingPatience) async throws(StoreError) -> BookingAnswer
  /// Whether a log was recovered that had lost this edit's hold.
  func isLossAdmitted(of record: RecordID, team: TeamID) async throws(StoreError) -> Bool
  /// Removes old rows that nothing needs any more, a bounded number of them.
  func pruneOldRows() async throws(StoreError)
}
