import Ledger
import Postgres

/// What decides which budget row a subject spends from now: its standing settings, its newest row, the time.
struct CurrentBudget {
  /// The standing settings, for the row that the next hold would open.
  var limit: Credits?
  var period: Period
  /// The subject's newest row; nil: it has none yet.
  var newest: Budget?
  /// The team's zone, in whose calendar months begin.
  var timeZone: String
  /// The database's clock, never before the last line.
  var now: Timestamp

  /// The row of `subject` for `now`: the newest one, or the one that the next hold would open. The ledger's own rule is
  /// asked, so that what people see is what decides.
  func budget(of subject: BudgetSubject, team: TeamID, zones: ZoneCalendar) -> Budget {
    var book = TeamBook.empty(teamID: team, origin: "")
    if let newest { book.budgets[newest.id] = newest }
    let month = zones.monthBounds(at: now, timeZone: timeZone) ?? .utcMonth(containing: now)
    return book.budget(of: subject, limit: limit, period: period, at: now, month: month)
  }
}

extension RowReader {
  /// Reads period, start, end, limit, used, held and the mark of a row of `subject`: all of them null where it has none.
  mutating func newestBudget(of subject: BudgetSubject) throws(PostgresError) -> Budget? {
    let period = try next(String?.self)
    let start = try optionalTime()
    let end = try optionalTime()
    let limit = try optionalCredits()
    let used = try optionalCredits()
    let held = try optionalCredits()
    let isOverLimit = try next(Bool?.self)
    guard let period, let start, let used, let held, let isOverLimit else { return nil }
    guard let period = Period(rawValue: period) else {
      throw PostgresError(.decoding, outcome: .unknown, reason: "a period that is not known")
    }
    let id = BudgetID(scope: subject.scope, subject: subject.bits, period: period, start: start)
    return Budget(id: id, end: end, limit: limit, used: used, held: held, isOverLimit: isOverLimit)
  }
}
