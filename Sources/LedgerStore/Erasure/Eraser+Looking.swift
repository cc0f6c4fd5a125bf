import Ledger
import Postgres

// What an erasure finds in a window of the log. Nothing is locked: lines never change, and who sent an edit neither.

extension Eraser {
  /// The keys of the member that is erased; none for another target.
  func keys(of target: PrivateErased.Target) async throws(StoreError) -> Set<KeyID> {
    guard case .member(let member) = target else { return [] }
    return Set(try await rows(.keysOfMember, team.uuid, member.uuid))
  }

  /// What of `target` stands in lines from `first` up to `end`.
  func look(
    for target: PrivateErased.Target, _ keys: Set<KeyID>, from first: Int64, to end: Int64
  ) async throws(StoreError) -> ErasureBatch {
    switch target {
    case .lines: try await lookForLines(from: first, to: end)
    case .records(let records): try await look(for: Set(records), from: first, to: end)
    case .member(let member): try await look(for: member, keys, from: first, to: end)
    }
  }

  private func lookForLines(from first: Int64, to end: Int64) async throws(StoreError) -> ErasureBatch {
    var pipeline = Pipeline()
    let lines = pipeline.append(
      .linesToBlank, team.uuid, first, end, LedgerStore.idempotencyKeptAtLeast.components.seconds)
    let payloads = pipeline.append(.payloadsBetween, team.uuid, first, end)
    let results = try await pool.run(pipeline, timeout: RequestScope.timeout)
    return ErasureBatch(
      team: team, payloads: try results.decoded(payloads), lines: try results.decoded(lines))
  }

  private func look(
    for records: Set<RecordID>, from first: Int64, to end: Int64
  ) async throws(StoreError) -> ErasureBatch {
    let lines = try await rows(.linesBetween, team.uuid, first, end)
    let opened = try await rows(.recordsOpened, team.uuid, first, end, nil as PostgresUUID?)
    let told = lines.filter { line in line.event.record.map { records.contains($0) } ?? false }
    return ErasureBatch(
      team: team, payloads: told.map(\.place), records: opened.filter { records.contains($0) })
  }

  private func look(
    for member: MemberID, _ keys: Set<KeyID>, from first: Int64, to end: Int64
  ) async throws(StoreError) -> ErasureBatch {
    let lines = try await rows(.linesBetween, team.uuid, first, end)
    let opened = try await rows(.recordsOpened, team.uuid, first, end, member.uuid)
    let told = Set(lines.compactMap(\.event.record)).subtracting(opened)
    let owners = try await rows(.recordOwners, team.uuid, told.map(\.uuid))
    var theirs = Set(opened).union(owners.filter { $0.member == member }.map(\.record))
    theirs.formUnion(try await removedRecords(of: member, told.subtracting(owners.map(\.record)), lines))
    let covered = lines.filter { line in
      let isTheirs = line.event.record.map { theirs.contains($0) } ?? false
      let members = line.event.membersTold(
        by: line.header.actor, editOf: isTheirs ? member : nil, owner: { keys.contains($0) ? member : nil })
      return members.contains(member)
    }
    return ErasureBatch(team: team, payloads: covered.map(\.place), records: opened)
  }

  /// Those of records that are not there any more that a member sent, by the lines that held them.
  private func removedRecords(
    of member: MemberID, _ records: Set<RecordID>, _ lines: [ErasedLine]
  ) async throws(StoreError) -> Set<RecordID> {
    guard !records.isEmpty else { return [] }
    var theirs: Set<RecordID> = []
    var places: Set<Int64> = []
    for line in lines {
      guard let record = line.event.record, records.contains(record) else { continue }
      if line.event.membersTold(by: .system, editOf: nil, owner: { _ in nil }).contains(member) {
        theirs.insert(record)
      }
      // The place of its log's first line, and from there on the hold's.
      if let hold = line.event.holdIndex { places.insert(line.place - line.header.index + hold) }
    }
    for first in try await rows(.linesAtPlaces, team.uuid, places.sorted()) {
      guard case .held(let held) = first.event, held.member == member else { continue }
      theirs.insert(held.record)
    }
    return theirs.intersection(records)
  }
}

