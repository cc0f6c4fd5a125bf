/// `export.created`: somebody took lines of the log away.
package struct ExportCreated: Hashable, Sendable {
  /// Which lines a list is narrowed to; an edit's lines pass when they are about all that is named.
  package struct Filters: Hashable, Sendable {
    /// Only lines of this action.
    package var action: Action?
    /// Only lines about this key.
    package var key: KeyID?
    /// Only lines about this member.
    package var member: MemberID?
    /// Only lines about this edit.
    package var record: RecordID?

    /// Filters by what is named.
    package init(action: Action? = nil, key: KeyID? = nil, member: MemberID? = nil, record: RecordID? = nil) {
      self.action = action
      self.key = key
      self.member = member
      self.record = record
    }
  }

  /// The id of the export.
  package var export: NoteID
  /// The log whose lines they are, where it is one that this log took the place of; nil: they are this log's. A line that
  /// tells of this log's own has no such field.
  package var oldLog: String?
  /// The first line in it.
  package var from: Int64
  /// The first line behind it.
  package var to: Int64
  /// What it was narrowed to; nil for whole ranges.
  package var filters: Filters?
  /// Whether the private payloads are in it.
  package var withPrivate: Bool

  /// An event with these fields.
  package init(
    export: NoteID, oldLog: String? = nil, from: Int64, to: Int64, filters: Filters?, withPrivate: Bool
  ) {
    self.export = export
    self.oldLog = oldLog
    self.from = from
    self.to = to
    self.filters = filters
    self.withPrivate = withPrivate
  }
}

/// `report.read`: somebody read a report. One line for each reader, report and hour.
package struct ReportRead: Hashable, Sendable {
  /// The report's name: a token.
  package var report: String
  /// The first moment of the hour, by the clock of the gateway that showed it.
  package var hour: Timestamp

  /// An event with these fields.
  package init(report: String, hour: Timestamp) {
    self.report = report
    self.hour = hour
  }
}
