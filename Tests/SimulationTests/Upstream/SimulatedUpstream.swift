import Ledger
import Upstream

/// The simulated provider: it works, refuses, fails, bills and keeps silent as the seed says, and remembers the truth.
final class SimulatedUpstream {
  /// One edit that reached it.
  struct Call {
    var facts: EditFacts
    /// The work was done and cost the operator.
    var hasWorked = false
    /// What is told to whoever asks; nil: it is still at work, for ever perhaps.
    var result: ResultOutcome?
  }

  private unowned let world: World
  private(set) var calls: [RecordID: Call] = [:]
  private var records: [String: RecordID] = [:]

  init(world: World) {
    self.world = world
  }

  /// An edit's first byte goes out. `answer` is not called where the process has ended before.
  func submit(_ facts: EditFacts, from process: SimulatedProcess, _ answer: @escaping (EditOutcome) -> Void) {
    let isOdd = world.random.chance(world.weather.oddUpstream)
    let kind = isOdd ? world.random.pick(UpstreamConduct.Kind.allCases) : nil
    let conduct = UpstreamConduct(kind, facts, &world.random)
    world.log("upstream", "\(facts.record.short) \(kind.map { "\($0)" } ?? "works")")
    if conduct.isReached {
      world.auditor.upstreamCalled(team: facts.team, record: facts.record, isFirst: calls[facts.record] == nil)
      calls[facts.record] = Call(facts: facts)
      records[facts.upstreamUUID] = facts.record
      if let span = conduct.worksAfter { work(facts.record, after: span) }
    }
    guard world.isAsync, conduct.isDefinite, let result = Self.result(of: conduct.outcome) else {
      return process.after(conduct.answersAfter) { answer(conduct.outcome) }
    }
    // Taken at once, and now and then worked on for longer than anybody asks.
    let span = conduct.answersAfter * world.random.pick([1, 1, 1, 4])
    world.after(span) { [self] in calls[facts.record]?.result = result }
    process.after(world.random.milliseconds(50...500)) { answer(.accepted(uuid: facts.upstreamUUID)) }
  }

  /// Somebody asks for an edit by the upstream's id.
  func ask(_ uuid: String, from process: SimulatedProcess, _ answer: @escaping (ResultOutcome) -> Void) {
    process.after(world.random.milliseconds(20...600)) { [self] in
      if world.random.chance(world.weather.oddUpstream / 3) {
        return answer(.unanswered(Uncertainty(cause: .timedOut)))
      }
      guard let record = records[uuid], let call = calls[record] else { return answer(.notFound) }
      answer(call.result ?? .processing)
    }
  }

  private func work(_ record: RecordID, after span: Duration) {
    world.after(span) { [self] in
      calls[record]?.hasWorked = true
      world.auditor.upstreamWorked(record)
    }
  }

  /// What an outcome is when it is asked for; nil: it is told at once also to whoever asks for an id only.
  private static func result(of outcome: EditOutcome) -> ResultOutcome? {
    switch outcome {
    case .done(let result): .done(result)
    case .notDone(let refusal): refusal.httpStatus == 200 ? .failed(refusal) : nil
    case .unknown, .accepted: nil
    }
  }
}
