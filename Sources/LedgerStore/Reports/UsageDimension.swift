package import Ledger

/// What usage can be grouped by, and filtered by.
package enum UsageDimension: String, CaseIterable, Hashable, Sendable {
  case member, key, model, quality, size
}

/// Which usage is asked for; nil: whatever there is, an empty list finds nothing.
package struct UsageFilters: Hashable, Sendable {
  package var members: [MemberID]?
  package var keys: [KeyID]?
  package var models: [String]?
  package var qualities: [String]?
  package var sizes: [String]?

  /// Filters; without any, all usage is asked for.
  package init(
    members: [MemberID]? = nil, keys: [KeyID]? = nil, models: [String]? = nil, qualities: [String]? = nil,
    sizes: [String]? = nil
  ) {
    self.members = members
    self.keys = keys
    self.models = models
    self.qualities = qualities
    self.sizes = sizes
  }
}

/// One group of a report: the value of each dimension that it is grouped by, nil for the others.
package struct UsageGroup: Hashable, Sendable {
  package var member: MemberID?
  package var key: KeyID?
  package var model: String?
  package var quality: String?
  package var size: String?

  /// A group; without any value, all usage is in it.
  package init(
    member: MemberID? = nil, key: KeyID? = nil, model: String? = nil, quality: String? = nil, size: String? = nil
  ) {
    self.member = member
    self.key = key
    self.model = model
    self.quality = quality
    self.size = size
  }

  /// Hashes what is told apart alone: in most groups one or two values are, and a report hashes each of its rows.
  package func hash(into hasher: inout Hasher) {
    if let member { hasher.combine(member) }
    if let key { hasher.combine(key) }
    if let model { hasher.combine(model) }
    if let quality { hasher.combine(quality) }
    if let size { hasher.combine(size) }
  }
}
