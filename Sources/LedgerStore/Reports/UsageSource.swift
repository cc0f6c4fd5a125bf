import Ledger
import Postgres

/// Where rollups are read from: a table, and the dimensions that its rows tell apart.
package enum UsageSource: CaseIterable, Sendable, Hashable {
  /// Quarters of an hour.
  case quarters
  /// Days and months by every dimension.
  case sums
  /// Days and months by member and key.
  case sumsByKey
  /// Days and months by what has a price of its own.
  case sumsByProduct

  /// What its rows tell apart, in the order of its columns.
  package var dimensions: [UsageDimension] {
    switch self {
    case .quarters, .sums: UsageDimension.allCases
    case .sumsByKey: [.member, .key]
    case .sumsByProduct: [.model, .quality, .size]
    }
  }

  /// The sums of days and months with the fewest rows that tell these dimensions apart. Products are fewer than keys.
  package static func sums(of dimensions: Set<UsageDimension>) -> UsageSource {
    [.sumsByProduct, .sumsByKey].first { dimensions.isSubset(of: $0.dimensions) } ?? .sums
  }

  /// What reads its rows as they are stored.
  var rows: Statement<UsageRows> {
    switch self {
    case .quarters: .rowsOfQuarters
    case .sums: .rowsOfSums
    case .sumsByKey: .rowsOfKeySums
    case .sumsByProduct: .rowsOfProductSums
    }
  }

  /// What adds them up to groups.
  var groups: Statement<UsageRows> {
    switch self {
    case .quarters: .groupsOfQuarters
    case .sums: .groupsOfSums
    case .sumsByKey: .groupsOfKeySums
    case .sumsByProduct: .groupsOfProductSums
    }
  }
}
