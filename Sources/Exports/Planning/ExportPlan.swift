import Ledger
package import LedgerStore
import TransparencyLog

/// What an export will hold, decided before its first line.
package struct ExportPlan: Sendable {
  /// What was asked for.
  package var request: ExportRequest
  /// The log, as it was when the export was asked for.
  package var source: TeamLog
  /// The first line that was asked for.
  package var from: Int64
  /// Behind the last line.
  package var to: Int64
  /// Where reading begins: `from`, or the line before it at which a book is known. A bundle begins here.
  package var start: Int64
  /// The book at `start`; nil where that is the log's first line, or none is needed.
  package var state: [UInt8]?
  /// The signed head; nil where none is needed and none was there.
  package var head: LogHead?
  /// Whether the range ends before what was asked for does, since the head reaches no further.
  package var isHeadShort = false

  /// Name of the log.
  package var log: String { source.origin }
  /// How many lines the log had.
  package var logSize: Int64 { source.size }

  /// A plan with these fields.
  package init(
    request: ExportRequest, source: TeamLog, from: Int64, to: Int64, start: Int64, state: [UInt8]? = nil,
    head: LogHead? = nil
  ) {
    self.request = request
    self.source = source
    self.from = from
    self.to = to
    self.start = start
    self.state = state
    self.head = head
  }

  /// The line that tells of the export.
  func event(id: NoteID) -> ExportCreated {
    ExportCreated(
      export: id, oldLog: source.isReplaced ? source.origin : nil, from: request.content == .bundle ? start : from,
      to: to, filters: request.content.filters,
      withPrivate: request.withPrivate)
  }
}
