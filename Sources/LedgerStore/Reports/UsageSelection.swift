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

  /// Every dimension that the answer depends on: grouped by, or filtered by.
  var dimensions: Set<UsageDimension> {
    let filtered: [(UsageDimension, Bool)] = [
      (.member, filters.members != nil), (.key, filters.keys != nil), (.model, filters.models != nil),
      (.quality, filters.qualities != nil), (.size, filters.sizes != nil),
    ]
    return grouping.union(filtered.filter(\.1).map(\.0))
  }

  /// Whether no member or key is left out.
  var isOfEverybody: Bool { members == nil && keys == nil }

  /// Rows that tell apart nothing but what is grouped by.
  func narrowed(_ rows: UsageRows) -> UsageRows {
    var rows = rows
    rows.keep(grouping)
    return rows
  }

  /// The first parameters of a statement that reads a table with these dimensions: the team, what each is filtered by, and
  /// for each whether it is grouped by.
  func parameters(of dimensions: [UsageDimension]) -> [(any PostgresEncodable)?] {
    [team.uuid] + dimensions.map(filter) + dimensions.map { grouping.contains($0) }
  }

  private func filter(_ dimension: UsageDimension) -> (any PostgresEncodable)? {
    switch dimension {
    case .member: filters.members?.map(\.uuid)
    case .key: filters.keys?.map(\.uuid)
    case .model: filters.models
    case .quality: filters.qualities
    case .size: filters.sizes
    }
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
