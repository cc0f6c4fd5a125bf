import Ledger
import Postgres
import TransparencyLog

/// A record that was there when its command came: a hold to resolve, a command's own earlier outcome, or what its
/// Idempotency-Key stands for.
struct LoadedRecord: Sendable {
  private var team: TeamID
  private var state: RecordState
  private var options: EditOptions
  private var rows: [(subject: BudgetSubject, start: Timestamp)]
  private var resolvedAt: Timestamp?
  private var leaf: Digest?
  private var refusalLine: [UInt8]?
  private var releaseCause: ReleaseCause?
  private var isErased: Bool

  /// Reads the columns of `LaneLoad.loadRecords`.
  init(_ row: inout RowReader) throws(PostgresError) {
    let team = try row.id(TeamID.self)
    self.team = team
    let id = try row.id(RecordID.self)
    let member = try row.id(MemberID.self)
    state = RecordState(
      id: id, member: member, key: try row.id(), instance: try row.id(), state: try row.word(), held: try row.credits(),
      charged: try row.credits(), credited: try row.credits(), n: Int(try row.next(Int16.self)),
      unitPrice: try row.credits(), priceVersion: try row.next(), budgets: [], openedIndex: try row.next(),
      resolvedIndex: try row.next(Int64?.self), heldAt: try row.time(), assumed: try row.next())
    let teamStart = try row.optionalTime()
    let memberStart = try row.optionalTime()
    let keySubject = try row.optionalID(KeyID.self)
    let keyStart = try row.optionalTime()
    rows = []
    if let teamStart { rows.append((.team(team), teamStart)) }
    if let memberStart { rows.append((.member(member), memberStart)) }
    if let keySubject, let keyStart { rows.append((.key(keySubject), keyStart)) }
    options = EditOptions(model: try row.next(), quality: try row.next(), size: try row.next())
    let cause = try row.next(String?.self)
    if state.state == .settled {
      guard let known = cause.flatMap(SettleCause.init) else {
        throw PostgresError(.decoding, outcome: .unknown, reason: "the cause of a charge is not known")
      }
      state.settleCause = known
    }
    releaseCause = state.state == .released ? cause.flatMap(ReleaseCause.init) : nil
    state.evidenceIndex = try row.next()
    resolvedAt = try row.optionalTime()
    leaf = try row.next(PostgresBytes?.self).flatMap { Digest(bytes: $0.bytes) }
    refusalLine = try row.next(PostgresBytes?.self)?.bytes
    isErased = try row.next()
  }

  /// Enters the record into its team's book, which must have the budget rows already.
  func enter(_ batch: inout LoadedBatch) throws(PostgresError) {
    guard let base = batch.teams[team]?.logBase else { return }
    var state = state
    // Of a log that was replaced no receipt is given by the new one.
    let isOld = state.countLines(from: base)
    let table = batch.teams[team]?.book.budgets ?? BudgetTable()
    state.budgets = rows.compactMap { row in table.rows(of: row.subject).first { $0.id.start == row.start }?.id }
    // A pruned line tells nothing any more: its edit is older than an Idempotency-Key is kept.
    if let refusalLine, !refusalLine.isEmpty {
      guard let (_, event) = try? Line.parse(refusalLine), case .refused(let refused) = event else {
        throw PostgresError(.decoding, outcome: .unknown, reason: "the line of a refusal cannot be read")
      }
      state.refusal = Refusal(refused)
    }
    batch.teams[team]?.book.records[state.id] = state
    batch.teams[team]?.options[state.id] = options
    batch.teams[team]?.releaseCauses[state.id] = releaseCause
    if isErased { batch.teams[team]?.erased.insert(state.id) }
    if !isOld, let leaf, let index = state.resolvedIndex, let resolvedAt, let origin = batch.teams[team]?.book.origin {
      batch.teams[team]?.positions[state.id] = LogPosition(log: origin, index: index, leaf: leaf, at: resolvedAt)
    }
  }
}
