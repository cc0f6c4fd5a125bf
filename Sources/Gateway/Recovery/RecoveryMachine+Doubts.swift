package import Ledger
package import LedgerStore
import Upstream

/// The three ways in which a doubt ends by itself or is at least asked for (docs/ledger.md, "In doubt").
extension RecoveryMachine {
  /// How long a doubt without anything to do is put off: its team's policy may change meanwhile.
  private static let quietInterval: Duration = .seconds(300)
  /// How long a doubt that is being charged is put off, so that no other gateway does it too.
  private static let chargeInterval: Duration = .seconds(60)
  /// The longest time between two questions for a doubt.
  private static let longestAskInterval: Duration = .seconds(3_600)

  mutating func foundDue(_ found: DueDoubts?, _ now: Duration) -> [RecoveryEffect] {
    guard let found else {
      finish(.findingDue, again: now + settings.dueInterval)
      return []
    }
    // A full page: there is more.
    finish(.findingDue, again: found.doubts.count < settings.doubtLimit ? now + settings.dueInterval : now)
    return found.doubts.map { doubt in
      let step = Self.step(of: doubt, now: found.now, askFor: settings.askFor)
      if step == .forget { return .forget(doubt) }
      return .claim(doubt, for: step, until: Self.dueAgain(doubt, step, now: found.now))
    }
  }

  mutating func takeUp(_ doubt: Doubt, _ step: DoubtStep) -> [RecoveryEffect] {
    switch step {
    case .forget, .wait: return []
    case .ask: return [.ask(doubt)]
    case .charge:
      let request = SettleRequest(
        team: doubt.team, record: doubt.record, upstreamUUID: nil, resultKeys: [], temporaryURL: nil, assumed: true)
      return [.book(RecoveryBooking(.settle(request), .policy))]
    }
  }

  /// What is done about a doubt at `now` of the database's clock. Pure.
  package static func step(of doubt: Doubt, now: Timestamp, askFor: Duration) -> DoubtStep {
    if doubt.isProven { return .forget }
    if let chargeAt = doubt.chargeAt, chargeAt <= now { return .charge }
    if doubt.upstreamUUID != nil, now < doubt.inDoubtAt.adding(askFor) { return .ask }
    return doubt.state == .inDoubt ? .wait : .forget
  }

  /// When a doubt is looked at again: after the policy's time at the latest.
  package static func dueAgain(_ doubt: Doubt, _ step: DoubtStep, now: Timestamp) -> Timestamp {
    let interval: Duration =
      switch step {
      case .charge: chargeInterval
      case .ask: min(.seconds(1 << min(doubt.asks, 12)), longestAskInterval)
      case .wait, .forget: quietInterval
      }
    let moment = now.adding(interval)
    guard step != .charge, let chargeAt = doubt.chargeAt else { return moment }
    return min(moment, max(chargeAt, now))
  }

  /// What an answer of the upstream makes of a doubt; nil: nothing.
  static func booking(of doubt: Doubt, _ outcome: ResultOutcome) -> RecoveryBooking? {
    let known: EditOutcome
    switch outcome {
    case .done(let result): known = .done(result)
    case .failed(let refusal): known = .notDone(refusal)
    case .processing, .notFound, .refused, .unanswered: return nil
    }
    let booking = EditVerdict(known).booking(
      team: doubt.team, record: doubt.record, upstreamUUID: doubt.upstreamUUID)
    return RecoveryBooking(booking, .upstream)
  }
}
