package import Ledger

/// Which lines of a log an audit list shows, newest first (docs/audit-logs.md).
package struct AuditEntryFilter: Sendable, Hashable {
  /// The most entries of a page.
  package static let entriesMaximum = 100

  /// How many at most.
  package var limit: Int
  /// Only lines of these actions; nil: all that tell of no edit.
  package var actions: Set<Action>?
  /// Only lines that are not older.
  package var from: Timestamp?
  /// Only lines that are older.
  package var until: Timestamp?
  /// Only what these brought about: ids of keys or members, user ids, `operator`, `system`; nil: whoever it was.
  package var actors: [String]?
  /// Only lines that name one of these: ids of any kind, or user ids; nil: whatever they name.
  package var resources: [String]?
  /// Only lines before the one at this place, of another page; nil: from the newest on.
  package var after: Int64?
  /// Only lines behind the one at this place: those next to it, unless `after` is given too.
  package var before: Int64?

  /// A filter that lets all lines through that tell of no edit.
  package init(
    limit: Int = 20, actions: Set<Action>? = nil, from: Timestamp? = nil, until: Timestamp? = nil,
    actors: [String]? = nil, resources: [String]? = nil, after: Int64? = nil, before: Int64? = nil
  ) {
    self.limit = limit
    self.actions = actions
    self.from = from
    self.until = until
    self.actors = actors
    self.resources = resources
    self.after = after
    self.before = before
  }
}

extension Action {
  /// Whether its lines tell of an edit: such lines are very many, and in no index.
  package var isOfEdit: Bool { rawValue.utf8.starts(with: "edit.".utf8) }
}

/// A line of a log as an audit list shows it.
package struct AuditEntry: Sendable, Hashable {
  /// The line's place: no other line of the team has it, whatever becomes of its logs.
  package var place: Int64
  /// The line's bytes.
  package var line: [UInt8]
  /// What its header says.
  package var header: LineHeader
  /// What it tells of.
  package var action: Action
  /// The user id of the member whose key brought it about; nil: it was no key.
  package var userID: String?

  /// An entry.
  package init(place: Int64, line: [UInt8], header: LineHeader, action: Action, userID: String? = nil) {
    self.place = place
    self.line = line
    self.header = header
    self.action = action
    self.userID = userID
  }
}

/// A page of an audit list.
package struct AuditEntryPage: Sendable {
  /// The entries, the newest first.
  package var entries: [AuditEntry]
  /// Whether there are more in the direction in which the list was read.
  package var hasMore: Bool
  /// The head of the log that the list belongs to.
  package var asOf: UsagePosition
  /// Index of the first line that is listed: those below were pruned.
  package var firstIndex: Int64
  /// Where looking ended for want of time, at this place: what lies on is not looked through. nil: all was.
  package var stoppedAt: Int64?

  /// A page.
  package init(
    entries: [AuditEntry], hasMore: Bool, asOf: UsagePosition, firstIndex: Int64 = 0, stoppedAt: Int64? = nil
  ) {
    self.entries = entries
    self.hasMore = hasMore
    self.asOf = asOf
    self.firstIndex = firstIndex
    self.stoppedAt = stoppedAt
  }
}