extension Event {
  /// The index of the line that held the edit which it tells of; nil: it is that line, or tells of none.
  fileprivate var holdIndex: Int64? {
    switch self {
    case .settled(let event): event.hold
    case .released(let event): event.hold
    case .inDoubt(let event): event.hold
    case .credited(let event): event.hold
    case .evidence(let event): event.hold
    default: nil
    }
  }
}

/// A line that an erasure looks at.
struct ErasedLine: Sendable {
  var place: Int64
  var header: LineHeader
  var event: Event
}

extension Statement where Row == ErasedLine {
  /// Lines of a team that are not pruned: places from, to (exclusive).
  static let linesBetween = Statement(
    "lines between",
    """
    SELECT index, line FROM tally.log_line
     WHERE team_id = $1 AND index >= $2 AND index < $3 AND line <> ''
     ORDER BY index
    """, row: erasedLine)

  /// Those at some places: team, places.
  static let linesAtPlaces = Statement(
    "lines at places",
    """
    SELECT index, line FROM tally.log_line
     WHERE team_id = $1 AND index = ANY($2::bigint[]) AND line <> ''
     ORDER BY index
    """, row: erasedLine)

  private static let erasedLine: @Sendable (inout RowReader) throws(PostgresError) -> ErasedLine = {
    (row) throws(PostgresError) in
    let place = try row.next(Int64.self)
    guard let (header, event) = try? Line.parse(try row.next(PostgresBytes.self).bytes) else {
      throw PostgresError(.decoding, outcome: .unknown, reason: "a line that cannot be read")
    }
    return ErasedLine(place: place, header: header, event: event)
  }
}

extension Statement where Row == Int64 {
  /// Lines that pruning blanks: team, from, to (exclusive), for how many seconds the lines of refusals are kept, which
  /// retries are answered from.
  static let linesToBlank = Statement(
    "lines to blank",
    """
    SELECT l.index
      FROM tally.log_line AS l
     WHERE l.team_id = $1 AND l.index >= $2 AND l.index < $3 AND l.line <> ''
       AND NOT EXISTS (SELECT
                         FROM tally.record AS r
                        WHERE r.team_id = $1 AND r.hold_index = l.index AND r.hold_index >= $2 AND r.hold_index < $3
                          AND r.state = 'refused' AND r.created_at > now() - make_interval(secs => $4::bigint))
     ORDER BY l.index
    """
  ) { (row) throws(PostgresError) in try row.next() }

  /// Lines that have a payload: team, from, to (exclusive).
  static let payloadsBetween = Statement(
    "payloads between",
    "SELECT index FROM tally.log_private WHERE team_id = $1 AND index >= $2 AND index < $3 ORDER BY index"
  ) { (row) throws(PostgresError) in try row.next() }
}

extension Statement where Row == RecordID {
  /// Records whose holds or refusals stand in a range of a log: team, from, to (exclusive), member (null: all).
  static let recordsOpened = Statement(
    "records opened",
    """
    SELECT record_id FROM tally.record
     WHERE team_id = $1 AND hold_index >= $2 AND hold_index < $3 AND ($4::uuid IS NULL OR member_id = $4)
    """
  ) { (row) throws(PostgresError) in try row.id() }
}

extension Statement where Row == KeyID {
  /// All keys of a member.
  static let keysOfMember = Statement(
    "keys of member", "SELECT key_id FROM tally.api_key WHERE team_id = $1 AND member_id = $2"
  ) { (row) throws(PostgresError) in try row.id() }
}

/// An asset that an erasure looks at.
struct AssetName: Sendable {
  var storageKey: String
  var member: MemberID
}

extension Statement where Row == AssetName {
  /// Assets of a team in the order of their keys: behind this one, at most so many.
  static let assetsAfter = Statement(
    "assets after",
    """
    SELECT storage_key, member_id FROM tally.asset
     WHERE team_id = $1 AND storage_key > $2 ORDER BY storage_key LIMIT $3
    """
  ) { (row) throws(PostgresError) in AssetName(storageKey: try row.next(), member: try row.id()) }
}
