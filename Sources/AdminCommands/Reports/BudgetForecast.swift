package import Ledger
package import LedgerStore

/// When a budget runs out, if it goes on being used as it was in a stretch of time: whole numbers alone.
package struct BudgetForecast: Hashable, Sendable {
  /// What the pace is taken from.
  package struct Window: Hashable, Sendable {
    /// Its first moment.
    package var from: Timestamp
    /// The first moment behind it, from which on is forecast.
    package var to: Timestamp

    /// The time from `from` to `to`.
    package init(from: Timestamp, to: Timestamp) {
      self.from = from
      self.to = to
    }

    /// The shortest time that a pace is taken from where no shorter one is asked for, in seconds: what was used in the first
    /// minutes of a budget says little of its days.
    package static let leastSeconds: Int64 = 3_600

    /// The part of it in which there was somebody to use the budget, or its last hour where that is longer; nothing was used
    /// in what is before.
    package func since(_ moment: Timestamp) -> Window {
      Window(from: max(from, min(moment, to.adding(seconds: -Self.leastSeconds))), to: to)
    }

    /// Its length, at least a second.
    var microseconds: Int64 { max(Timestamp.microsecondsPerSecond, to.microseconds - from.microseconds) }
  }

  /// What will become of it.
  package enum Outlook: Hashable, Sendable {
    /// There is no limit.
    case unlimited
    /// Nothing is left already.
    case exhausted
    /// Nothing was used in the window.
    case unused
    /// It runs out then, before it starts again.
    case runsOut(Timestamp)
    /// It starts again before it would run out.
    case lasts
    /// It would run out later than the ledger can tell times.
    case beyondTime
  }

  /// The budget as it stands.
  package let budget: BudgetView
  /// Credits that were used of it in the window.
  package let usedInWindow: Int64
  /// What the pace is taken from.
  package let window: Window

  /// A forecast of a budget of which so much was used in the window.
  package init(budget: BudgetView, usedInWindow: Int64, window: Window) {
    self.budget = budget
    self.usedInWindow = usedInWindow
    self.window = window
  }

  /// What will become of it from the window's end on.
  package var outlook: Outlook {
    guard let available = budget.available else { return .unlimited }
    guard available > .zero else { return .exhausted }
    guard usedInWindow > 0 else { return .unused }
    // The first moment at which no more is left than nothing: rounded up.
    let pace = Int128(usedInWindow)
    let duration = (Int128(available.value) * Int128(window.microseconds) + pace - 1) / pace
    let moment = Int128(window.to.microseconds) + duration
    if let resetsAt = budget.resetsAt, moment >= Int128(resetsAt.microseconds) { return .lasts }
    guard moment <= Int128(Timestamp.maximum.microseconds) else { return .beyondTime }
    return .runsOut(Timestamp(microseconds: Int64(moment)))
  }

  /// Credits a day at this pace, rounded down.
  package var perDay: Int64 {
    Int64(clamping: Int128(max(0, usedInWindow)) * Int128(Timestamp.microsecondsPerDay) / Int128(window.microseconds))
  }

  /// Credits that will be used when the budget starts again, rounded down, held ones counted; nil: it never does.
  package var usedAtReset: Int64? {
    guard let resetsAt = budget.resetsAt else { return nil }
    let rest = Int128(max(0, resetsAt.microseconds - window.to.microseconds))
    let more = Int128(max(0, usedInWindow)) * rest / Int128(window.microseconds)
    return Int64(clamping: Int128(budget.used.value) + Int128(budget.held.value) + more)
  }
}
