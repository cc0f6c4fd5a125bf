package import Exports
package import Ledger
package import LedgerStore

/// What the gateway asks of a log's exports; `LogExports` is the one that serves. A protocol so that the routes' own
/// questions can be tried without a database.
package protocol ExportAccess: Sendable {
  /// Decides what an export will hold.
  func plan(_ request: ExportRequest, now: Timestamp) async throws -> ExportPlan
  /// Tells of an export in the log.
  func note(_ plan: ExportPlan, id: NoteID, by administrator: Administrator) async throws
  /// Writes an export as one stream.
  func write(
    _ plan: ExportPlan, by folder: String, now: Timestamp, _ write: ([UInt8]) async throws -> Void
  ) async throws
  /// The statement of a month; nil: the team was not there yet.
  func statement(of team: TeamID, _ month: CalendarMonth, now: Timestamp) async throws -> MonthStatement?
  /// Tells that somebody reads a report.
  func noteReading(of report: String, at moment: Timestamp, team: TeamID, by administrator: Administrator) async throws
}

extension LogExports: ExportAccess {}
