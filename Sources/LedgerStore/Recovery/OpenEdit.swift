package import Ledger

/// An edit that is not resolved, as recovery looks at it.
package struct OpenEdit: Sendable, Hashable {
  package var team: TeamID
  package var record: RecordID
  /// Who took its hold.
  package var instance: InstanceID
  package var createdAt: Timestamp
  /// Credits that it holds.
  package var held: Credits
  /// The upstream's own id of the work, where it is attached.
  package var upstreamUUID: String?
  /// Whether the lease of who took it still runs.
  package var isOwnerAtWork: Bool

  /// An open edit with these fields.
  package init(
    team: TeamID, record: RecordID, instance: InstanceID, createdAt: Timestamp, held: Credits,
    upstreamUUID: String? = nil, isOwnerAtWork: Bool
  ) {
    self.team = team
    self.record = record
    self.instance = instance
    self.createdAt = createdAt
    self.held = held
    self.upstreamUUID = upstreamUUID
    self.isOwnerAtWork = isOwnerAtWork
  }

  /// Its name among all teams' edits.
  package var name: EditName { EditName(team: team, record: record) }
}

/// Names one edit among all teams'.
package struct EditName: Sendable, Hashable {
  package var team: TeamID
  package var record: RecordID

  /// The edit of `record`.
  package init(team: TeamID, record: RecordID) {
    self.team = team
    self.record = record
  }
}

/// Held edits that a look found, and when it looked.
package struct HeldEdits: Sendable {
  package var edits: [OpenEdit]
  /// The database's clock before the look.
  package var now: Timestamp
  /// Everything that was held before this moment was found; nil: the look was not at a stretch of time.
  package var upTo: Timestamp?

  /// What a look found.
  package init(edits: [OpenEdit], now: Timestamp, upTo: Timestamp? = nil) {
    self.edits = edits
    self.now = now
    self.upTo = upTo
  }
}
