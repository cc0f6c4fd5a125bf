import Ledger
import LedgerStore

/// An alert with the limit of its budget as it is now: without one there is nothing to have a part of.
struct LimitedAlert: Sendable {
  let alert: AlertView
  /// Credits; nil: no limit.
  let limit: Credits?

  /// Alerts of a team with the limits of their budgets.
  static func of(_ alerts: [AlertView], _ team: TeamView, in store: LedgerStore) async throws -> [LimitedAlert] {
    let keys = alerts.contains { $0.scope == .key } ? try await store.keys(of: team.id) : []
    var limited: [LimitedAlert] = []
    for alert in alerts {
      let limit: Credits? =
        switch alert.scope {
        case .team: team.budget.limit
        case .member: try await limit(of: alert.subject, team.id, in: store)
        case .key: keys.first { "\($0.id)" == alert.subject }?.limit
        }
      limited.append(LimitedAlert(alert: alert, limit: limit))
    }
    return limited
  }

  /// A member's limit; nil for one that was erased since the alerts were read, too, whose alerts go with it.
  private static func limit(of userID: String, _ team: TeamID, in store: LedgerStore) async throws -> Credits? {
    do throws(StoreError) {
      return try await store.member(of: team, userID: userID).budget.limit
    } catch {
      guard case .notFound = error.reason else { throw error }
      return nil
    }
  }

  /// What whoever set it should know; nil: nothing.
  var remark: String? {
    guard limit == nil else { return nil }
    return switch alert.scope {
    case .team:
      "the team has no limit, so the alert tells nothing until `tally team set --limit` gives it one"
    case .member:
      "\(alert.subject) has no limit, so the alert tells nothing until `tally member set --limit` gives them one"
    case .key: "the key has no limit, so the alert tells nothing"
    }
  }
}
