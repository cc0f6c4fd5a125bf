import Ledger
import TransparencyLog

/// Replays a team's log line by line: the tree, the private payloads, and the book that the lines make.
///
/// The book keeps only open holds: whoever reads on takes resolved records out (`forgetResolved`), so that a log of any
/// length is replayed within the memory of its team's budgets and open holds.
struct LogCheck: Sendable {
  private let team: TeamID
  private let start: CheckStart
  private(set) var book: TeamBook?
  private(set) var peaks = Peaks()
  /// Time of the first line.
  private(set) var createdAt: Timestamp?
  /// A line could not be taken into the book: nothing behind it can be judged.
  private(set) var isBroken = false
  /// A leaf does not fit its line. Either may be the wrong one, so the nodes above are not judged: one fault, one
  /// violation.
  private var isTreeBroken = false

  /// A log of `team` of which nothing has been read, and which is replayed from `start` on.
  init(team: TeamID, start: CheckStart = .beginning) {
    self.team = team
    self.start = start
    book = start.book
  }

  /// Index of the next line.
  var nextIndex: Int64 { peaks.size }

  /// Whether the peaks can be compared with the stored ones.
  var canJudgePeaks: Bool { !isTreeBroken && !isBroken }

  /// Takes in the next line.
  /// - Returns: what it tells; nil when the log is broken there.
  mutating func take(_ row: CheckedLine, _ violations: inout ViolationList) -> (LineHeader, Event)? {
    guard !isBroken else { return nil }
    guard row.index == nextIndex else {
      isBroken = true
      violations.add(.logHasNoGap, "log_line \(nextIndex)", "the line is missing; the next one is \(row.index)")
      return nil
    }
    checkTree(row, &violations)
    let header: LineHeader
    let event: Event
    do {
      (header, event) = try replay(row.line)
    } catch {
      isBroken = true
      violations.add(Invariant(error), "log_line \(row.index)", error.description)
      return nil
    }
    return (header, event)
  }

  /// Takes in a pruned line: only the tree tells of it. What was not blanked still has to fit its leaf.
  mutating func takePruned(_ row: CheckedLine, _ violations: inout ViolationList) {
    guard !isBroken else { return }
    guard row.index == nextIndex else {
      isBroken = true
      violations.add(.logHasNoGap, "log_line \(nextIndex)", "the line is missing; the next one is \(row.index)")
      return
    }
    if row.line.isEmpty, let leaf = Digest(bytes: row.leaf) {
      checkNodes(row, leaf, &violations)
    } else {
      checkTree(row, &violations)
    }
  }

  /// Notes that the log ends before `size`.
  mutating func end(at size: Int64, _ violations: inout ViolationList) {
    guard !isBroken, nextIndex < size else { return }
    isBroken = true
    violations.add(
      .logHasNoGap, "log_line \(nextIndex)", "the line is missing; the team's row says that there are \(size)")
  }

  /// Puts a resolved record back into the book, for a line that credits it.
  mutating func remember(_ record: RecordState) {
    if book?.records[record.id] == nil { book?.records[record.id] = record }
  }

  /// Takes resolved and refused records out of the book.
  mutating func forgetResolved() {
    guard let records = book?.records else { return }
    book?.records = records.filter(\.value.state.isOpen)
  }

  private mutating func checkTree(_ row: CheckedLine, _ violations: inout ViolationList) {
    let leaf = LeafHash.hash(row.line)
    if leaf.bytes != row.leaf {
      isTreeBroken = true
      violations.add(.leafIsHashOfLine, "log_line \(row.index)", "line and leaf do not fit each other")
    }
    checkNodes(row, leaf, &violations)
  }

  private mutating func checkNodes(_ row: CheckedLine, _ leaf: Digest, _ violations: inout ViolationList) {
    let completed = peaks.append(leaf)
    if !isTreeBroken, completed.flatMap(\.bytes) != row.nodes {
      violations.add(.nodesFollowFromLeaves, "log_line \(row.index)", "the nodes are not those that the leaves make")
    }
  }

  private mutating func replay(_ line: [UInt8]) throws(ReplayError) -> (LineHeader, Event) {
    if let told = try book?.replay(line) {
      createdAt = createdAt ?? told.0.at
      return told
    }
    let first = try TeamBook(firstLine: line)
    guard first.team.id == team, let (header, event) = try? Line.parse(line) else {
      throw ReplayError(index: 0, .otherLog)
    }
    book = first
    createdAt = header.at
    return (header, event)
  }
}

extension Invariant {
  /// Which invariant a line breaks that cannot be replayed.
  init(_ error: ReplayError) {
    self =
      switch error.reason {
      case .line: .lineIsCanonical
      case .otherLog: .lineBelongsToItsLog
      case .otherIndex: .logHasNoGap
      case .timeWentBack: .timeNeverGoesBack
      case .noTeam: .lineFollowsFromTheBook
      case .event(let error): Invariant(error)
      }
  }

  private init(_ error: LedgerError) {
    self =
      switch error {
      // A resolved record is not in the book any more, or it is and says so.
      case .unknownHold: .editIsResolvedOnce
      case .contradiction(let contradiction): Invariant(contradiction)
      default: .lineFollowsFromTheBook
      }
  }

  private init(_ contradiction: Contradiction) {
    self =
      switch (contradiction.subject, contradiction.field) {
      case (.budget, "limit"): .holdFitsItsBudgets
      case (.record, "state"): .editIsResolvedOnce
      default: .lineFollowsFromTheBook
      }
  }
}
