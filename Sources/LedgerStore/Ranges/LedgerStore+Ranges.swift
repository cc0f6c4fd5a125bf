package import Ledger
import Postgres

/// A stretch of a team's log that is to be read.
package struct LogRange: Sendable, Hashable {
  /// The team whose log it is.
  package var team: TeamID
  /// Index of the first line.
  package var from: Int64
  /// Index behind the last line.
  package var to: Int64
  /// The place of the log's first line; nil: that of the log that goes on.
  package var base: Int64?

  /// The lines from `from` up to `to`, which is not in it.
  package init(team: TeamID, from: Int64, to: Int64, base: Int64? = nil) {
    self.team = team
    self.base = base
    self.from = from
    self.to = to
  }
}

/// Ranges of a log, read as requests of their team, in transactions of one chunk each: an export of any length holds no
/// snapshot, and its memory is that of two chunks.
extension LedgerStore {
  /// The most lines of one chunk. The longest that the ledger writes have some 2 KiB, so this is 8 MiB at most.
  package static let chunkLines: Int64 = 4_096
  /// The most lines of a chunk with what is personal in them: a payload may have some 50 KiB.
  package static let chunkLinesWithSecrets: Int64 = 512

  /// Reads a range and hands out its lines in their order, a chunk at a time. While `take` works on one the next is read.
  ///
  /// - Parameters:
  ///   - withSecrets: whether what is personal is read, too.
  ///   - pace: how much of the machine's time it takes.
  ///   - rest: waits, where the pace says so.
  ///   - take: is called for each chunk; nothing is read any more once it throws.
  /// - Throws: `invalid`, naming `from`, where the range begins in lines that were pruned; `notFound` where lines are not
  ///   there; `unavailable`; what `take` throws.
  package func readLines(
    _ range: LogRange, withSecrets: Bool = false, pace: ReadingPace = .full,
    rest: (Duration) async throws -> Void = { try await Task.sleep(for: $0) },
    _ take: (LogChunk) async throws -> Void
  ) async throws {
    guard range.from < range.to else { return }
    var current = try await chunk(range, from: range.from, withSecrets, pace)
    while true {
      let lines = current.lines
      guard lines.end < range.to else { return try await take(lines) }
      let start = ContinuousClock.now
      async let following = chunk(range, from: lines.end, withSecrets, pace)
      try await take(lines)
      let next = try await following
      if let before = current.writers, let now = next.writers {
        let duration = pace.rest(after: ContinuousClock.now - start, writers: now - before)
        if duration > .zero { try await rest(duration) }
      }
      current = next
    }
  }

  /// A chunk as it was read.
  private struct Reading {
    var lines: LogChunk
    /// How many transactions of anyone had written by then; nil where it was not asked.
    var writers: Int64?
  }

  private func chunk(
    _ range: LogRange, from first: Int64, _ withSecrets: Bool, _ pace: ReadingPace
  ) async throws(StoreError) -> Reading {
    let most = withSecrets ? Self.chunkLinesWithSecrets : Self.chunkLines
    let end = min(range.to, first + most)
    var scope = RequestScope(team: range.team)
    let writers = pace == .yielding ? scope.append(.writersSoFar) : nil
    let lines = scope.append(.linesJoined, range.team.uuid, first, end, range.base)
    let secrets = withSecrets ? scope.append(.secretsBetween, range.team.uuid, first, end, range.base) : nil
    let results = try await scope.run(on: exportPool)
    guard let joined = try results.decoded(lines).whole(from: first, to: end) else {
      throw StoreError(.notFound("a line of the log between \(first) and \(end - 1)"))
    }
    guard joined.blank == 0 else { throw try await pruned(range.team) }
    var chunk = LogChunk(first: first, count: end - first, text: joined.text)
    if let secrets { chunk.secrets = try results.decoded(secrets) }
    return Reading(
      lines: chunk, writers: try writers.flatMap { (slot) throws(StoreError) in try results.decoded(slot).first })
  }

  private func pruned(_ team: TeamID) async throws(StoreError) -> StoreError {
    let first = try await firstKeptLine(of: team)
    return StoreError(
      .invalid(field: "from", message: "lines below \(first) were pruned; the first that can be had is \(first)"))
  }
}

extension Statement where Row == Int64 {
  /// How many transactions have written so far: those of all lanes of all gateways, and of whoever else uses the server. It
  /// asks for no right, and costs nothing.
  static let writersSoFar = Statement(
    "writers so far", "SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint"
  ) { (row) throws(PostgresError) in try row.next() }
}
