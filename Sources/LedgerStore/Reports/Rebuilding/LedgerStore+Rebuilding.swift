package import Ledger
import Postgres

/// What a rebuilding of usage did.
package struct RebuiltUsage: Sendable, Hashable {
  /// The first moment of the range.
  package var start: Timestamp
  /// The first moment behind it.
  package var end: Timestamp
  /// Rows of usage, and of sums of days and months, that were not what they should have been.
  package var changed: Int64
  /// Index of the line that tells of it.
  package var index: Int64
}

/// Computes usage anew from the log's lines (docs/rollups.md, checked and rebuilt). Nothing of it holds the team's lock: what a row
/// lacks is added to it, as the lanes add to it, so edits go on in the same rows.
extension LedgerStore {
  /// How often a stretch is tried again that other transactions were in the way of.
  private static let rebuildAttempts = 5
  /// Spans of one transaction.
  private static let spansPerTransaction = 8
  /// Sums that are wrong which one transaction counts.
  private static let wrongSumsMaximum = 10_000

  /// Computes the quarters of an hour from one moment up to another anew, and the days and months in which they lie.
  ///
  /// A rebuilding that fails on its way tells of what it changed until then, and run again it does the rest.
  /// - Throws: `invalid`, naming `from` or `to`: where they are no whole quarters of an hour, or lines of that time were
  ///   pruned or stand in a log that was replaced; `conflict` for a halted team; `notFound`; `unavailable`.
  package func rebuildUsage(
    of team: TeamID, from start: Timestamp, to end: Timestamp, by administrator: Administrator
  ) async throws(StoreError) -> RebuiltUsage {
    for (field, moment) in [("from", start), ("to", end)] where UsageKey.bucketStart(of: moment) != moment {
      throw StoreError(.invalid(field: field, message: "must be a whole quarter of an hour, as 2026-11-01T00:15:00Z"))
    }
    guard start < end else { throw StoreError(.invalid(field: "to", message: "must be later than from")) }
    guard try await !self.team(team).isHalted else {
      throw StoreError(.conflict("the log is halted; run `tally audit recover` first"))
    }
    guard let log = try await operatorRows(.usageLog, team.uuid).first else { throw StoreError(.notFound("the team")) }
    if let first = log.removedBefore, start < first {
      throw Self.removed(before: first)
    }
    let last = min(end, UsageKey.end(ofBucketAt: log.state.lastAt))
    var changed: Int64 = 0
    var done = start
    do throws(StoreError) {
      if start < last {
        let range = try await ranges(of: [(start, last, "from")], log, upTo: log.state.size, team: team)[0]
        var waiting = [UsageStretch(start: start, end: last, from: range.from, to: range.to)]
        while let stretch = waiting.popLast() {
          if let middle = stretch.middle {
            let place = try await firstLines(of: team, notBefore: [middle], from: stretch.from, to: stretch.to)[0]
            waiting.append(UsageStretch(start: middle, end: stretch.end, from: place, to: stretch.to))
            waiting.append(UsageStretch(start: stretch.start, end: middle, from: stretch.from, to: place))
          } else {
            changed += try await rebuild(stretch, team: team, upTo: log.state)
            done = stretch.end
          }
        }
      }
      changed += try await rebuildSpans(of: team, from: start, to: end)
    } catch {
      if changed > 0 {
        _ = try? await tell(start, max(done, UsageKey.end(ofBucketAt: start)), changed, team, administrator)
      }
      throw error
    }
    return try await tell(start, end, changed, team, administrator)
  }

  private static func removed(before first: Timestamp) -> StoreError {
    let kept = first.rfc3339
    return StoreError(
      .invalid(
        field: "from", message: "usage from before \(kept) was removed and is not made again; rebuild from \(kept) on"))
  }

  private func tell(
    _ start: Timestamp, _ end: Timestamp, _ changed: Int64, _ team: TeamID, _ administrator: Administrator
  ) async throws(StoreError) -> RebuiltUsage {
    let id = NoteID(bits: UInt128.random(in: 1 ... .max))
    let event = UsageRebuilt(rebuild: id, start: start, end: end, changed: changed)
    let index = try await note(.usageRebuilt(event), id: id, of: team, by: administrator)
    return RebuiltUsage(start: start, end: end, changed: changed, index: index)
  }

