import Ledger
import LedgerStore
import TransparencyLog

/// Checks after every commit, call and answer whatever can be checked then (docs/ledger.md, "What it promises"). It
/// keeps books of its own, made from the log's lines alone.
final class Auditor {
  /// What the lines of a record told.
  struct History {
    var team: TeamID
    var held: EditHeld?
    var refused: EditRefused?
    var settled: EditSettled?
    var released: EditReleased?
    var evidence: EditEvidence?
    /// When it was put in doubt.
    var inDoubtAt: Timestamp?
    var resolutions = 0
  }

  unowned let world: World
  /// What came under each Idempotency-Key.
  var claims: [ClaimID: ClaimHistory] = [:]
  /// The key of each edit that has one.
  var claimOfRecord: [RecordID: ClaimID] = [:]
  private var books: [TeamID: TeamBook] = [:]
  private var peaks: [TeamID: Peaks] = [:]
  private(set) var histories: [RecordID: History] = [:]
  /// Usage as the lines tell it.
  var usage: [TeamID: [UsageKey: UsageCounts]] = [:]
  /// Edits whose clients were told that nothing is held.
  var unheld: Set<RecordID> = []
  /// Runs whose notes were thrown away: nothing of theirs can be open.
  var finishedRuns: Set<InstanceID> = []

  init(world: World) {
    self.world = world
  }

  // MARK: Commits

  /// Before a commit: whoever writes a team's rows must have its lock.
  func willCommit(_ writes: LaneWrites, locked: [TeamID]) {
    let made = writes.newTeams.map(\.team.id)
    for team in writes.teams.keys where !locked.contains(team) && !made.contains(team) {
      world.violate("team \(team.short) is written without its lock")
    }
  }

  /// After a commit: the new lines must follow from the old ones, and the rows from the lines.
  func didCommit(_ writes: LaneWrites) {
    for id in writes.teams.keys.sorted() { check(id) }
  }

  private func check(_ id: TeamID) {
    guard let team = world.database.tables.teams[id] else { return }
    replay(team, id)
    guard let book = books[id] else { return }
    if team.book.team.isHalted { world.violate("team \(id.short) is halted") }
    if book != team.book {
      world.violate("the state of team \(id.short) is not what its lines tell: \(Self.difference(team.book, book))")
    }
    if team.peaks != peaks[id] { world.violate("the peaks of team \(id.short) are not those of its lines") }
    for violation in team.book.checkInvariants() { world.violate("\(violation)") }
  }

  private func replay(_ team: SimulatedTeam, _ id: TeamID) {
    do {
      for line in team.lines.dropFirst(Int(books[id]?.logSize ?? 0)) {
        if books[id] == nil { books[id] = try TeamBook(firstLine: line) } else { try take(line, id) }
        _ = peaks[id, default: Peaks()].append(LeafHash.hash(line))
      }
    } catch {
      world.violate("the log of team \(id.short) is no history: \(error)")
    }
  }

  private func take(_ line: [UInt8], _ id: TeamID) throws(ReplayError) {
    guard let (header, event) = try books[id]?.replay(line) else { return }
    if world.trace != nil { world.log("line", "\(id.short) \(header.index) \(event)".prefix(160).description) }
    checkTime(of: header)
    guard let record = event.record else { return }
    var history = histories[record] ?? History(team: id)
    switch event {
    case .held(let held):
      history.held = held
      if unheld.contains(record) {
        world.violate("\(record.short) is held although its client was told that it is not")
      }
      for row in held.budgets {
        if let limit = row.limit, row.usedAfter.value + row.heldAfter.value > limit.value {
          world.violate("the hold of \(record.short) exceeds \(row.id)")
        }
        if header.at < row.id.start || row.end.map({ $0 <= header.at }) ?? false {
          world.violate("the hold of \(record.short) is taken from another period: \(row.id)")
        }
      }
      checkRun(of: held)
    case .refused(let refused): history.refused = refused
    case .settled(let settled):
      history.settled = settled
      history.resolutions += 1
      if settled.assumed { checkAssumption(of: record, history, at: header.at) }
    case .released(let released):
      history.released = released
      history.resolutions += 1
      check(released)
    case .inDoubt: history.inDoubtAt = header.at
    case .evidence(let evidence): history.evidence = evidence
    default: break
    }
    if history.resolutions > 1 { world.violate("\(record.short) is resolved twice") }
    if history.refused != nil, history.held != nil { world.violate("\(record.short) is held and refused") }
    histories[record] = history
    countUsage(event, history, at: header.at)
  }

  private func check(_ released: EditReleased) {
    guard released.cause != .administrator, let call = world.upstream.calls[released.record], call.hasWorked else {
      return
    }
    world.violate("\(released.record.short) is released (\(released.cause)) although the upstream did the work")
  }

  private static func difference(_ left: TeamBook, _ right: TeamBook) -> String {
    if left.team != right.team { return "the team" }
    if left.logSize != right.logSize || left.lastAt != right.lastAt { return "the log's size or time" }
    if left.members != right.members { return "members" }
    if left.keys != right.keys { return "keys" }
    if left.budgets != right.budgets { return "budgets" }
    for id in Set(left.records.keys).union(right.records.keys).sorted() where left.records[id] != right.records[id] {
      return "record \(String(describing: left.records[id])) against \(String(describing: right.records[id]))"
    }
    return "its origin"
  }
}
