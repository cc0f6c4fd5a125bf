import ArgumentParser
import Gateway
import Ledger
import LedgerStore

/// `tally report forecast`.
struct ReportForecastCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "forecast", abstract: "Tell when budgets run out at the present pace.",
    discussion: """
      Assumes that each budget goes on being used as it was in the last seven days,
      or in --window, or since its team, member or key was made where that is
      shorter, but in an hour at least; held credits count as used. Nothing is known
      of weekends, campaigns or new members: it is a straight line. Times are those
      of the team's zone.

      Examples:
        tally report forecast acme
        tally report forecast acme --window 24h
      """)

  @Argument(help: "The team's id or name.") var team: String
  @Option(
    help: ArgumentHelp("The time before now whose pace is taken: 60s to 3650d, by default 7d.", valueName: "duration"),
    transform: { try DurationArgument.parse($0) })
  var window = DurationArgument(seconds: 7 * 86_400)
  @Flag(help: "Budgets without a limit, too.") var all = false
  @OptionGroup var database: DatabaseOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard window.seconds >= 60 else { throw ValidationError("--window takes 60s or more.") }
  }

  func run() async throws {
    let now = Timestamp.ofSystem()
    let (view, stretch, forecasts) = try await database.withStore { store in
      let view = try await store.team(named: team)
      try await store.noteReading(of: "forecast", of: view.id)
      let asked = BudgetForecast.Window(
        from: max(.epoch, UsageKey.bucketStart(of: now.adding(seconds: -window.seconds))), to: now)
      // What retention removed cannot be told from what never was.
      let stretch = asked.since(max(view.createdAt, view.removedBefore ?? .epoch))
      return (view, stretch, try await read(store, view, stretch))
    }
    let shown = forecasts.filter { all || $0.budget.limit != nil }
    if output.asJSON {
      let value: OutputValue = .object([
        "teamId": .id(view.id), "assumption": .string(Self.assumption(stretch, \.millisecondText)),
        "windowFrom": .time(stretch.from), "windowTo": .time(stretch.to),
        "budgets": .list(shown.map { OutputRow($0, shown: \.millisecondText).object }),
      ])
      return Console.current.line(try Console.json(value))
    }
    let clock = ZoneClock(view.timeZone)
    let time: (Timestamp) -> String = { clock?.text($0) ?? $0.millisecondText }
    try Console.current.show(
      shown.map { OutputRow($0, shown: time) }, asJSON: false, whenEmpty: "No budget of this team has a limit.")
    if !shown.isEmpty { Console.current.note("\(Self.assumption(stretch, time)) (\(view.timeZone))") }
  }

  /// What the forecast relies on.
  private static func assumption(_ window: BudgetForecast.Window, _ time: (Timestamp) -> String) -> String {
    "assuming that each budget goes on being used as it was from \(time(window.from)) to \(time(window.to)), or since its "
      + "member or key was made where that is later, an hour at least"
  }

  /// The team's budget, its members', and those of keys that have one of their own.
  private func read(
    _ store: LedgerStore, _ team: TeamView, _ window: BudgetForecast.Window
  ) async throws -> [BudgetForecast] {
    // From a whole quarter of an hour on nothing has to be looked up in lines that may be pruned.
    let from = UsageKey.bucketStart(of: window.from)
    let report = try await store.usage(
      UsageRequest(team: team.id, bounds: [from, window.to], grouping: [.member, .key]))
    let keys = try await store.keys(of: team.id)
    let subjects = Dictionary(keys.map { ($0.id, $0.budgetSubject) }) { first, _ in first }
    var members: [MemberID: Int64] = [:]
    var budgets: [KeyID: Int64] = [:]
    var whole: Int64 = 0
    for cell in report.cells.joined() {
      let (group, counts) = (report.groups[cell.group], cell.counts)
      whole += counts.credits
      if let member = group.member { members[member, default: 0] += counts.credits }
      // A key that was rotated spent the same budget.
      if let key = group.key { budgets[subjects[key] ?? key, default: 0] += counts.credits }
    }
    let ofMembers = try await store.members(of: team.id).map { member in
      BudgetForecast(
        budget: member.budget, usedInWindow: members[member.id] ?? 0, window: window.since(member.createdAt))
    }
    // A key that took another's place spends a budget that is as old as the first one.
    let made = Dictionary(keys.map { ($0.id, $0.createdAt) }) { first, _ in first }
    let ofKeys = keys.filter { $0.revokedAt == nil && ($0.expiresAt.map { $0 > window.to } ?? true) }.compactMap {
      key in
      key.budget.map {
        BudgetForecast(
          budget: $0, usedInWindow: budgets[key.budgetSubject] ?? 0,
          window: window.since(made[key.budgetSubject] ?? key.createdAt))
      }
    }
    return [BudgetForecast(budget: team.budget, usedInWindow: whole, window: window)] + ofMembers + ofKeys
  }
}

extension OutputRow {
  /// What will become of a budget; `time` is how a table shows a moment.
  fileprivate init(_ forecast: BudgetForecast, shown time: (Timestamp) -> String) {
    self.init()
    let budget = forecast.budget
    add("scope", "BUDGET", .string(budget.scope.rawValue))
    add("subject", "OF", .string(budget.subject))
    add("period", "PERIOD", .string(budget.period.rawValue))
    add("creditLimit", "LIMIT", .optional(budget.limit?.value), text: budget.limit == nil ? "none" : nil)
    add("availableCredit", "AVAILABLE", .optional(budget.available?.value))
    add("windowFrom", nil, .time(forecast.window.from))
    add("usedInWindow", nil, .integer(forecast.usedInWindow))
    add("creditsPerDay", "A DAY", .integer(forecast.perDay))
    add("resetsAt", "RESETS", .time(budget.resetsAt), text: budget.resetsAt.map(time) ?? "never")
    add("usedAtReset", nil, .optional(forecast.usedAtReset))
    let (word, moment, text) = forecast.words(time)
    add("outlook", nil, .string(word))
    add("runsOutAt", "RUNS OUT", .time(moment), text: text)
  }
}

extension BudgetForecast {
  /// The outlook as a word for scripts, as a moment, and for people.
  fileprivate func words(_ time: (Timestamp) -> String) -> (String, Timestamp?, String) {
    switch outlook {
    case .unlimited: ("unlimited", nil, "has no limit")
    case .exhausted: ("exhausted", window.to, "nothing is left")
    case .unused: ("unused", nil, "not used in this time")
    case .runsOut(let moment): ("runs_out", moment, time(moment))
    case .lasts: ("lasts", nil, "not before it resets")
    case .beyondTime: ("lasts", nil, "not within this age")
    }
  }
}