  /// - Returns: how many rows were wrong.
  private func rebuild(
    _ stretch: UsageStretch, team: TeamID, upTo log: LogState
  ) async throws(StoreError) -> Int64 {
    let selection = UsageSelection(
      UsageRequest(team: team, bounds: [], grouping: Set(UsageDimension.allCases)))
    var fold = UsageFold(stretch.parts, selection)
    _ = try await read(LogRange(team: team, from: stretch.from, to: stretch.to), into: &fold, until: .maximum)
    try await label(&fold, team: team)
    // Lines that come meanwhile book in the running quarter at the earliest.
    var folded = stretch.end > UsageKey.bucketStart(of: log.lastAt) ? stretch.to : nil
    for _ in 0..<Self.rebuildAttempts {
      do {
        if let count = try await correct(stretch, &fold, &folded, team: team) { return count }
      } catch {
        let error = StoreError(wrapping: error)
        guard case .unavailable = error.reason else { throw error }
      }
    }
    throw StoreError(.unavailable(mayBeHeld: false))
  }

  /// Compares and corrects the rows of a stretch in one transaction. Rows and log size are read by one statement; what lines
  /// behind that book, the lanes add, before or after: both only add.
  /// - Parameter folded: how many lines of the log are in the fold, where more may come; nil: none can.
  /// - Returns: how many rows were wrong; nil: so many lines came meanwhile that they are folded first.
  private func correct(
    _ stretch: UsageStretch, _ fold: inout UsageFold, _ folded: inout Int64?, team: TeamID
  ) async throws -> Int64? {
    var (latest, known) = (fold, folded)
    let count: Int64? = try await lanePool.withConnection { connection in
      var first = Pipeline()
      first.append(.begin)
      first.append(.lockUsage, team.uuid)
      let slot = first.append(.usageWithSize, team.uuid, stretch.start.timestamptz, stretch.end.timestamptz)
      let rows = try await connection.run(first, timeout: RequestScope.timeout).rows(slot)
      // A removal that began meanwhile: its rows are not to come back.
      if let kept = rows.first?.removedBefore, stretch.start < kept { throw Self.removed(before: kept) }
      if let from = known, let size = rows.first?.size, from < size {
        let to = min(size, from + UsageStretch.linesMaximum)
        _ = try await read(LogRange(team: team, from: from, to: to), into: &latest, until: .maximum)
        try await label(&latest, team: team)
        known = to
        guard to == size else {
          try await connection.rollback()
          return nil
        }
      }
      let correction = UsageCorrection(rows.compactMap(\.usage), latest, of: stretch, team: team)
      var second = Pipeline()
      correction.append(to: &second, stretch, team: team)
      second.append(.commit)
      _ = try await connection.run(second, timeout: RequestScope.timeout)
      return correction.count
    }
    (fold, folded) = (latest, known)
    return count
  }

  /// - Returns: how many sums were wrong.
  private func rebuildSpans(
    of team: TeamID, from start: Timestamp, to end: Timestamp
  ) async throws(StoreError) -> Int64 {
    let known = try await operatorRows(
      .usageSpans, team.uuid, Timestamp.epoch.timestamptz, Timestamp.maximum.timestamptz)
    // Days before months, which are put together from them.
    let spans = known.filter { max($0.start, start) < min($0.end, end) }.sorted { $0.length < $1.length }
    var changed: Int64 = 0
    var first = 0
    while first < spans.count {
      let targets = spans[first..<min(first + Self.spansPerTransaction, spans.count)]
        .prefix { $0.length == spans[first].length }
      let recipe = SpanRecipe(team, Array(targets), known: known)
      var pipeline = Pipeline()
      pipeline.append(.begin)
      pipeline.append(.lockUsage, team.uuid)
      let wrong = pipeline.append(.wrongSums, parameters: recipe.parameters + [Int64(Self.wrongSumsMaximum)])
      pipeline.append(.clearSums, parameters: recipe.bounds)
      pipeline.append(.sumSpans, parameters: recipe.parameters)
      let narrow = recipe.appendWrongNarrowSums(to: &pipeline, limit: Self.wrongSumsMaximum)
      recipe.appendNarrowSums(to: &pipeline)
      pipeline.append(.commit)
      let results = try await lanePool.run(pipeline, timeout: RequestScope.timeout)
      for slot in [wrong] + narrow { changed += Int64(try results.decoded(slot).count) }
      first += targets.count
    }
    return changed
  }
}

