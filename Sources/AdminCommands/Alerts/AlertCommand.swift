import ArgumentParser
import Ledger
import LedgerStore

/// `tally alert`: who is told when a budget reaches a part of its limit.
struct AlertCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "alert", abstract: "Tell somebody when a budget reaches a part of its limit.",
    subcommands: [AlertSetCommand.self, AlertListCommand.self, AlertRemoveCommand.self, AlertTestCommand.self])
}

/// `tally alert list`.
struct AlertListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List a team's alerts. Their secrets are not shown.",
    discussion: """
      LAST is the highest threshold that was reached in the newest period, and what
      became of its message. LIMIT is the budget's; an alert on one without a limit
      tells nothing.

      Example:
        tally alert list acme
      """)

  @Argument(help: "The team's id or name.") var team: String
  @OptionGroup var database: DatabaseOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let alerts = try await database.withStore { store in
      let team = try await store.team(named: team)
      return try await LimitedAlert.of(try await store.alerts(of: team.id), team, in: store)
    }
    try Console.current.show(
      alerts.map { OutputRow($0) }, asJSON: output.asJSON, whenEmpty: "The team has no alerts.")
    let silent = alerts.filter { $0.limit == nil }.map { "\($0.alert.scope.rawValue) \($0.alert.subject)" }
    if !silent.isEmpty {
      let subjects = Set(silent).sorted().joined(separator: ", ")
      Console.current.note("these have no limit, so their alerts tell nothing until they get one: \(subjects)")
    }
  }
}

/// `tally alert remove`.
struct AlertRemoveCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove", abstract: "Remove an alert, with its messages that wait.",
    discussion: """
      Example:
        tally alert remove acme 5e0c1c2e-51e7-4d2e-9a52-7a1f5f1c2d3e --reason "moved to another channel"
      """)

  @Argument(help: "The team's id or name.") var team: String
  @Argument(help: "The alert's id, as `tally alert list` shows it.") var alert: NoteID
  @OptionGroup var administrator: AdministratorOptions
  @OptionGroup var database: DatabaseOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let removed = try await database.withStore { store in
      let found = try await store.team(named: team)
      return try await store.removeAlert(alert, of: found.id, by: administrator.administrator)
    }
    try Console.current.show(OutputRow(removed), asJSON: output.asJSON)
  }
}

extension OutputRow {
  /// An alert as it is listed; `secret` is its text, which is shown once, where it was just made.
  init(_ limited: LimitedAlert, secret: String? = nil) {
    self.init(limited.alert, hasLimit: true, limit: limited.limit, secret: secret)
  }

  /// An alert whose budget is not looked at.
  init(_ alert: AlertView) {
    self.init(alert, hasLimit: false, limit: nil, secret: nil)
  }

  private init(_ alert: AlertView, hasLimit: Bool, limit: Credits?, secret: String?) {
    self.init()
    add("alertId", "ALERT ID", .id(alert.id))
    add("scope", "SCOPE", .string(alert.scope.rawValue))
    add("subject", "SUBJECT", .string(alert.subject))
    add(
      "thresholds", "AT", .list(alert.thresholds.map { .integer($0) }),
      text: alert.thresholds.map { "\($0)%" }.joined(separator: ","))
    if hasLimit {
      add("creditLimit", "LIMIT", .optional(limit?.value), text: limit == nil ? "none" : nil)
    }
    add("url", "URL", .string(alert.url))
    if let secret { add("secret", "SECRET", .string(secret)) }
    let last = alert.newest.map { newest in
      OutputValue.object([
        "threshold": .integer(newest.threshold), "state": .string(newest.state.rawValue),
        "attempts": .integer(newest.attempts), "status": .optional(newest.status), "reachedAt": .time(newest.reachedAt),
      ])
    }
    add(
      "last", "LAST", last ?? .null,
      text: alert.newest.map { "\($0.threshold)% \($0.state.rawValue)" } ?? "-")
    add("teamId", nil, .id(alert.team))
    add("createdAt", nil, .time(alert.createdAt))
  }
}
