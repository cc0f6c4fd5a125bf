package import Ledger

/// Work that the upstream did and that no member was charged for: the operator bears it. It breaks no rule of the ledger,
/// but whoever pays the upstream wants to see it (docs/ledger.md, "Late evidence").
package struct Variance: Sendable, Hashable {
  /// Why nobody was charged. The names are permanent: scripts look for them.
  package enum Reason: String, Sendable, Hashable, CaseIterable {
    /// An administrator released the edit, and the upstream's own list says that it did the work.
    case releasedByAdministrator = "released_by_administrator"
    /// The edit had been released when the results came.
    case provenAfterRelease = "proven_after_release"
  }

  /// Whose edit it is.
  package var team: TeamID
  /// The edit's record.
  package var record: RecordID
  /// What the work cost; nil where the ledger does not know.
  package var credits: Credits?
  /// Why nobody was charged.
  package var reason: Reason

  /// Work that nobody was charged for.
  package init(team: TeamID, record: RecordID, credits: Credits?, reason: Reason) {
    self.team = team
    self.record = record
    self.credits = credits
    self.reason = reason
  }
}