extension UsageCorrection {
  /// Appends what makes the rows right. A row of nothing is taken away.
  fileprivate func append(to pipeline: inout Pipeline, _ stretch: UsageStretch, team: TeamID) {
    for (statement, changes) in [(LaneWrites.addUsage, missing), (LaneWrites.correctUsage, wrong)] {
      guard !changes.isEmpty else { continue }
      pipeline.append(statement, parameters: LaneWrites.usageParameters(changes))
    }
    if !wrong.isEmpty {
      pipeline.append(.clearEmptyUsage, team.uuid, stretch.start.timestamptz, stretch.end.timestamptz)
    }
  }
}

/// A row of usage beside the log's size at the same moment.
struct SizedUsage: Sendable {
  var size: Int64
  /// The first moment of which the team keeps usage; nil: it keeps all.
  var removedBefore: Timestamp?
  /// Nil: there is none.
  var usage: CheckedUsage?
}

extension Statement where Row == SizedUsage {
  /// A team's usage from one start up to another, and its log's size: one row at least.
  static let usageWithSize = Statement(
    "usage with size",
    """
    SELECT t.log_size, t.removed_before, u.team_id, coalesce(u.bucket_start, $2), coalesce(u.member_id, $1), coalesce(u.key_id, $1),
           coalesce(u.model, ''), coalesce(u.quality, ''), coalesce(u.size, ''), coalesce(u.settled, 0),
           coalesce(u.released, 0), coalesce(u.refused, 0), coalesce(u.images, 0), coalesce(u.charged, 0),
           coalesce(u.credited, 0)
      FROM tally.team AS t
      LEFT JOIN tally.usage_bucket AS u ON u.team_id = t.team_id AND u.bucket_start >= $2 AND u.bucket_start < $3
     WHERE t.team_id = $1
    """
  ) { (row) throws(PostgresError) in
    let (size, removedBefore) = (try row.next(Int64.self), try row.optionalTime())
    let team = try row.optionalID(TeamID.self)
    // All columns are read, also where there is no row beside the size.
    let usage = CheckedUsage(
      key: UsageKey(
        team: team ?? TeamID(bits: 0), bucketStart: try row.time(), member: try row.id(), key: try row.id(),
        model: try row.next(), quality: try row.next(), size: try row.next()),
      counts: try row.usageCounts())
    return SizedUsage(size: size, removedBefore: removedBefore, usage: team.map { _ in usage })
  }
}

extension Statement where Row == Void {
  /// Takes away rows of usage that count nothing: team, from one start up to another.
  static let clearEmptyUsage = Statement(
    "clear empty usage",
    """
    DELETE FROM tally.usage_bucket
     WHERE team_id = $1 AND bucket_start >= $2 AND bucket_start < $3
       AND (settled, released, refused, images, charged, credited) = (0, 0, 0, 0, 0, 0)
    """)
}

extension LaneWrites {
  /// Adds to rows that are there, or takes off: an INSERT of negative counts would not pass the table's own checks.
  static let correctUsage = Statement<Void>(
    "correct usage",
    """
    UPDATE tally.usage_bucket AS x
       SET settled = x.settled + v.settled, released = x.released + v.released, refused = x.refused + v.refused,
           images = x.images + v.images, charged = x.charged + v.charged, credited = x.credited + v.credited
      FROM unnest($1::uuid[], $2::timestamptz[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[],
                  $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[])
           AS v (team_id, bucket_start, member_id, key_id, model, quality, size, settled, released, refused, images,
                 charged, credited)
     WHERE x.team_id = v.team_id AND x.bucket_start = v.bucket_start AND x.member_id = v.member_id
       AND x.key_id = v.key_id AND x.model = v.model AND x.quality = v.quality AND x.size = v.size
    """)
}
