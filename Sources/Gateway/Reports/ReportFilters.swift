package import Ledger
package import LedgerStore

/// Which usage a report is to tell of; nil: whatever there is, a list that names nothing of the team finds nothing.
package struct ReportFilters: Sendable, Hashable {
  /// Teams.
  package var projects: [TeamID]?
  /// The team's own user ids, or ids of members that were erased.
  package var users: [String]?
  /// API keys.
  package var keys: [KeyID]?
  /// Models.
  package var models: [String]?
  /// Sizes.
  package var sizes: [String]?
  /// Qualities.
  package var qualities: [String]?
  /// Sources.
  package var sources: [String]?
  /// Models, qualities and sizes together.
  package var lineItems: [LineItem]?

  /// No filters.
  package init() {}

  /// What the ledger is to look for in the usage of `team`. Line items are looked for by their parts, so it finds more
  /// than was asked for where there are several: `UsageReport.narrowed` takes that away.
  /// - Parameter members: the members that `users` names; nil without such a list.
  package func usage(of team: TeamID, members: [MemberID]?) -> UsageFilters {
    var filters = UsageFilters(members: members, keys: keys, models: models, qualities: qualities, sizes: sizes)
    if let lineItems {
      filters.models = Self.both(models, lineItems.map(\.model))
      filters.qualities = Self.both(qualities, lineItems.map(\.quality))
      filters.sizes = Self.both(sizes, lineItems.map(\.size))
    }
    let hasTeam = projects?.contains(team) ?? true
    let hasSource = sources?.contains(ReportDimension.onlySource) ?? true
    if !hasTeam || !hasSource { filters.models = [] }
    return filters
  }

  private static func both(_ some: [String]?, _ others: [String]) -> [String] {
    let named = Set(others)
    return some.map { $0.filter(named.contains) } ?? named.sorted()
  }
}
