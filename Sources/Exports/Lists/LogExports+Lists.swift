package import Audit
import Ledger
import LedgerStore
package import TransparencyLog

/// What is no bundle: the lines alone, one table, or single lines with their proofs.
extension LogExports {
  /// Writes the lines, a line feed behind each: the stored bytes from `first` on.
  /// - Parameters:
  ///   - plan: what it holds.
  ///   - kept: takes the lines through the root that a cut export has already, from the plan's first on, and answers how
  ///     many there are.
  ///   - write: takes some bytes, with the index behind the last line that is in them.
  /// - Throws: `StoreError`; what `kept` and `write` throw; `ExportFailure.damaged` behind the last line where the lines are
  ///   not those that the log's tree was made of.
  package func writeLines(
    _ plan: ExportPlan, after kept: (inout StreamingRoot) throws -> Int64 = { _ in 0 },
    _ write: ([UInt8], _ next: Int64) async throws -> Void
  ) async throws {
    var root = StreamingRoot(peaks: try await peaks(of: plan.source, at: plan.from))
    let range = plan.source.range(from: plan.from + (try kept(&root)), to: plan.to)
    try await store.readLines(range, pace: pace) { chunk in
      chunk.forEachLine { _, line in line.withUnsafeBytes { _ = root.append(line: $0) } }
      try await write(chunk.text, chunk.end)
    }
    try await requireTied(root.root, at: plan.to, of: plan.source, from: plan.from)
  }

  /// Writes a table: its heading and the rows of the lines that were asked for. The lines before them, back to the one
  /// where a book is known, are read too, so that each row says what it would say in a bundle that begins there.
  /// - Throws: `StoreError`, `BundleFault`; what `write` throws; `ExportFailure.damaged` in front of the row where the books
  ///   do not balance, or behind the last one where the lines are not those that the log's tree was made of.
  package func writeTable(
    _ table: RangeReplay.Table, _ plan: ExportPlan, _ write: ([UInt8], _ next: Int64) async throws -> Void
  ) async throws {
    try await write(RangeReplay.heading(of: table), plan.start)
    let earlier = GivenLines()
    let replay = try RangeReplay(
      log: plan.log, team: plan.request.team, peaks: try await peaks(of: plan.source, at: plan.start),
      state: plan.state, earlier: earlier, table: table, wanted: plan.from)
    try await self.replay(replay, earlier, plan.source, from: plan.start, to: plan.to) { next in
      try requireSound(replay)
      try await write(replay.takeRows(), next)
    }
    try await requireTied(replay.root, at: plan.to, of: plan.source, from: plan.start)
  }

  /// Takes lines through a replay; `done` is told how far it is.
  func replay(
    _ replay: RangeReplay, _ earlier: GivenLines, _ log: TeamLog, from: Int64, to: Int64,
    _ done: (Int64) async throws -> Void
  ) async throws {
    try await store.readLines(log.range(from: from, to: to), pace: pace) { chunk in
      try await bring(chunk, from: from, to: earlier, log)
      try chunk.forEachLine { _, line in try replay.append(line) }
      try await done(chunk.end)
    }
  }

  /// Writes the lines that pass the plan's filters, one JSON object a line: `index`, `line` as it is stored, and `proof`,
  /// a text that stands alone.
  /// - Parameters:
  ///   - plan: what it holds.
  ///   - last: the line that the last whole row of a cut list is of; nil: there is none yet.
  ///   - write: takes some bytes, with the index behind the last line that was looked at.
  /// - Throws: `ExportFailure`, `StoreError`; what `write` throws.
  package func writeProofs(
    _ plan: ExportPlan, after last: Int64? = nil, _ write: ([UInt8], _ next: Int64) async throws -> Void
  ) async throws {
    guard let filters = plan.request.content.filters, let head = plan.head else { throw ExportFailure.noHead }
    let note = try signed(head).note
    let team = plan.request.team
    let from = max(plan.from, last.map { $0 + 1 } ?? plan.from)
    try await store.readLines(plan.source.range(from: from, to: plan.to), pace: pace) { chunk in
      var found: [FilteredLine] = []
      try chunk.forEachLine { index, line in
        if let line = try FilteredLine(index, line, filters) { found.append(line) }
      }
      found = try await owned(found, filters, team)
      try await write(try await proofs(of: found, head, note, plan.source), chunk.end)
    }
  }

  /// The head that a cut list was made with.
  /// - Throws: `ExportFailure.foreignHead` where no known key signed it for this log, `contradiction` where the log has not
  ///   grown out of it; `StoreError`.
  func listHead(_ note: SignedNote, of log: TeamLog) async throws -> LogHead {
    let held: Checkpoint
    do {
      held = try Checkpoint(note, signedBy: keys(), origin: log.origin)
    } catch {
      throw ExportFailure.foreignHead("\(error)")
    }
    guard held.size <= log.size, try await peaks(of: log, at: held.size).root == held.root else {
      throw ExportFailure.contradiction(size: held.size)
    }
    return LogHead(held, note, of: log)
  }

  /// Leaves out lines of edits that are not the member's or the key's.
  private func owned(
    _ lines: [FilteredLine], _ filters: ExportCreated.Filters, _ team: TeamID
  ) async throws -> [FilteredLine] {
    let records = Set(lines.compactMap { $0.isSettled ? nil : $0.event.record })
    guard !records.isEmpty else { return lines }
    let owners = try await store.owners(of: Array(records), team: team)
    return lines.filter { line in
      guard !line.isSettled, let record = line.event.record else { return true }
      guard let owner = owners[record] else { return false }
      return (filters.member.map { $0 == owner.member } ?? true) && (filters.key.map { $0 == owner.key } ?? true)
    }
  }

  private func proofs(
    of lines: [FilteredLine], _ head: LogHead, _ note: SignedNote, _ log: TeamLog
  ) async throws -> [UInt8] {
    var text: [UInt8] = []
    var part: [FilteredLine] = []
    var needed: Set<Int64> = []
    for line in lines {
      part.append(line)
      needed.formUnion(try InclusionProof.plan(index: line.index, size: head.size).rows)
      guard needed.count > LedgerStore.treeRowsMaximum - Self.rowsOfProof || line.index == lines.last?.index else {
        continue
      }
      let rows = try await store.treeRows(of: log.team, Array(needed), base: log.base)
      for line in part {
        let inclusion = try InclusionProof(index: line.index, size: head.size) { rows.hash(of: $0) }
        let proof = try LogProof(line: line.bytes, inclusion: inclusion, checkpoint: note)
        line.append(proof, to: &text)
      }
      part.removeAll()
      needed.removeAll()
    }
    return text
  }

  /// The most rows that one proof is made of: twice the height of the tallest tree.
  private static let rowsOfProof = 124
}
