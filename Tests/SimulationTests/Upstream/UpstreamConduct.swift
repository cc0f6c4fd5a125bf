import Upstream

/// What the upstream does with one edit: whether and when it works, what it answers and when, and what it tells whoever
/// asks for the edit afterwards.
struct UpstreamConduct {
  /// The kinds that a seed draws from, beside plain work.
  enum Kind: CaseIterable {
    case refuses, fails, refusesAccount, limitsRate, isNotReached
    case worksThenFails, worksThenResets, resets, worksThenTimesOut, timesOut, worksAfterTimeOut, isSlow
    case deliversLess, billsMore, billsLess
  }

  /// How long a gateway waits for an answer.
  static let timeout: Duration = .seconds(20)

  /// When the work is done; nil: never.
  var worksAfter: Duration?
  /// What the gateway hears, and when.
  var outcome: EditOutcome
  var answersAfter: Duration
  /// Whether one byte of the request arrives.
  var isReached = true
  /// Whether the outcome says what really happened, so that it can be told to whoever asks later.
  var isDefinite = true

  /// What `kind` makes of an edit; nil: it works.
  init(_ kind: Kind?, _ facts: EditFacts, _ random: inout SeededRandom) {
    let latency = random.milliseconds(100...4_000)
    answersAfter = latency
    func refusal(_ cause: Upstream.Refusal.Cause, _ status: Int? = nil) -> EditOutcome {
      .notDone(Upstream.Refusal(cause: cause, httpStatus: status, errorCode: "SIMULATED", message: "simulated"))
    }
    switch kind {
    case nil:
      outcome = Self.done(facts)
      worksAfter = latency
    case .isSlow:
      outcome = Self.done(facts)
      answersAfter = random.milliseconds(8_000...19_000)
      worksAfter = answersAfter
    case .deliversLess:
      outcome = Self.done(facts, results: random.int(0...facts.n))
      worksAfter = latency
    case .billsMore:
      outcome = Self.done(facts, credit: facts.price * Int64(facts.n) + 1_000)
      worksAfter = latency
    case .billsLess:
      outcome = Self.done(facts, credit: Int64(random.below(1_000)))
      worksAfter = latency
    case .refuses: outcome = refusal(.refused, 400)
    case .fails: outcome = refusal(.refused, 200)
    case .refusesAccount: outcome = refusal(.account, 401)
    case .limitsRate: outcome = refusal(.rateLimited, 429)
    case .isNotReached:
      outcome = refusal(.notSent(.connect))
      isReached = false
    case .resets: outcome = .unknown(Uncertainty(cause: .reset))
    case .worksThenFails:
      outcome = .unknown(Uncertainty(cause: .serverError, httpStatus: 500))
      worksAfter = latency
    case .worksThenResets:
      outcome = .unknown(Uncertainty(cause: .reset))
      worksAfter = latency
    case .worksThenTimesOut, .worksAfterTimeOut, .timesOut:
      outcome = .unknown(Uncertainty(cause: .timedOut))
      answersAfter = Self.timeout
      if kind == .worksThenTimesOut { worksAfter = latency }
      if kind == .worksAfterTimeOut { worksAfter = Self.timeout + latency }
    }
    if case .unknown = outcome { isDefinite = false }
  }

  private static func done(_ facts: EditFacts, results: Int? = nil, credit: Int64? = nil) -> EditOutcome {
    let keys = (0..<(results ?? facts.n)).map { "images/\(facts.record.short)_\($0).png" }
    return .done(
      EditResult(
        uuid: facts.upstreamUUID, resultKeys: keys, temporaryURL: "https://example.com", credit: credit))
  }
}

extension EditFacts {
  /// The upstream's own id of the edit.
  var upstreamUUID: String { "up-\(record.short)" }
}
