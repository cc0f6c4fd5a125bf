import Gateway
import Ledger
import LedgerStore
import Synchronization
import TransparencyLog

/// The log of a ledger whose answers a test decides: lines by their index, and whether somebody signs.
extension StubLedger {
  func logState(of team: TeamID) async throws(StoreError) -> LogState {
    LogState(origin: "tally.local/\(team)", size: Int64(lines.count), peaks: peaks, lastAt: Fixtures.now)
  }

  func logHalt(of team: TeamID) async throws(StoreError) -> LogHalt? {
    answers.withLock { $0.halt }
  }

  func signedHead(
    of team: TeamID, covering size: Int64, within limit: Duration
  ) async throws(StoreError) -> LogHead? {
    guard let key = answers.withLock({ $0.headKey }) else { return nil }
    let state = try await logState(of: team)
    guard let note = try? Checkpoint(origin: state.origin, size: state.size, root: state.peaks.root).signed(by: key)
    else { return nil }
    return LogHead(
      team: team, origin: state.origin, size: state.size, root: state.peaks.root, note: note.bytes,
      signedAt: Fixtures.now)
  }

  func newestHead(of log: TeamLog) async throws(StoreError) -> LogHead? {
    answers.withLock { $0.oldHead }
  }

  func log(of team: TeamID, named origin: String?) async throws(StoreError) -> TeamLog {
    let log = TeamLog(team: team, state: try await logState(of: team))
    guard let origin, origin != log.origin else { return log }
    guard let old = answers.withLock({ $0.oldLog }), old.origin == origin else {
      throw StoreError(.invalid(field: "log", message: "names no log of this team"))
    }
    return old
  }

  func loggedLine(of log: TeamLog, at index: Int64) async throws(StoreError) -> LoggedLine? {
    guard index < log.size, lines.indices.contains(Int(index)) else { return nil }
    let line = lines[Int(index)]
    return LoggedLine(
      index: index, line: answers.withLock { $0.prunedBelow } > index ? [] : line, leaf: LeafHash.hash(line))
  }

  func proof(of line: LoggedLine, under head: LogHead, base: Int64?) async throws(StoreError) -> LogProof {
    var rows = TreeRows()
    var peaks = Peaks()
    do {
      for (index, line) in lines.enumerated() {
        let leaf = LeafHash.hash(line)
        try rows.add(index: Int64(index), leaf: leaf, nodes: peaks.append(leaf).flatMap(\.bytes))
      }
      let inclusion = try InclusionProof(index: line.index, size: head.size, from: rows.hash)
      let checkpoint = try SignedNote(bytes: head.note)
      return line.isPruned
        ? LogProof(inclusion: inclusion, checkpoint: checkpoint)
        : try LogProof(line: line.line, inclusion: inclusion, checkpoint: checkpoint)
    } catch {
      throw StoreError(.database)
    }
  }

  private var lines: [[UInt8]] { answers.withLock { $0.lines } }

  private var peaks: Peaks {
    var peaks = Peaks()
    for line in lines { peaks.add(LeafHash.hash(line)) }
    return peaks
  }
}
