package import Ledger
import Postgres
import TransparencyLog

extension LedgerStore {
  /// The most records of one page, as in the surfaces (docs/http.md).
  package static let recordsPerPageMaximum = 100

  /// Log lines that a listing looks through at first. Two of three lines are an edit's, so this fills a page of a team
  /// whose filter lets most records through.
  private static let firstWindow: Int64 = 512
  /// Log lines that one transaction of a listing looks through at most: some tens of milliseconds.
  private static let widestWindow: Int64 = 65_536

  /// A page of a team's records, the newest first: where an edit's hold stands in the log decides.
  ///
  /// A filter that lets few records through is looked for in windows of the log, each a short transaction, so that no
  /// index is needed for what nobody pays for at every edit.
  /// - Parameter member: only this member's records, whatever the filter says; nil: everybody's.
  /// - Throws: `invalid` for a limit out of range, or an `after` that is no record of the team; `notFound`;
  ///   `unavailable`.
  package func records(of team: TeamID, _ filter: RecordFilter, member: MemberID?) async throws(StoreError)
    -> Page<StoredRecord>
  {
    guard (1...Self.recordsPerPageMaximum).contains(filter.limit) else {
      throw StoreError(.invalid(field: "limit", message: "must lie between 1 and \(Self.recordsPerPageMaximum)"))
    }
    let nothing = Page<StoredRecord>(elements: [], hasMore: false)
    if let user = filter.userID, !Self.isStorable(user) { return nothing }
    let starts = try await rows(.listingStart, team.uuid, filter.after?.uuid, filter.userID, of: team)
    guard let start = starts.first else { throw StoreError(.notFound("the team")) }
    var end = start.end
    if filter.after != nil {
      guard let last = start.holdIndexOfLast else {
        throw StoreError(.invalid(field: "after", message: "must be a record of the page before"))
      }
      end = last
    }
    var wanted = member
    if filter.userID != nil {
      guard let named = start.member, member == nil || member == named else { return nothing }
      wanted = named
    }
    // One more than is shown tells whether there are more.
    let found = try await newestRecords(of: team, below: end, count: filter.limit + 1, filter.states, wanted)
    return Page(elements: Array(found.prefix(filter.limit)), hasMore: found.count > filter.limit)
  }

  private func newestRecords(
    of team: TeamID, below end: Int64, count: Int, _ states: Set<EditState>?, _ member: MemberID?
  ) async throws(StoreError) -> [StoredRecord] {
    let words = states.map { $0.map(\.rawValue).sorted() }
    var found: [StoredRecord] = []
    var end = end
    var window = Self.firstWindow
    while found.count < count, end > 0 {
      let first = max(0, end - window)
      found += try await rows(
        .recordsBetween, team.uuid, first, end, member?.uuid, words, Int64(count - found.count), of: team)
      end = first
      window = min(window * 4, Self.widestWindow)
    }
    return found
  }

  /// One record of a team; nil also for another team's.
  /// - Throws: `unavailable`.
  package func record(_ id: RecordID, of team: TeamID) async throws(StoreError) -> StoredRecord? {
    try await rows(.recordByID, team.uuid, id.uuid, of: team).first
  }

  /// One record of any team. For the operator.
  /// - Throws: `unavailable`.
  package func record(_ id: RecordID) async throws(StoreError) -> StoredRecord? {
    guard let team = try await operatorRows(.teamOfRecord, id.uuid).first else { return nil }
    return try await record(id, of: team)
  }

  /// Where the line stands that settled or released a record; nil while it is open, and for a refused one.
  /// - Throws: `unavailable`.
  package func recordPosition(of record: StoredRecord) async throws(StoreError) -> LogPosition? {
    guard let index = record.resolveIndex, let at = record.resolvedAt else { return nil }
    return try await rows(.logPosition, record.team.uuid, index, at.timestamptz, of: record.team).first
  }
}

extension RowReader {
  /// Reads a bytea column that holds a hash of the log's tree.
  mutating func digest() throws(PostgresError) -> Digest {
    guard let digest = Digest(bytes: try next(PostgresBytes.self).bytes) else {
      throw PostgresError(.decoding, outcome: .unknown, reason: "a hash that does not have 32 bytes")
    }
    return digest
  }
}
