import Ledger

/// What a report needs of the log's lines themselves. They are read in short transactions of one chunk each.
extension LedgerStore {
  /// Edits that one statement looks up.
  private static let labelsPerStatement = 1_000

  /// Folds what begins or ends within a quarter of an hour.
  func fold(
    ragged snapshot: UsageSnapshot, _ request: UsageRequest, _ selection: UsageSelection
  ) async throws(StoreError) -> UsageFold {
    let stretches = snapshot.cover.ragged.joined
    let ranges = try await ranges(
      of: stretches.map { ($0.start, $0.end, request.field(of: $0)) }, snapshot.log, upTo: snapshot.position.size,
      team: request.team)
    let count = ranges.reduce(0) { $0 + $1.to - $1.from }
    guard count <= settings.maximumFoldedLines else {
      throw StoreError(
        .invalid(
          field: request.field(of: stretches[0]),
          message: """
            \(count) lines of the log would have to be read, and at most \(settings.maximumFoldedLines) are; ask for whole \
            quarters of an hour, or for a shorter time
            """))
    }
    var fold = UsageFold(snapshot.cover.ragged, selection)
    for range in ranges { _ = try await read(range, into: &fold, until: .maximum) }
    try await label(&fold, team: request.team)
    return fold
  }

  /// Where the lines of some stretches of time stand, each with the field that asks for it.
  /// - Throws: `invalid`, naming the field, where lines of one were pruned or stand in a log that was replaced;
  ///   `unavailable`.
  func ranges(
    of stretches: [(start: Timestamp, end: Timestamp, field: String)], _ log: UsageLog, upTo size: Int64, team: TeamID
  ) async throws(StoreError) -> [LogRange] {
    let first = log.prunedBefore
    let places = try await firstLines(
      of: team, notBefore: stretches.flatMap { [$0.start, $0.end] }, from: first, to: size)
    var ranges: [LogRange] = []
    for (number, stretch) in stretches.enumerated() {
      let (from, to) = (places[2 * number], places[2 * number + 1])
      // Lines before the first one may be as young as that, too, where they were pruned or stand in another log.
      guard from > first || (first == 0 && log.base == 0) else {
        let what = first > 0 ? "were pruned" : "stand in a log that was replaced"
        throw StoreError(
          .invalid(
            field: stretch.field,
            message: "lines of that time \(what); ask for whole quarters of an hour, or for a later time"))
      }
      ranges.append(LogRange(team: team, from: from, to: to))
    }
    return ranges
  }

  /// Folds what was booked in a part by the lines behind the head that a report belongs to.
  func fold(
    _ parts: [SpanCover.Part], after snapshot: UsageSnapshot, _ request: UsageRequest, _ selection: UsageSelection
  ) async throws(StoreError) -> UsageFold {
    var fold = UsageFold(parts, selection)
    let from = snapshot.position.size
    guard from >= snapshot.log.prunedBefore else {
      throw StoreError(.invalid(field: "page", message: "is of a head whose lines were pruned; begin again without it"))
    }
    let to = min(snapshot.log.state.size, from + settings.maximumFoldedLines)
    let end = parts.map(\.end).max() ?? .maximum
    let isWhole = try await read(LogRange(team: request.team, from: from, to: to), into: &fold, until: end)
    guard isWhole || to == snapshot.log.state.size else {
      throw StoreError(
        .invalid(
          field: "page",
          message: """
            more than \(settings.maximumFoldedLines) lines were added since, in the same quarter of an hour; begin again \
            without it
            """))
    }
    try await label(&fold, team: request.team)
    return fold
  }

  /// Folds a range of lines.
  /// - Returns: whether a line was found that is not older than `end`: nothing behind it is of interest.
  func read(
    _ range: LogRange, into fold: inout UsageFold, until end: Timestamp
  ) async throws(StoreError) -> Bool {
    let texts = LineTexts()
    var result = fold
    var isBehind = false
    do {
      try await readLines(range) { chunk in
        try chunk.forEachLine { _, bytes in
          guard !isBehind else { return }
          let (header, event) = try bytes.withUnsafeBytes { try Line.parse($0, texts: texts) }
          if header.at >= end { isBehind = true } else { result.take(event, at: header.at) }
        }
        if isBehind { throw EndOfFold() }
      }
    } catch is EndOfFold {
    } catch is LineError {
      throw StoreError(.database)
    } catch {
      throw StoreError(wrapping: error)
    }
    fold = result
    return isBehind
  }

  /// Learns of the edits that were held before the lines that were folded: from their records, or, where retention removed
  /// those, from the lines that held them.
  func label(_ fold: inout UsageFold, team: TeamID) async throws(StoreError) {
    let records = Array(Set(fold.waiting.map(\.record)))
    for first in stride(from: 0, to: records.count, by: Self.labelsPerStatement) {
      let some = records[first..<min(first + Self.labelsPerStatement, records.count)].map(\.uuid)
      let rows = try await exportRows(.editLabels, team.uuid, some, of: team)
      fold.learn(Dictionary(rows.map { ($0.record, $0.labels) }) { first, _ in first })
    }
    let holds = Array(Set(fold.waiting.map(\.hold)))
    for first in stride(from: 0, to: holds.count, by: Self.labelsPerStatement) {
      let some = Array(holds[first..<min(first + Self.labelsPerStatement, holds.count)])
      var known: [RecordID: EditLabels] = [:]
      for line in try await lineBytes(of: team, at: some) {
        if case .held(let held)? = try? Line.parse(line.bytes).1 { known[held.record] = EditLabels(held) }
      }
      fold.learn(known)
    }
    guard fold.waiting.isEmpty else {
      throw StoreError(
        .invalid(
          field: "start_time",
          message: "an edit of this time was removed, and its first line pruned; ask for whole quarters of an hour"))
    }
  }
}

/// Nothing behind this is of interest.
private struct EndOfFold: Error {}

extension [SpanCover.Part] {
  /// The parts in their order, those that follow each other as one.
  fileprivate var joined: [SpanCover.Part] {
    sorted { $0.start < $1.start }.reduce(into: []) { joined, part in
      if let last = joined.last, last.end == part.start {
        joined[joined.count - 1].end = part.end
      } else {
        joined.append(part)
      }
    }
  }
}
