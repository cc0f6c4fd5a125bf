import Ledger
import Postgres

extension LedgerStore {
  /// Edits of one statement.
  private static let editsPerStatement = 5_000
  /// How much time one statement looks at: it begins with an hour and goes with how many edits there are.
  private static let stretchSeconds: (first: Int64, least: Int64, most: Int64) = (3_600, 1, 86_400)

  /// Compares the upstream's own figures, which `reconciliation` was told before, with the edits of the same time.
  ///
  /// Records lie in the order of their times, so only their pages of that time are read, in short transactions; the
  /// memory is that of the calls.
  /// - Parameter progress: is told how many seconds of how many are done.
  /// - Throws: `unavailable`.
  package func reconcile(
    _ reconciliation: Reconciliation, progress: @Sendable (_ done: Int64, _ all: Int64) -> Void = { _, _ in }
  ) async throws(StoreError) -> ReconciliationReport {
    var reconciliation = reconciliation
    let (first, end) = (reconciliation.first, min(reconciliation.end, try await databaseClock().adding(seconds: 1)))
    var start = first
    var width = Self.stretchSeconds.first
    while start < end {
      let stop = min(start.adding(seconds: width), end)
      let count = try await takeEdits(from: start, to: stop, into: &reconciliation)
      if count > Self.editsPerStatement {
        width = max(width / 2, Self.stretchSeconds.least)
      } else if count < Self.editsPerStatement / 4 {
        width = min(width * 2, Self.stretchSeconds.most)
      }
      start = stop
      progress(
        (start.microseconds - first.microseconds) / Timestamp.microsecondsPerSecond,
        (end.microseconds - first.microseconds) / Timestamp.microsecondsPerSecond)
    }
    return reconciliation.finish()
  }

  private func takeEdits(
    from start: Timestamp, to stop: Timestamp, into reconciliation: inout Reconciliation
  ) async throws(StoreError) -> Int {
    var last: (at: Timestamp, team: TeamID, record: RecordID) = (.epoch, TeamID(bits: 0), RecordID(bits: 0))
    var count = 0
    while true {
      let page = try await operatorRows(
        .editsBetween, start.timestamptz, stop.timestamptz, last.at.timestamptz, last.team.uuid, last.record.uuid,
        Int64(Self.editsPerStatement))
      for edit in page { reconciliation.take(edit) }
      count += page.count
      guard page.count == Self.editsPerStatement, let edit = page.last else { return count }
      last = (edit.createdAt, edit.team, edit.record)
    }
  }
}
