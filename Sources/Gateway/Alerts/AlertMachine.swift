package import Ledger
package import LedgerStore

/// Decides what becomes of the messages that one gateway has in hand: which are taken up, when one is tried again, when it
/// ends. A value: event in, effects out; time and chance come with the events.
///
///     due ──▶ claim ──▶ claimed ──▶ send ──▶ attempted ──▶ end | postpone ──▶ done
///               └─────▶ done (somebody else has it)     └─────▶ left to the lease (the gateway is ending)
package struct AlertMachine: Sendable {
  /// What bounds it.
  package struct Limits: Sendable, Hashable {
    /// How often a message is tried: over one to two days. The last attempt must have come to its end.
    package var attemptsMaximum: Int64 = 12
    /// How often trying it is begun, with the attempts whose end nobody knows because the gateway ended in them: a gateway
    /// that crashes in each attempt does not go on for ever.
    package var beginningsMaximum: Int64 = 24
    /// How many messages are under way at once.
    package var inFlightMaximum = 32
    /// How many of one team: a receiver that never answers holds up nobody else's messages.
    package var inFlightPerTeamMaximum = 4
    /// For how long a message is left alone by others: longer than an attempt and its booking may take.
    package var lease = Duration.seconds(45)
    /// The delay behind the first attempt.
    package var firstDelay = Duration.seconds(2)
    /// By how much each further delay is longer.
    package var delayFactor = 4
    /// The longest delay.
    package var delayMaximum = Duration.seconds(12 * 3_600)

    /// The product's own.
    package init() {}
  }

  /// What happened.
  package enum Event: Sendable {
    /// The queue was looked at: these are due.
    case due([AlertMessage])
    /// A message is this gateway's, with the attempt counted.
    case claimed(AlertMessage)
    /// It was tried.
    /// - Parameter chance: 0 to 1,000, by which the next delay differs.
    case attempted(AlertMessage, WebhookOutcome, chance: Int)
    /// It is out of this gateway's hands: booked, put off, or somebody else's.
    case done(AlertMessage)
  }

  /// What is to be done. Tell `claimed` or `done` of a claim, `attempted` of a sending, `done` of the others.
  package enum Effect: Sendable, Hashable {
    case claim(AlertMessage)
    case send(AlertMessage)
    /// Tell in the log how it ended.
    case end(AlertMessage, status: Int64?, isDelivered: Bool)
    /// Try it again after a while.
    case postpone(AlertMessage, by: Duration, status: Int64?)
  }

  /// A receiver says that it wants nothing more (410, RFC 9110 section 15.5.11).
  private static let gone: Int64 = 410

  private let limits: Limits
  private var inFlight: [NoteID: TeamID] = [:]

  /// A machine with nothing in hand.
  package init(_ limits: Limits = Limits()) {
    self.limits = limits
  }

  /// How many messages it can take up.
  package var room: Int { max(0, limits.inFlightMaximum - inFlight.count) }

  /// Teams of which nothing is taken up now, ascending.
  package var busyTeams: [TeamID] {
    Dictionary(grouping: inFlight.values) { $0 }
      .filter { $0.value.count >= limits.inFlightPerTeamMaximum }.keys.sorted()
  }

  /// What an event leads to.
  package mutating func handle(_ event: Event) -> [Effect] {
    switch event {
    case .due(let messages): return messages.compactMap { takeUp($0) }
    case .claimed(let message):
      guard message.attempts <= limits.beginningsMaximum else {
        var last = message
        last.attempts = limits.beginningsMaximum
        return [.end(last, status: nil, isDelivered: false)]
      }
      return [.send(message)]
    case .attempted(let message, let outcome, let chance):
      let status = outcome.status
      // Nobody has answered, and this gateway is not to try it again: whoever takes it up when the lease has ended is.
      if case .failed(.stopping) = outcome { return leave(message) }
      if outcome.isSuccess { return [.end(message, status: status, isDelivered: true)] }
      if status == Self.gone || message.attempts >= limits.attemptsMaximum {
        return [.end(message, status: status, isDelivered: false)]
      }
      let delay = Self.delay(after: message.attempts, outcome, chance: chance, limits)
      return [.postpone(message, by: delay, status: status)]
    case .done(let message):
      return leave(message)
    }
  }

  /// The message is out of this gateway's hands.
  private mutating func leave(_ message: AlertMessage) -> [Effect] {
    inFlight[message.id] = nil
    return []
  }

  private mutating func takeUp(_ message: AlertMessage) -> Effect? {
    let team = message.alert.team
    guard inFlight[message.id] == nil, room > 0,
      inFlight.values.count(where: { $0 == team }) < limits.inFlightPerTeamMaximum
    else { return nil }
    inFlight[message.id] = team
    return .claim(message)
  }

  /// How long to wait after an attempt that failed: each time longer, between half of it and all of it by chance, so that
  /// receivers that were away are not found by everybody at once; not shorter than the receiver asks for.
  /// - Parameters:
  ///   - attempts: attempts so far, from 1.
  ///   - chance: 0 to 1,000.
  package static func delay(
    after attempts: Int64, _ outcome: WebhookOutcome, chance: Int, _ limits: Limits = Limits()
  ) -> Duration {
    var delay = limits.firstDelay
    var count = attempts
    while count > 1, delay < limits.delayMaximum {
      delay = min(delay * limits.delayFactor, limits.delayMaximum)
      count -= 1
    }
    let chosen = delay / 2 + delay * min(max(chance, 0), 1_000) / 2_000
    guard case .answered(_, let wanted?) = outcome else { return chosen }
    return min(max(chosen, .seconds(wanted)), limits.delayMaximum)
  }

  /// The messages of what a look at the budgets has found: one for each threshold that was reached and not told of.
  package static func messages(of page: AlertedBudgetPage, id: () -> NoteID) -> [NewAlertMessage] {
    page.budgets.flatMap { found in
      found.reached.map { NewAlertMessage(id: id(), found, threshold: $0, reachedAt: page.now) }
    }
  }
}
