import Ledger
import Postgres

/// Rollups against what they are made of: buckets against the records, days and months against buckets.
extension LedgerStore {
  /// Rows of buckets that one stretch has at least: bounds the memory of a check.
  private static let rowsOfStretch = 200_000
  /// Rows of one statement.
  private static let rowsPerStatement = 20_000
  /// Records of one statement.
  private static let recordsPerStatement = 10_000
  /// Spans of one statement.
  private static let spansPerStatement = 8

  /// Compares the rollups of a team.
  /// - Parameter closed: buckets before it are closed.
  func compareRollups(of check: inout TeamCheck, closedUpTo closed: Timestamp) async throws(StoreError) {
    guard let log = try await operatorRows(.usageLog, check.team.uuid).first else { return }
    try await compareWithRecords(of: &check, since: log.removedBefore, upTo: closed)
    try await compareSpans(of: &check, log)
  }

  private func compareWithRecords(
    of check: inout TeamCheck, since removed: Timestamp?, upTo closed: Timestamp
  ) async throws(StoreError) {
    var recorded = RecordedUsageCheck(team: check.team, since: removed)
    let first = min(removed ?? .epoch, closed)
    var start = first
    repeat {
      guard check.canGoOn else { return }
      let (rows, end) = try await stretch(of: check.team, from: start, upTo: closed)
      recorded.begin(rows, from: start, to: end)
      var last = RecordID(bits: 0)
      while true {
        let records = try await operatorRows(
          .bookedRecords, check.team.uuid, last.uuid, Int64(Self.recordsPerStatement))
        recorded.take(records, isFirst: start == first)
        guard records.count == Self.recordsPerStatement, let newest = records.last else { break }
        last = newest.record
      }
      recorded.endStretch(&check.violations)
      start = end
    } while start < closed
    let later = try await operatorRows(
      .checkUsage, check.team.uuid, closed.timestamptz, Timestamp.maximum.timestamptz)
    recorded.finish(later, &check.violations)
  }

  /// The buckets from `start` on, and where they end: all of them, or a bounded number.
  private func stretch(
    of team: TeamID, from start: Timestamp, upTo closed: Timestamp
  ) async throws(StoreError) -> ([CheckedUsage], Timestamp) {
    var rows: [CheckedUsage] = []
    while true {
      let last = rows.last?.key
      let page = try await operatorRows(
        .usageRowsAfter, team.uuid, closed.timestamptz, (last?.bucketStart ?? start).timestamptz,
        (last?.member ?? MemberID(bits: 0)).uuid, (last?.key ?? KeyID(bits: 0)).uuid, last?.model ?? "",
        last?.quality ?? "", last?.size ?? "", Int64(Self.rowsPerStatement))
      rows += page
      guard page.count == Self.rowsPerStatement else { return (rows, closed) }
      guard rows.count >= Self.rowsOfStretch, let newest = rows.last?.key.bucketStart, newest > start else { continue }
      // The last bucket may go on in the next page.
      rows.removeAll { $0.key.bucketStart == newest }
      return (rows, newest)
    }
  }

  private func compareSpans(of check: inout TeamCheck, _ log: UsageLog) async throws(StoreError) {
    let team = check.team
    let first = log.removedBefore ?? .epoch
    let spans = try await operatorRows(
      .usageSpans, team.uuid, first.timestamptz, Timestamp.maximum.timestamptz)
    // Behind the spans, some of which may be made meanwhile.
    let lastAt = try await operatorRows(.usageLog, team.uuid).first?.state.lastAt ?? .epoch
    for span in spans where span.end > lastAt {
      check.add(.spanMatchesUsage, "usage_span \(span.start) \(span.end)", "it was not over at \(lastAt)")
    }
    // Of one length together: a month is put together from its days, each of which is compared with its buckets.
    let byLength = spans.sorted { ($0.length, $0.start) < ($1.length, $1.start) }
    for first in stride(from: 0, to: byLength.count, by: Self.spansPerStatement) {
      guard check.canGoOn else { return }
      let targets = Array(byLength[first..<min(first + Self.spansPerStatement, byLength.count)])
      for wrong in try await wrongSums(of: targets, team: team, known: spans, limit: ViolationList.maximum) {
        check.add(.spanMatchesUsage, wrong.subject, wrong.message)
      }
    }
    for (table, statement) in [("usage_sum", .straySums)] + NarrowSums.all.map({ ($0.table, $0.stray) }) {
      for stray in try await operatorRows(statement, team.uuid, first.timestamptz, Int64(ViolationList.maximum)) {
        check.add(.spanMatchesUsage, "\(table) \(stray.start) \(stray.end)", "there is no such span")
      }
    }
  }

