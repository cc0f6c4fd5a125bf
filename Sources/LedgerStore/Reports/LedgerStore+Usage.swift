import Ledger
import Postgres
import TransparencyLog

/// Reports of usage that add up to the ledger (docs/reports.md, docs/rollups.md).
extension LedgerStore {
  /// What was used, in buckets of time and groups of dimensions: the same question gives the same totals however it is
  /// cut, and with the same `asOf` the same answer for ever, but for what the team's retention removes.
  ///
  /// The rollups and the log's size are read in one snapshot. What lines behind `asOf` booked since in the quarter of an
  /// hour that was open then is taken off again; what begins or ends within a quarter of an hour is folded from the lines.
  /// - Throws: `invalid`, naming the field: for bounds that are none, for an `asOf` (`page`) that is not of this log, for
  ///   a beginning before what retention removed, for bounds within a quarter of an hour whose lines were pruned or stand in
  ///   a log that was replaced, and where more than `maximumFoldedLines` lines would have to be folded, and (`group_by`) for
  ///   more groups than `maximumUsageGroups`;
  ///   `notFound`; `unavailable`.
  package func usage(_ request: UsageRequest) async throws(StoreError) -> UsageReport {
    try request.validate()
    let selection = UsageSelection(request)
    let snapshot: UsageSnapshot
    if let few = try await self.snapshot(of: request, selection, addedUp: false) {
      snapshot = few
    } else if let many = try await self.snapshot(of: request, selection, addedUp: true) {
      snapshot = many
    } else {
      throw tooManyGroups
    }
    var sums = UsageSums(buckets: request.bounds.count - 1)
    for rows in snapshot.rows { sums.add(rows) }
    if let part = snapshot.part(behindHead: request.bounds) {
      let behind = try await fold([part], after: snapshot, request, selection)
      for (bucket, groups) in behind.buckets { sums.add(groups, to: bucket, takingOff: true) }
    }
    if !snapshot.cover.ragged.isEmpty {
      for (bucket, groups) in try await fold(ragged: snapshot, request, selection).buckets {
        sums.add(groups, to: bucket)
      }
    }
    var report = sums.report(asOf: snapshot.position)
    report.names = snapshot.names
    guard report.cells.reduce(0, { $0 + $1.count }) <= settings.maximumUsageGroups else {
      throw tooManyGroups
    }
    return report
  }

  /// Why a question with too many groups is refused.
  private var tooManyGroups: StoreError {
    StoreError(
      .invalid(
        field: "group_by",
        message: """
          gives more than \(settings.maximumUsageGroups) results, the most that one answer may have; group by less, take \
          wider buckets, or ask for a shorter time or fewer buckets at once
          """))
  }

  /// Everything that the rollups tell, at one moment: two round trips.
  /// - Parameter addedUp: whether the database adds rows up to groups: for very many rows.
  /// - Returns: nil where there are more rows, or groups, than are read.
  private func snapshot(
    of request: UsageRequest, _ selection: UsageSelection, addedUp: Bool
  ) async throws(StoreError) -> UsageSnapshot? {
    do {
      return try await exportPool.withConnection { connection in
        var scope = RequestScope(team: request.team, .snapshot)
        scope.append(.keepPlans)
        let head = UsageHead.append(request, to: &scope)
        let spans = scope.append(
          .packedSpans, request.team.uuid, request.bounds[0].timestamptz,
          request.bounds[request.bounds.count - 1].timestamptz)
        let first = try await scope.begin(on: connection)
        let (log, position) = try head.read(first, request)
        // Zeros would look like months without an edit.
        if let kept = log.removedBefore, request.bounds[0] < kept {
          // Both of who write dates and of who write seconds can copy it.
          let second = (kept.microseconds - 1) / Timestamp.microsecondsPerSecond + 1
          throw StoreError(
            .invalid(
              field: "start_time",
              message: """
                usage before \(kept.rfc3339) (\(second) in Unix seconds) was removed; the first moment that can be had is \
                that one
                """))
        }
        let known = try first.decoded(spans)
        let cover = SpanCover(
          bounds: request.bounds, known: known.map(\.span), first: log.removedBefore ?? .epoch, last: position.at)
        var rest = Pipeline()
        let levels: [(source: UsageSource, parts: [SpanCover.Part])] = [
          (.sums(of: selection.dimensions), cover.spans), (.quarters, cover.quarters),
        ]
        let maximum = addedUp ? settings.maximumUsageGroups : settings.maximumUsageRows
        let slots = levels.filter { !$0.parts.isEmpty }.map { level in
          if level.source == .sumsByKey, !addedUp, selection.isOfEverybody, known.hold(level.parts, upTo: maximum) {
            return rest.append(.packedRows, parameters: [request.team.uuid] + level.parts.parameters)
          }
          return rest.append(
            addedUp ? level.source.groups : level.source.rows,
            parameters: selection.parameters(of: level.source.dimensions) + level.parts.parameters + [
              Int64(maximum) + 1
            ])
        }
        let names = MemberName.appendNames(for: request, to: &rest)
        rest.append(.commit)
        let second = try await connection.run(rest, timeout: RequestScope.timeout)
        guard slots.allSatisfy({ second.affectedRows($0) <= maximum }) else { return nil }
        return UsageSnapshot(
          log: log, position: position, cover: cover,
          rows: try slots.flatMap { slot in try second.decoded(slot).map(selection.narrowed) },
          names: try names.map { MemberName.shown(try second.decoded($0)) } ?? [:])
      }
    } catch {
      throw StoreError(wrapping: error)
    }
  }
}

/// What the rollups said at one moment.
struct UsageSnapshot: Sendable {
  /// The log as it was then.
  var log: UsageLog
  /// The head that the numbers are to belong to.
  var position: UsagePosition
  var cover: SpanCover
  /// Of each level that was read.
  var rows: [UsageRows]
  /// How members are named, as far as it was read.
  var names: [MemberID: String]

  /// The quarter of an hour from which later lines are to be taken off; nil: there are none, or it is not asked for.
  func part(behindHead bounds: [Timestamp]) -> SpanCover.Part? {
    guard position.size < log.state.size, let bucket = cover.bucketOfQuarter(at: position.at) else { return nil }
    return SpanCover.Part(
      bucket: bucket, start: UsageKey.bucketStart(of: position.at), end: UsageKey.end(ofBucketAt: position.at))
  }
}

extension [SpanCover.Part] {
  /// The parameters of a report's statement that say which parts of time are read.
  fileprivate var parameters: [(any PostgresEncodable)?] {
    [map { Int64($0.bucket) }, map(\.start.timestamptz), map(\.end.timestamptz)]
  }
}

extension Statement where Row == Void {
  /// Plans of this transaction are those that were made once: planning a report anew takes as long as running it, and
  /// each part of one is a range of the primary key whatever is asked.
  static let keepPlans = Statement("keep plans", "SET LOCAL plan_cache_mode = force_generic_plan")
}
