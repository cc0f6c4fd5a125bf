package import Ledger

/// Who is told when a budget reaches a part of its limit.
package struct Alert: Sendable, Hashable {
  /// The most alerts that a team may have: each is looked at every few seconds.
  package static let perTeamMaximum = 100
  /// The longest address, in bytes: what browsers and proxies agree to carry.
  package static let urlBytesMaximum = 2_048

  /// The id that stands in log lines.
  package var id: NoteID
  package var team: TeamID
  /// Whose budget: for a key, the first one's in a chain of rotations.
  package var subject: BudgetSubject
  /// In percent of the limit, ascending.
  package var thresholds: [Int64]
  /// Where messages are sent; personal.
  package var url: String
  /// What they are signed with.
  package var secret: AlertSecret

  /// An alert.
  package init(
    id: NoteID, team: TeamID, subject: BudgetSubject, thresholds: [Int64], url: String, secret: AlertSecret
  ) {
    self.id = id
    self.team = team
    self.subject = subject
    self.thresholds = thresholds
    self.url = url
    self.secret = secret
  }
}

/// What an alert's messages are signed with. No description shows it.
package struct AlertSecret: Sendable, Hashable, CustomStringConvertible, CustomReflectable {
  /// How many bytes it may have (Standard Webhooks, signature scheme).
  package static let byteCounts = 24...64

  /// The key's bytes.
  package let bytes: [UInt8]

  /// The secret of these bytes; nil for too few or too many.
  package init?(bytes: [UInt8]) {
    guard Self.byteCounts.contains(bytes.count) else { return nil }
    self.bytes = bytes
  }

  package var description: String { "[secret]" }

  package var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// An alert as people see it: never with its secret.
package struct AlertView: Sendable, Hashable {
  /// The newest message of an alert: that of the highest threshold in the newest period.
  package struct Message: Sendable, Hashable {
    package var threshold: Int64
    package var state: AlertMessageState
    package var attempts: Int64
    /// HTTP status of the last answer; nil: there was none.
    package var status: Int64?
    /// When the threshold was seen to be reached.
    package var reachedAt: Timestamp
  }

  package var id: NoteID
  package var team: TeamID
  package var scope: BudgetScope
  /// The subject as people name it: the team's id, the user's id, the (first) key's id.
  package var subject: String
  package var thresholds: [Int64]
  package var url: String
  package var createdAt: Timestamp
  /// Nil: nothing was told yet.
  package var newest: Message?
}

/// What became of a message.
package enum AlertMessageState: String, Sendable, Hashable, CaseIterable {
  /// It is to be tried, or tried again.
  case waiting
  /// It arrived.
  case delivered
  /// It did not arrive, and is not tried again.
  case givenUp = "given_up"
}
