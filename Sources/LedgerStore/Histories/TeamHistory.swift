package import Ledger

/// The past of one team that begins with it, command by command, each at a time of its own: for benchmarks that need
/// months of edits within minutes.
///
/// The rules are the ledger's and the rows are the lane's: `BatchDecider` decides with the team's book kept in memory
/// where a lane loads it. What is left out is all that belongs to a lane's clock and queue: nobody waits for an answer, and
/// no time is compared with the database's. So nobody else may work on the team meanwhile; a gateway that does anyway
/// collides with the history's next line, whose place is taken then, and the history ends with an error.
package struct TeamHistory: Sendable {
  private var decider: BatchDecider

  /// The history of a team that is not there yet: its first command makes it.
  init(prices: PriceBook, environment: LaneEnvironment) {
    let nothing = LoadedBatch(clock: .epoch, teams: [:])
    decider = BatchDecider(loaded: nothing, prices: prices, environment: environment)
  }

  /// Decides the next command at `moment`, which must not lie before the one of the command before it.
  /// - Throws: as the lane answers: `notAllowed`, `unpriced`, `conflict`, `notFound`, `unknownHold`.
  package mutating func decide(_ command: LaneCommand, at moment: Timestamp) throws(StoreError) -> LaneAnswer {
    try decider.decide(command, at: moment)
  }

  /// What was decided since the last piece, to be written before the next one.
  /// - Parameters:
  ///   - records: edits that are resolved and will be heard of again; all others are forgotten.
  ///   - moment: Idempotency-Keys from before it are left away: a gateway would have pruned them by now.
  package mutating func takePiece(keeping records: Set<RecordID>, keysSince moment: Timestamp) -> LaneWrites {
    var piece = decider.takePiece(keeping: records)
    piece.claims = piece.claims.filter { $0.value.at >= moment }
    return piece
  }
}
