import Ledger
import LedgerStore

/// One run of `tally bench records`: pasts of teams, some written at the same time, each by one writer.
struct RecordsBench: Sendable {
  let plan: RecordsPlan
  let writers: Int
  let store: LedgerStore

  /// Writes all teams. Memory is bounded: of each writer one piece is there.
  ///
  /// Throws `StoreError`, `CommandFailure`.
  func run() async throws -> RecordsBenchReport {
    let start = ContinuousClock.now
    let processor = ProcessorTime.now()
    let choices = EditChoices(promptLength: plan.promptLength)
    let prices = try await choices.complete(try await store.prices(), at: plan.start, in: store)
    let shares = plan.shares
    let progress = RecordsProgress(all: plan.edits)
    defer { progress.end() }
    let teams = try await withThrowingTaskGroup(of: [RecordsBenchReport.Team].self) { group in
      for _ in 0..<min(writers, shares.count) {
        group.addTask { try await write(shares, choices, prices, progress) }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    return RecordsBenchReport(
      plan: plan, teams: teams.sorted { $0.share.rank < $1.share.rank }, duration: ContinuousClock.now - start,
      processor: (processor, .now()))
  }

  /// One writer: team after team until none is left.
  private func write(
    _ shares: [RecordsPlan.Share], _ choices: EditChoices, _ prices: PriceBook, _ progress: RecordsProgress
  ) async throws -> [RecordsBenchReport.Team] {
    let writer = try await store.historyWriter()
    do {
      var teams: [RecordsBenchReport.Team] = []
      while case let position = progress.takeShare(), position < shares.count {
        var past = try TeamPast(shares[position], of: plan, choices, prices: prices, in: store)
        var lines = 0
        while let piece = try past.nextPiece() {
          try Task.checkCancellation()
          try await writer.write(piece)
          lines += piece.lines.count
          progress.add(piece.newRecords.count)
        }
        teams.append(
          RecordsBenchReport.Team(share: past.share, id: past.team, key: past.key, lines: lines, counts: past.counts))
      }
      await writer.close()
      return teams
    } catch {
      await writer.close()
      throw (error as? StoreError)?.sqlState == Self.uniqueViolation ? Self.isThereAlready : error
    }
  }

  private static let uniqueViolation = "23505"
  private static var isThereAlready: CommandFailure {
    CommandFailure(
      .failed,
      "some of it is there already: take another --seed, and let no gateway serve the database meanwhile")
  }
}
