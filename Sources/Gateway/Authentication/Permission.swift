import Ledger
package import LedgerStore

/// What a route needs of the key and of its owner's role (docs/http.md).
package enum Permission: Sendable, Equatable, CaseIterable {
  /// Any key that works.
  case any
  /// Submit edits and upload pictures: scope `edit`, and not FINANCE, which submits nothing.
  case submit
  /// Read records with their prompts: scope `edit` or `admin`.
  case readRecords
  /// Manage the team: role ADMIN, and scope `admin`.
  case administer
  /// Take the team's log away: scope `audit`, and not MEMBER, who sees its own lines only.
  case takeAudit
  /// Read what the team used and what it cost: scope `reports`, and not MEMBER, who sees its own budgets only.
  case readReports

  /// Whether `principal` has it.
  package func isGranted(to principal: Principal) -> Bool {
    switch self {
    case .any: true
    case .submit: principal.role != .finance && principal.scopes.contains(.edit)
    case .readReports: principal.role != .member && principal.scopes.contains(.reports)
    case .takeAudit: principal.role != .member && principal.scopes.contains(.audit)
    case .readRecords: principal.scopes.contains(.edit) || principal.scopes.contains(.admin)
    case .administer: principal.seesWholeTeam
    }
  }
}

extension Principal {
  /// Whether it sees the records of all members, not only its own: an administrator with a key that may administer.
  package var seesWholeTeam: Bool {
    role == .admin && scopes.contains(.admin)
  }
}
