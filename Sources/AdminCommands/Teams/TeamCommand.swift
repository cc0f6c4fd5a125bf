import ArgumentParser
import Ledger
import LedgerStore

/// `tally team`: teams, their limits, and their months' time zone.
struct TeamCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "team", abstract: "Make, show and change teams.",
    subcommands: [TeamCreateCommand.self, TeamListCommand.self, TeamShowCommand.self, TeamSetCommand.self])
}

/// `tally team create`.
struct TeamCreateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "create", abstract: "Make a team.",
    discussion: """
      Examples:
        tally team create acme
        tally team create acme --limit 50000000 --time-zone Europe/Berlin
      """)

  @Argument(help: "The team's name, which no other team has.") var name: String
  @Option(help: ArgumentHelp("The team's id; a random one by default.", valueName: "uuid")) var id: TeamID?
  @Option(help: ArgumentHelp("Credits that the whole team may use in a period, or none.", valueName: "n")) var limit:
    LimitArgument?
  @Option(help: "Period of the team's limit.") var period: Period = .month
  @Option(help: ArgumentHelp("IANA time zone in which the team's months begin.", valueName: "zone")) var timeZone =
    "UTC"
  @OptionGroup var administrator: AdministratorOptions
  @OptionGroup var database: DatabaseOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let team = NewTeam(
      id: id ?? .random(), name: name, limit: limit?.credits, period: period, timeZone: timeZone)
    let made = try await database.withStore { store in
      try await store.createTeam(team, by: administrator.administrator)
    }
    try Console.current.show(OutputRow(made), asJSON: output.asJSON)
  }
}

/// `tally team list`.
struct TeamListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List all teams.",
    discussion: """
      Example:
        tally team list --json
      """)

  @OptionGroup var database: DatabaseOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let teams = try await database.withStore { try await $0.teams() }
    try Console.current.show(teams.map { OutputRow($0) }, asJSON: output.asJSON, whenEmpty: "There are no teams.")
  }
}

/// `tally team show`.
struct TeamShowCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show one team.",
    discussion: """
      Example:
        tally team show acme
      """)

  @Argument(help: "The team's id or name.") var team: String
  @OptionGroup var database: DatabaseOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let found = try await database.withStore { try await $0.team(named: team) }
    var row = OutputRow(found)
    row.showInTable("isOnLegalHold", as: "LEGAL HOLD")
    row.showInTable("keepRecordsDays", as: "KEEPS DAYS")
    row.showInTable("removedBefore", as: "REMOVED BEFORE")
    try Console.current.show(row, asJSON: output.asJSON)
  }
}

/// `tally team set`.
struct TeamSetCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "set", abstract: "Change a team.",
    discussion: """
      A limit counts at once. Period and time zone count from the next period on. A
      suspended team's edits are refused; what is held already still settles.

      Examples:
        tally team set acme --limit 80000000 --reason "raised for the campaign"
        tally team set acme --status SUSPENDED --reason "unpaid"
        tally team set acme --in-doubt-charge-after 24h
        tally team set acme --keep-records 400d --reason "policy"
      """)

  @Argument(help: "The team's id or name.") var team: String
  @Option(help: "Whether the team's edits are taken.") var status: AccountStatus?
  @Option(help: ArgumentHelp("Credits that the whole team may use in a period, or none.", valueName: "n")) var limit:
    LimitArgument?
  @Option(help: "Period of the team's limit, from the next one on.") var period: Period?
  @Option(help: ArgumentHelp("IANA time zone in which the team's months begin.", valueName: "zone")) var timeZone:
    String?
  @Option(
    help: ArgumentHelp(
      "Charge edits in full that have been in doubt for so long (24h, 30d), or never.", valueName: "time"))
  var inDoubtChargeAfter: DurationOrNever?
  @Option(
    help: ArgumentHelp(
      "Keep records and usage for so many days at least (400d), or forever; 31d at least.", valueName: "days"))
  var keepRecords: DaysOrForever?
  @OptionGroup var administrator: AdministratorOptions
  @OptionGroup var database: DatabaseOptions
  @OptionGroup var output: OutputOptions

  private var changesTeam: Bool {
    status != nil || limit != nil || period != nil || timeZone != nil || inDoubtChargeAfter != nil
  }

  func validate() throws {
    guard changesTeam || keepRecords != nil else {
      throw ValidationError(
        "Say what to change: --status, --limit, --period, --time-zone, --in-doubt-charge-after or --keep-records.")
    }
    guard keepRecords == nil || administrator.reason != nil else {
      throw ValidationError("Say why with --reason: what is kept no longer is removed for good.")
    }
  }

  func run() async throws {
    let change = TeamChange(
      status: Change(status), limit: limit.map { .set($0.credits) } ?? .keep, period: Change(period),
      timeZone: Change(timeZone), inDoubtChargeSeconds: inDoubtChargeAfter.map { .set($0.seconds) } ?? .keep)
    let changed = try await database.withStore { store in
      var found = try await store.team(named: team)
      if changesTeam { found = try await store.changeTeam(found.id, change, by: administrator.administrator) }
      guard let keepRecords else { return found }
      return try await store.changeRetention(
        of: found.id, keepDays: keepRecords.days, by: administrator.administrator)
    }
    var row = OutputRow(changed)
    if inDoubtChargeAfter != nil { row.showInTable("inDoubtChargeAfterSeconds", as: "CHARGES IN DOUBT AFTER S") }
    if keepRecords != nil { row.showInTable("keepRecordsDays", as: "KEEPS DAYS") }
    try Console.current.show(row, asJSON: output.asJSON)
  }
}

extension Change {
  /// Sets what is there and keeps where nothing is.
  init(_ value: Value?) {
    self = value.map { .set($0) } ?? .keep
  }
}

extension OutputRow {
  init(_ team: TeamView) {
    self.init()
    add("teamId", "TEAM", .id(team.id))
    add("name", "NAME", .string(team.name))
    add("status", "STATUS", .string(team.status.rawValue))
    add("period", "PERIOD", .string(team.period.rawValue))
    add(team.budget)
    add("timeZone", "TIME ZONE", .string(team.timeZone))
    add("inDoubtChargeAfterSeconds", nil, .optional(team.inDoubtChargeSeconds))
    add("isHalted", "HALTED", .boolean(team.isHalted))
    add("isOnLegalHold", nil, .boolean(team.isOnLegalHold))
    add("keepRecordsDays", nil, .optional(team.keepDays))
    add("removedBefore", nil, .time(team.removedBefore))
    add("log", nil, .string(team.logOrigin))
    add("logSize", "LOG LINES", .integer(team.logSize))
    add("createdAt", nil, .time(team.createdAt))
  }
}
