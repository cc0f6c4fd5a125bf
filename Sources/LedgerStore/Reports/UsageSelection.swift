import Ledger
import Postgres

/// Which usage of a team is asked for and what it is grouped by: for statements, and for lines that are folded.
struct UsageSelection: Sendable {
  private let team: TeamID
  private let filters: UsageFilters
  private let grouping: Set<UsageDimension>
  private let members: Set<MemberID>?
  private let keys: Set<KeyID>?

  /// What a request asks for.
  init(_ request: UsageRequest) {
    team = request.team
    filters = request.filters
    grouping = request.grouping
    members = filters.members.map(Set.init)
    keys = filters.keys.map(Set.init)
  }

  /// Parameters 1 to 11 of a report's statement: team, members, keys, models, qualities, sizes, and for each dimension
  /// whether it is grouped by.
  var parameters: [(any PostgresEncodable)?] {
    let filtered: [(any PostgresEncodable)?] = [
      team.uuid, filters.members?.map(\.uuid), filters.keys?.map(\.uuid), filters.models, filters.qualities,
      filters.sizes,
    ]
    return filtered + UsageDimension.allCases.map { grouping.contains($0) }
  }

  /// The group in which an edit counts; nil: it is not asked for.
  func group(of edit: EditLabels) -> UsageGroup? {
    let options = edit.options
    guard members?.contains(edit.member) ?? true, keys?.contains(edit.key) ?? true,
      filters.models?.contains(options.model) ?? true, filters.qualities?.contains(options.quality) ?? true,
      filters.sizes?.contains(options.size) ?? true
    else { return nil }
    return UsageGroup(
      member: grouping.contains(.member) ? edit.member : nil, key: grouping.contains(.key) ? edit.key : nil,
      model: grouping.contains(.model) ? options.model : nil,
      quality: grouping.contains(.quality) ? options.quality : nil,
      size: grouping.contains(.size) ? options.size : nil)
  }
}
