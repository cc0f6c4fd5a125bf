package import Ledger

/// Why a team's administrator may not do over HTTP what it asks for (docs/http.md, administration).
package enum AdministrationDenial: Hashable, Sendable {
  /// Its role is not ADMIN any more, or its key lacks the scope `admin`.
  case notAdministrator
  /// The setting is the operator's.
  case ofOperator(field: String)
  /// The team's own limit would be above the one that is there.
  case raisesTeamLimit(to: Credits?, from: Credits)
  /// The team would be left without an active administrator.
  case lastAdministrator
  /// The scopes are more than the asking key has itself: these are missing.
  case scopesBeyondKey(KeyScopes)
  /// The scopes are more than the member's role allows: these are too many.
  case scopesBeyondRole(KeyScopes, MemberRole)
  /// A key that may administer would outlive the asking one, which ends then.
  case outlivesKey(Timestamp)
  /// The asking key would end itself.
  case ownKey

  /// What is the matter and what to do, in a sentence without an end mark.
  package var sentence: String {
    switch self {
    case .notAdministrator: "the key, or its owner's role, does not allow this"
    case .ofOperator(let field): "\(field) is the operator's to change"
    case .raisesTeamLimit(_, let limit):
      "the team's limit is \(limit) credits and only the operator can raise or lift it"
    case .lastAdministrator:
      "the team would have no active ADMIN left: give another member the role first"
    case .scopesBeyondKey(let scopes):
      "the asking key does not have \(scopes.names.joined(separator: ", ")) itself"
    case .scopesBeyondRole(let scopes, let role):
      "the role \(role.rawValue) does not allow \(scopes.names.joined(separator: ", "))"
    case .outlivesKey(let end):
      "the asking key ends at \(end.rfc3339), and no key with the scope admin may outlive it"
    case .ownKey: "a key cannot revoke itself: rotate it, or revoke it with another key"
    }
  }

  /// The field that is at fault; nil where it is no single one.
  package var field: String? {
    switch self {
    case .notAdministrator, .ownKey: nil
    case .ofOperator(let field): field
    case .raisesTeamLimit: "creditLimit"
    case .lastAdministrator: nil
    case .scopesBeyondKey, .scopesBeyondRole: "scopes"
    case .outlivesKey: "expiresAt"
    }
  }
}

extension MemberRole {
  /// What a key may do when nothing else is said: what its member's role allows (docs/command-line.md).
  package var defaultScopes: KeyScopes {
    switch self {
    case .admin: [.edit, .reports, .audit, .admin]
    case .member: [.edit]
    case .finance: [.reports, .audit]
    }
  }
}
