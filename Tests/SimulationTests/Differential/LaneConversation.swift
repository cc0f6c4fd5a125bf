import Ledger
import LedgerStore
import Postgres

/// What came of one batch of commands on one database.
struct ConversationOutcome {
  var loaded: LoadedBatch
  /// The answers, in words, or the SQLSTATE and the constraint with which the writing was refused.
  var answers: [String]
}

/// Runs batches on real PostgreSQL as a lane does, in two round trips, at a time that the test sets.
struct RealLaneConversation {
  let connection: Connection

  func run(_ commands: [LaneCommand], at clock: Timestamp, _ decide: (LoadedBatch) -> BatchDecision) async throws
    -> ConversationOutcome
  {
    let load = LaneLoad(commands, knownPriceVersion: 0)
    var loaded = try load.read(try await connection.run(load.pipeline))
    loaded.clock = clock
    let decision = decide(loaded)
    if let refusal = await refusal(of: decision.writes.pipeline) {
      try await connection.rollback()
      return ConversationOutcome(
        loaded: loaded, answers: ["\(refusal.sqlState ?? "?") \(refusal.constraintName ?? "?")"])
    }
    return ConversationOutcome(loaded: loaded, answers: decision.results.map { "\($0)" })
  }

  private func refusal(of pipeline: Pipeline) async -> PostgresError? {
    do throws(PostgresError) {
      _ = try await connection.run(pipeline)
      return nil
    } catch {
      return error
    }
  }
}

/// Runs the same batches on the simulated database.
struct SimulatedLaneConversation {
  var tables = SimulatedTables()

  mutating func run(_ commands: [LaneCommand], at clock: Timestamp, _ decide: (LoadedBatch) -> BatchDecision)
    -> ConversationOutcome
  {
    let locked = Set(commands.map(\.team).filter { tables.teams[$0] != nil })
    let loaded = tables.load(commands, locked: locked, knownPriceVersion: 0, clock: clock)
    let decision = decide(loaded)
    var next = tables
    do throws(RowRefusal) {
      try next.write(decision.writes)
    } catch {
      return ConversationOutcome(loaded: loaded, answers: ["\(error.kind.rawValue) \(error.constraint)"])
    }
    tables = next
    return ConversationOutcome(loaded: loaded, answers: decision.results.map { "\($0)" })
  }
}

extension LoadedBatch {
  /// What is different in another batch; nil: nothing.
  func difference(from other: LoadedBatch) -> String? {
    if Set(teams.keys) != Set(other.teams.keys) { return "teams \(teams.keys) against \(other.teams.keys)" }
    if newPrices != other.newPrices { return "prices" }
    for (id, team) in teams {
      guard let otherTeam = other.teams[id] else { continue }
      if let difference = team.difference(from: otherTeam) { return "\(id): \(difference)" }
    }
    return nil
  }
}

extension LoadedTeam {
  /// What is different in another team; nil: nothing.
  fileprivate func difference(from other: LoadedTeam) -> String? {
    if book.team != other.book.team { return "\(book.team) against \(other.book.team)" }
    if book.budgets != other.book.budgets { return "\(book.budgets.values) against \(other.book.budgets.values)" }
    if book.records != other.book.records { return "\(book.records) against \(other.book.records)" }
    if book != other.book { return "\(book) against \(other.book)" }
    if peaks != other.peaks { return "peaks" }
    if positions != other.positions { return "\(positions) against \(other.positions)" }
    if releaseCauses != other.releaseCauses { return "\(releaseCauses) against \(other.releaseCauses)" }
    if claims != other.claims { return "\(claims) against \(other.claims)" }
    if noted != other.noted { return "\(noted) against \(other.noted)" }
    if isWhole != other.isWhole { return "whole" }
    if options != other.options { return "\(options) against \(other.options)" }
    return nil
  }
}
