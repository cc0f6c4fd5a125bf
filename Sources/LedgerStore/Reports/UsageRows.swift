import Ledger
import Postgres

/// What one level of rollups has for a report: rows of a group in a bucket, of which there may be several of the same. Who is in a
/// group is kept once, since each stands in very many rows.
struct UsageRows: Sendable {
  /// The groups, each once.
  private(set) var groups: [UsageGroup] = []
  /// For each row the position of its group.
  private(set) var places: [Int32] = []
  /// For each row the position of its bucket in the request.
  let buckets: [Int64]
  private let counts: [Int64]

  /// Numbers of one row: settled, released, refused, images, charged, credited.
  private static let width = 6

  /// Reads the bucket, then these dimensions, of which those that are not grouped by are null, then the six counts.
  init(_ columns: borrowing ColumnReader, _ dimensions: [UsageDimension]) throws(PostgresError) {
    buckets = try columns.integers(0..<1)
    counts = try columns.integers(dimensions.count + 1..<dimensions.count + 1 + Self.width)
    for (position, dimension) in dimensions.enumerated() where !columns.isNull(position + 1) {
      try tellApart(columns, position + 1, dimension)
    }
    if groups.isEmpty, !buckets.isEmpty {
      groups = [UsageGroup()]
      places = Array(repeating: 0, count: buckets.count)
    }
  }

  /// The counts of a row.
  func counts(at row: Int) -> UsageCounts {
    let first = row * Self.width
    return UsageCounts(
      settled: counts[first], released: counts[first + 1], refused: counts[first + 2], images: counts[first + 3],
      charged: counts[first + 4], credited: counts[first + 5])
  }

  private mutating func tellApart(
    _ columns: borrowing ColumnReader, _ column: Int, _ dimension: UsageDimension
  ) throws(PostgresError) {
    switch dimension {
    case .member: tellApart(try columns.ids(column)) { $0.member = MemberID($1) }
    case .key: tellApart(try columns.ids(column)) { $0.key = KeyID($1) }
    case .model: tellApart(try columns.texts(column)) { $0.model = $1 }
    case .quality: tellApart(try columns.texts(column)) { $0.quality = $1 }
    case .size: tellApart(try columns.texts(column)) { $0.size = $1 }
    }
  }

  /// Tells the groups so far apart by one more dimension.
  private mutating func tellApart<Value>(
    _ column: ColumnReader.Repeated<Value>, _ set: (inout UsageGroup, Value) -> Void
  ) {
    if groups.isEmpty {
      places = column.places
      groups = column.values.map { value in
        var group = UsageGroup()
        set(&group, value)
        return group
      }
      return
    }
    let coarse = groups
    groups = []
    var known: [Int64: Int32] = [:]
    for row in places.indices {
      // Two positions as one number.
      let pair = Int64(places[row]) << 32 | Int64(column.places[row])
      let place = known[pair] ?? Int32(groups.count)
      if place == groups.count {
        var group = coarse[Int(places[row])]
        set(&group, column.values[Int(column.places[row])])
        groups.append(group)
        known[pair] = place
      }
      places[row] = place
    }
  }
}
