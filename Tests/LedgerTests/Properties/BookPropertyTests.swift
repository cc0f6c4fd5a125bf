import Ledger
import Testing

/// Thousands of random command sequences against the rules of docs/ledger.md. A failure prints the seed of its
/// sequence: run again with `TALLY_TEST_SEED` set to it, that sequence comes first.
struct BookPropertyTests {
  private static let sequencesPerBatch = 125
  private static let stepsPerSequence = 50

  @Test(arguments: 0..<16)
  func everyRandomHistoryKeepsEveryRule(batch: Int) {
    for index in 0..<Self.sequencesPerBatch {
      let seed = testSeed &+ UInt64(batch * Self.sequencesPerBatch + index)
      if let failure = Self.failure(of: seed) {
        Issue.record("TALLY_TEST_SEED=\(seed): \(failure)")
        return
      }
    }
  }

  /// The random histories are of use only if they reach everything.
  @Test func randomHistoriesReachEveryAction() throws {
    var counts: [Action: Int] = [:]
    var denials: Set<Denial> = []
    for seed in 1...300 as ClosedRange<UInt64> {
      var team = RandomTeam(seed: seed)
      for _ in 0..<Self.stepsPerSequence {
        let command = team.nextCommand()
        let context = team.team.context()
        do {
          let decision = try team.team.book.decide(command, context)
          for event in decision.events { counts[event.action, default: 0] += 1 }
          try team.run(decision, context)
        } catch LedgerError.notAllowed(let denial) {
          denials.insert(denial)
        } catch {
          continue
        }
      }
    }
    // A log that takes another's place begins with its own line: RecoveryTests. The operator's log is no team's:
    // OperatorLogTests.
    let elsewhere: [Action] = [.logRecovered, .priceChanged, .headsCovered, .logKeyRetired, .signerRecovered]
    for action in Action.allCases where !elsewhere.contains(action) {
      #expect(counts[action, default: 0] > 30, "\(action.rawValue)")
    }
    #expect(denials == [.teamSuspended, .memberSuspended, .keyRevoked, .keyExpired, .keyForeign])
  }

  /// What the history of this seed breaks; nil when it breaks nothing.
  private static func failure(of seed: UInt64) -> String? {
    var team = RandomTeam(seed: seed)
    for step in 0..<stepsPerSequence {
      let command = team.nextCommand()
      let context = team.team.context()
      let before = team.team.book
      let whole = Result { try before.decide(command, context) }
      if whole.outcome != Result(catching: { try before.part(for: command).decide(command, context) }).outcome {
        return "step \(step): a partial book decides otherwise: \(command)"
      }
      guard case .success(let decision) = whole else { continue }
      do {
        try team.run(decision, context)
        var part = before.part(for: command)
        for event in decision.events { try part.apply(event, at: context.at) }
      } catch {
        return "step \(step): \(error): \(command)"
      }
      if let failure = failure(of: decision, command, context, before: before, after: team.team.book) {
        return "step \(step): \(failure): \(command)"
      }
    }
    return replayFailure(of: team.team)
  }

  private static func failure(
    of decision: Decision, _ command: Command, _ context: DecisionContext, before: TeamBook, after: TeamBook
  ) -> String? {
    if let violation = after.checkInvariants().first { return "\(violation)" }
    let isHold = decision.events.contains { $0.action == .editHeld }
    for row in after.budgets.values {
      let old = before.budgets[row.id]
      let taken = row.used + row.held
      if !isHold, taken > (old?.used ?? .zero) + (old?.held ?? .zero) { return "something else than a hold took" }
      if isHold, row != old, row.isOverLimit { return "a hold exceeded \(row.id)" }
    }
    for record in before.records.values where !record.state.isOpen {
      guard let now = after.records[record.id] else { return "a record is gone" }
      if now.state != record.state || now.charged != record.charged || now.resolvedIndex != record.resolvedIndex {
        return "a resolution was changed"
      }
      if now.netCharge > record.netCharge { return "a charge rose after its resolution" }
      if let proof = record.evidenceIndex, now.evidenceIndex != proof { return "an edit was proven twice" }
    }
    return failureOfRepetition(decision, command, context, after)
  }

  /// A command whose commit is unknown is run again: that must append nothing, whatever it was, except for a note, and a
  /// credit that does not say what it began from.
  private static func failureOfRepetition(
    _ decision: Decision, _ command: Command, _ context: DecisionContext, _ after: TeamBook
  ) -> String? {
    if case .credit(let credit) = command, credit.creditedBefore == nil { return nil }
    // Whoever keeps the log sees to it that a note is appended once.
    if case .note = command { return nil }
    let repeated = Result { try after.decide(command, context) }
    guard case .success(let second) = repeated else {
      // A suspension may stand between: a repeated hold is found before that is asked, so nothing may fail.
      return "it fails when it is run again"
    }
    if !second.events.isEmpty { return "it is done again when it is run again" }
    switch (decision.outcome, second.outcome) {
    case (.settled(let record, _), .alreadyResolved(let known)), (.released(let record), .alreadyResolved(let known)),
      (.evidence(let record, _), .alreadyResolved(let known)):
      return record == known ? nil : "it reports something else when it is run again"
    case (.teamChanged, .unchanged), (.memberChanged, .unchanged), (.keyRevoked, .unchanged): return nil
    case (let first, let again): return first == again ? nil : "it reports something else when it is run again"
    }
  }

  private static func replayFailure(of team: TestTeam) -> String? {
    do {
      for line in team.lines {
        let (header, event) = try Line.parse(line)
        if Line.write(event, header) != line { return "a line reads back as another" }
      }
      let replayed = try TeamBook.replay(lines: team.lines)
      return replayed == team.book ? nil : "the replayed book is another"
    } catch {
      return "\(error)"
    }
  }
}

extension Result where Success == Decision {
  /// A decision or an error, comparable.
  fileprivate var outcome: Result<Decision, LedgerError> {
    mapError { ($0 as? LedgerError) ?? .invalid(field: "\($0)") }
  }
}
