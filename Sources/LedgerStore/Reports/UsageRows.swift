import Ledger
import Postgres

/// What one level of rollups has for a report: rows of a group in a bucket, of which there may be several of the same. Who is in a
/// group is kept once, since each stands in very many rows.
struct UsageRows: Sendable {
  /// The groups.
  private(set) var groups: [UsageGroup] = []
  /// For each row the position of its group.
  private(set) var places: [Int32] = []
  /// For each row the position of its bucket in the request.
  private(set) var buckets: [Int64]
  private var counts: [Int64]

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

  /// Reads the bucket, then rows of `PackedSums`. Members and keys are told apart.
  init(packed columns: borrowing ColumnReader) throws(PostgresError) {
    let spans = try columns.integers(0..<1)
    (buckets, counts) = ([], [])
    var known: [PackedLabels: Int32] = [:]
    var rows = self
    try columns.forEachBytes(1) { (span, bytes) throws(PostgresError) in
      guard bytes.count % PackedSums.rowBytes == 0 else {
        throw PostgresError(.decoding, outcome: .unknown, reason: "part of a packed row")
      }
      for row in stride(from: 0, to: bytes.count, by: PackedSums.rowBytes) {
        let labels = PackedLabels(bytes, at: row)
        let place = known[labels] ?? Int32(rows.groups.count)
        if place == rows.groups.count {
          rows.groups.append(labels.group)
          known[labels] = place
        }
        rows.places.append(place)
        rows.buckets.append(spans[span])
        for number in 0..<Self.width {
          rows.counts.append(
            Int64(bigEndian: bytes.loadUnaligned(fromByteOffset: row + PackedLabels.bytes + 8 * number, as: Int64.self))
          )
        }
      }
    }
    self = rows
  }

  /// Tells apart nothing but these dimensions any more. Then a group may be there more than once.
  mutating func keep(_ dimensions: Set<UsageDimension>) {
    for place in groups.indices {
      if !dimensions.contains(.member) { groups[place].member = nil }
      if !dimensions.contains(.key) { groups[place].key = nil }
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

/// Member and key of a packed row, as they stand there.
private struct PackedLabels: Hashable {
  static let bytes = 32

  private let member: (high: UInt64, low: UInt64)
  private let key: (high: UInt64, low: UInt64)

  init(_ bytes: UnsafeRawBufferPointer, at start: Int) {
    func word(_ number: Int) -> UInt64 {
      UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: start + 8 * number, as: UInt64.self))
    }
    member = (word(0), word(1))
    key = (word(2), word(3))
  }

  var group: UsageGroup {
    UsageGroup(
      member: MemberID(bits: UInt128(member.high) << 64 | UInt128(member.low)),
      key: KeyID(bits: UInt128(key.high) << 64 | UInt128(key.low)))
  }

  static func == (one: Self, other: Self) -> Bool { one.key == other.key && one.member == other.member }

  // A key has one member.
  func hash(into hasher: inout Hasher) {
    hasher.combine(key.high)
    hasher.combine(key.low)
  }
}
