import Ledger
import Upstream

/// The simulated provider: it works, refuses, fails, bills and keeps silent as the seed says, and remembers the truth.
final class SimulatedUpstream {
  /// One edit that reached it.
  struct Call {
    var team: TeamID
    var record: RecordID
    /// The work was done and cost the operator.
    var hasWorked = false
  }

  /// How long a gateway waits for an answer.
  static let timeout: Duration = .seconds(20)

  private enum Conduct: CaseIterable {
    case refuses, fails, refusesAccount, limitsRate, isNotReached, isNotReachedAtAll
    case worksThenFails, worksThenResets, resets, worksThenTimesOut, timesOut, worksAfterTimeOut, isSlow
    case deliversLess, billsMore, billsLess
  }

  private unowned let world: World
  private(set) var calls: [RecordID: Call] = [:]

  init(world: World) {
    self.world = world
  }

  /// An edit's first byte goes out. `answer` is not called where the process has ended before.
  func submit(
    _ request: HoldRequestFacts, from process: SimulatedProcess, _ answer: @escaping (EditOutcome) -> Void
  ) {
    let isOdd = world.random.chance(world.weather.oddUpstream)
    let conduct = isOdd ? world.random.pick(Conduct.allCases) : nil
    let latency = world.random.milliseconds(100...4_000)
    func reply(_ outcome: EditOutcome, after span: Duration) { process.after(span) { answer(outcome) } }
    func refusal(_ cause: Upstream.Refusal.Cause, _ status: Int? = nil) -> EditOutcome {
      .notDone(Upstream.Refusal(cause: cause, httpStatus: status, errorCode: "SIMULATED", message: "simulated"))
    }
    if conduct == .isNotReachedAtAll {
      return reply(refusal(.notSent(.connect)), after: latency)
    }
    arrive(request)
    world.log("upstream", "\(request.record.short) \(conduct.map { "\($0)" } ?? "works")")
    switch conduct {
    case .isNotReachedAtAll: break
    case nil:
      work(request, after: latency)
      reply(done(request), after: latency)
    case .isSlow:
      let late = world.random.milliseconds(8_000...19_000)
      work(request, after: late)
      reply(done(request), after: late)
    case .deliversLess:
      work(request, after: latency)
      reply(done(request, results: world.random.int(0...request.n)), after: latency)
    case .billsMore:
      work(request, after: latency)
      reply(done(request, credit: request.price * Int64(request.n) + 1_000), after: latency)
    case .billsLess:
      work(request, after: latency)
      reply(done(request, credit: Int64(world.random.below(1_000))), after: latency)
    case .refuses: reply(refusal(.refused, 400), after: latency)
    case .fails: reply(refusal(.refused, 200), after: latency)
    case .refusesAccount: reply(refusal(.account, 401), after: latency)
    case .limitsRate: reply(refusal(.rateLimited, 429), after: latency)
    case .isNotReached, .resets: reply(.unknown(Uncertainty(cause: .reset)), after: latency)
    case .worksThenFails:
      work(request, after: latency)
      reply(.unknown(Uncertainty(cause: .serverError, httpStatus: 500)), after: latency)
    case .worksThenResets:
      work(request, after: latency)
      reply(.unknown(Uncertainty(cause: .reset)), after: latency)
    case .worksThenTimesOut:
      work(request, after: latency)
      reply(.unknown(Uncertainty(cause: .timedOut)), after: Self.timeout)
    case .worksAfterTimeOut:
      work(request, after: Self.timeout + latency)
      reply(.unknown(Uncertainty(cause: .timedOut)), after: Self.timeout)
    case .timesOut:
      reply(.unknown(Uncertainty(cause: .timedOut)), after: Self.timeout)
    }
  }

  private func arrive(_ request: HoldRequestFacts) {
    world.auditor.upstreamCalled(team: request.team, record: request.record, isFirst: calls[request.record] == nil)
    calls[request.record] = Call(team: request.team, record: request.record)
  }

  private func work(_ request: HoldRequestFacts, after span: Duration) {
    world.after(span) { [self] in
      calls[request.record]?.hasWorked = true
      world.auditor.upstreamWorked(team: request.team, record: request.record)
    }
  }

  private func done(_ request: HoldRequestFacts, results: Int? = nil, credit: Int64? = nil) -> EditOutcome {
    let keys = (0..<(results ?? request.n)).map { "images/\(request.record.short)_\($0).png" }
    return .done(
      EditResult(
        uuid: "up-\(request.record.short)", resultKeys: keys, temporaryURL: "https://example.com", credit: credit))
  }
}