  /// The sums of spans that are not what their parts add up to, at most so many.
  func wrongSums(
    of targets: [UsageSpan], team: TeamID, known: [UsageSpan], limit: Int
  ) async throws(StoreError) -> [WrongSum] {
    let recipe = SpanRecipe(team, targets, known: known)
    var pipeline = Pipeline()
    let slot = pipeline.append(.wrongSums, parameters: recipe.parameters + [Int64(limit)])
    let narrow = recipe.appendWrongNarrowSums(to: &pipeline, limit: limit)
    let results = try await lanePool.run(pipeline, timeout: RequestScope.timeout)
    var wrong: [WrongSum] = []
    for slot in [slot] + narrow { wrong += try results.decoded(slot) }
    return wrong
  }
}

extension WrongSum {
  /// Its name in a violation.
  var subject: String {
    let labels: [String?] = [
      table, "\(span.start)", "\(span.end)", group.member?.description, group.key?.description, group.model,
      group.quality, group.size,
    ]
    return labels.compactMap(\.self).joined(separator: " ")
  }

  /// What is wrong.
  var message: String {
    guard table != "usage_span" else { return "what is packed in it is not what usage_sum has" }
    guard let found else { return "the row is missing" }
    var fields = FieldComparison(with: table == "usage_sum" ? "the buckets" : "usage_sum")
    fields.compare(found, expected ?? UsageCounts())
    return fields.message ?? "nothing was used"
  }
}

extension Statement where Row == CheckedUsage {
  /// Usage of a team before a moment, behind a row in the order of the table, at most so many rows.
  static let usageRowsAfter = Statement(
    "usage rows after",
    """
    SELECT team_id, bucket_start, member_id, key_id, model, quality, size, settled, released, refused, images, charged,
           credited
      FROM tally.usage_bucket
     WHERE team_id = $1 AND bucket_start < $2
       AND (bucket_start, member_id, key_id, model, quality, size) > ($3, $4, $5, $6, $7, $8)
     ORDER BY bucket_start, member_id, key_id, model, quality, size
     LIMIT $9
    """, row: usageColumns)
}

extension Statement where Row == BookedRecord {
  /// What the records of a team book: behind one of them in the order of their ids, at most so many.
  static let bookedRecords = Statement(
    "booked records",
    """
    SELECT record_id, CASE state WHEN 'refused' THEN created_at ELSE resolved_at END, member_id, key_id, model, quality,
           size, state, charged, credited
      FROM tally.record
     WHERE team_id = $1 AND record_id > $2
     ORDER BY record_id
     LIMIT $3
    """
  ) { (row) throws(PostgresError) in
    BookedRecord(
      record: try row.id(), bookedAt: try row.optionalTime(),
      labels: EditLabels(
        member: try row.id(), key: try row.id(),
        options: EditOptions(model: try row.next(), quality: try row.next(), size: try row.next())),
      state: try row.next(), charged: try row.next(), credited: try row.next())
  }
}

extension Statement where Row == UsageSpan {
  /// Sums of a team without a span, from a moment on, at most so many.
  static let straySums = stray(sums: "usage_sum", "stray sums")
}
