package import Ledger
import Postgres

/// How much of a database's time a reader of many lines takes.
package enum ReadingPace: Sendable {
  /// All that one connection gets: for an operator's command.
  case full
  /// Half of it: after each chunk it rests as long as the chunk took, so that edits beside it keep their time.
  case half
}

/// A stretch of a team's log that is to be read.
package struct LogRange: Sendable, Hashable {
  /// The team whose log it is.
  package var team: TeamID
  /// Index of the first line.
  package var from: Int64
  /// Index behind the last line.
  package var to: Int64

  /// The lines from `from` up to `to`, which is not in it.
  package init(team: TeamID, from: Int64, to: Int64) {
    self.team = team
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
  ///   - take: is called for each chunk; nothing is read any more once it throws.
  /// - Throws: `invalid`, naming `from`, where the range begins in lines that were pruned; `notFound` where lines are not
  ///   there; `unavailable`; what `take` throws.
  package func readLines(
    _ range: LogRange, withSecrets: Bool = false, pace: ReadingPace = .full, _ take: (LogChunk) async throws -> Void
  ) async throws {
    guard range.from < range.to else { return }
    var chunk = try await paced(.full, range, from: range.from, withSecrets)
    while true {
      let current = chunk
      guard current.end < range.to else { return try await take(current) }
      async let following = paced(pace, range, from: current.end, withSecrets)
      try await take(current)
      chunk = try await following
    }
  }

  private func paced(
    _ pace: ReadingPace, _ range: LogRange, from first: Int64, _ withSecrets: Bool
  ) async throws -> LogChunk {
    let start = ContinuousClock.now
    let chunk = try await chunk(range, from: first, withSecrets)
    if pace == .half { try await Task.sleep(for: ContinuousClock.now - start) }
    return chunk
  }

  private func chunk(_ range: LogRange, from first: Int64, _ withSecrets: Bool) async throws(StoreError) -> LogChunk {
    let most = withSecrets ? Self.chunkLinesWithSecrets : Self.chunkLines
    let end = min(range.to, first + most)
    var scope = RequestScope(team: range.team)
    let lines = scope.append(.linesJoined, range.team.uuid, first, end)
    let secrets = withSecrets ? scope.append(.secretsBetween, range.team.uuid, first, end) : nil
    let results = try await scope.run(on: exportPool)
    guard let joined = try results.decoded(lines).first, joined.count == end - first else {
      throw StoreError(.notFound("a line of the log between \(first) and \(end - 1)"))
    }
    guard joined.blank == 0 else { throw try await pruned(range.team) }
    var chunk = LogChunk(first: first, count: end - first, text: joined.text)
    if let secrets { chunk.secrets = try results.decoded(secrets) }
    return chunk
  }

  private func pruned(_ team: TeamID) async throws(StoreError) -> StoreError {
    let first = try await firstKeptLine(of: team)
    return StoreError(
      .invalid(field: "from", message: "lines below \(first) were pruned; the first that can be had is \(first)"))
  }
}
