package import LedgerStore

/// What a report can be grouped by, under the name that it has in the query and in a result (docs/reports.md).
package enum ReportDimension: String, Sendable, Hashable, CaseIterable {
  /// The team: a project of the API that the reports follow.
  case project = "project_id"
  /// The member, by the team's own user id.
  case user = "user_id"
  /// The API key.
  case key = "api_key_id"
  /// The model.
  case model
  /// The size of the images.
  case size
  /// Where images come from: all of them are edits.
  case source
  /// The quality of the images.
  case quality
  /// Model, quality and size together: what has a price of its own.
  case lineItem = "line_item"

  /// The only source that there is.
  package static let onlySource = "image.edit"
  /// The sources of the API that the reports follow.
  static let sources = ["image.generation", "image.edit", "image.variation"]

  /// What the ledger is to group by for it.
  package var usage: Set<UsageDimension> {
    switch self {
    case .project, .source: []
    case .user: [.member]
    case .key: [.key]
    case .model: [.model]
    case .size: [.size]
    case .quality: [.quality]
    case .lineItem: [.model, .quality, .size]
    }
  }
}
