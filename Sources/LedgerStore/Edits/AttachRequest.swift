package import Ledger

/// The upstream took an edit and gave it an id of its own: remember it, so that the upstream can be asked for the edit
/// also after this gateway is gone.
package struct AttachRequest: Sendable, Hashable {
  package var team: TeamID
  package var record: RecordID
  /// The upstream's own id of the work.
  package var upstreamUUID: String

  /// A note of the upstream's id for the edit of `record`.
  package init(team: TeamID, record: RecordID, upstreamUUID: String) {
    self.team = team
    self.record = record
    self.upstreamUUID = upstreamUUID
  }
}
