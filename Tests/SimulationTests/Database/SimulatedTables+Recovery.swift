import Ledger
import LedgerStore

/// What the store's statements of recovery read and write, each one a transaction of its own.
extension SimulatedTables {
  /// The row of a gateway's run.
  struct Instance {
    var leaseUntil: Timestamp
  }

  /// The row of a doubt.
  struct DoubtRow {
    var inDoubtAt: Timestamp
    var upstreamUUID: String?
    var askAt: Timestamp
    var asks = 0
  }

  /// False: the run's id is in use.
  mutating func beginInstance(_ run: InstanceID, until moment: Timestamp) -> Bool {
    guard instances[run] == nil else { return false }
    instances[run] = Instance(leaseUntil: moment)
    return true
  }

  /// False: the run is not known.
  mutating func renewInstance(_ run: InstanceID, until moment: Timestamp) -> Bool {
    guard let row = instances[run] else { return false }
    instances[run]?.leaseUntil = max(row.leaseUntil, moment)
    return true
  }

  mutating func endInstance(_ run: InstanceID, at moment: Timestamp) {
    guard let row = instances[run] else { return }
    instances[run]?.leaseUntil = min(row.leaseUntil, moment)
  }

  /// Teams and the sizes of their logs.
  var logSizes: [(team: TeamID, size: Int64)] {
    teams.map { ($0.key, $0.value.book.logSize) }.sorted { $0.0 < $1.0 }
  }

  /// What of a team is held and was opened by a line before `size`.
  func heldEdits(of team: TeamID, before size: Int64, now: Timestamp) -> [OpenEdit] {
    openEdits(of: team, now: now) { $0.openedIndex < size }
  }

  /// What was held in a stretch of time and still is, the oldest first.
  func heldEdits(from: Timestamp, to end: Timestamp, now: Timestamp, limit: Int) -> [OpenEdit] {
    let found = teams.keys.sorted().flatMap { openEdits(of: $0, now: now) { from <= $0.heldAt && $0.heldAt < end } }
    return Array(found.sorted { ($0.createdAt, $0.record) < ($1.createdAt, $1.record) }.prefix(limit))
  }

  /// Those of some edits that are still held.
  func stillHeld(_ names: [EditName], now: Timestamp) -> [OpenEdit] {
    names.flatMap { name in openEdits(of: name.team, now: now) { $0.id == name.record } }
  }

  private func openEdits(of id: TeamID, now: Timestamp, where isWanted: (RecordState) -> Bool) -> [OpenEdit] {
    guard let team = teams[id] else { return [] }
    return team.book.records.values.filter { $0.state == .held && isWanted($0) }.sorted { $0.id < $1.id }.map { state in
      OpenEdit(
        team: id, record: state.id, instance: state.instance, createdAt: state.heldAt, held: state.held,
        upstreamUUID: team.records[state.id]?.upstreamUUID,
        isOwnerAtWork: instances[state.instance].map { $0.leaseUntil > now } ?? false)
    }
  }

  /// Doubts that are due, the longest due first.
  func dueDoubts(now: Timestamp, limit: Int) -> [Doubt] {
    let due = doubts.filter { $0.value.askAt <= now }.sorted {
      ($0.value.askAt, $0.key.record) < ($1.value.askAt, $1.key.record)
    }
    return due.prefix(limit).compactMap { doubt($0.key, $0.value) }
  }

  /// Whether there are doubts that are not proven, which the upstream can be asked for, and of which it tells something.
  func hasDoubts(where isTold: (RecordID) -> Bool) -> Bool {
    doubts.contains { name, row in
      row.upstreamUUID != nil && isTold(name.record) && doubt(name, row)?.isProven == false
    }
  }

  /// Edits in doubt whose holds a run took.
  func doubts(of run: InstanceID, limit: Int) -> [Doubt] {
    let all = doubts.sorted { $0.key.record < $1.key.record }.compactMap { doubt($0.key, $0.value) }
    let ofRun = all.filter { $0.instance == run && $0.state == .inDoubt }.map { doubt in
      var doubt = doubt
      doubt.isProven = false
      return doubt
    }
    return Array(ofRun.prefix(limit))
  }

  /// False: somebody else has taken the doubt up, or it can be asked for since it was seen.
  mutating func postpone(_ doubt: Doubt, until moment: Timestamp) -> Bool {
    let name = EditName(team: doubt.team, record: doubt.record)
    guard let row = doubts[name], row.asks == doubt.asks, row.upstreamUUID == doubt.upstreamUUID else { return false }
    doubts[name]?.askAt = moment
    doubts[name]?.asks += 1
    return true
  }

  mutating func forget(_ doubt: Doubt) {
    let name = EditName(team: doubt.team, record: doubt.record)
    if doubts[name]?.upstreamUUID == doubt.upstreamUUID { doubts[name] = nil }
  }

  private func doubt(_ name: EditName, _ row: DoubtRow) -> Doubt? {
    guard let team = teams[name.team], let state = team.book.records[name.record] else { return nil }
    let cause = team.records[name.record]?.cause
    let isProven =
      state.evidenceIndex != nil || state.state == .settled && cause == SettleCause.delivered.rawValue
      || state.state == .released && cause != ReleaseCause.administrator.rawValue
    return Doubt(
      team: name.team, record: name.record, instance: state.instance, state: state.state, isProven: isProven,
      inDoubtAt: row.inDoubtAt, upstreamUUID: row.upstreamUUID, asks: row.asks,
      chargeAfterSeconds: team.book.team.inDoubtChargeAfterSeconds)
  }
}
