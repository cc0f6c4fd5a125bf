import ArgumentParser
import Ledger
import LedgerStore

/// `tally audit legal-hold`: while one is placed, nothing of a team is erased or pruned.
struct AuditLegalHoldCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "legal-hold", abstract: "Forbid that anything of a team is erased or pruned, or allow it again.",
    subcommands: [LegalHoldPlaceCommand.self, LegalHoldLiftCommand.self, LegalHoldListCommand.self])
}

/// `tally audit legal-hold place`.
struct LegalHoldPlaceCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "place", abstract: "Place a legal hold on a team.",
    discussion: """
      It is a line of the team's log and hinders no edit. `tally audit legal-hold
      list` tells where one is placed.

      Example:
        tally audit legal-hold place acme --reason "case 2026/17"
      """)

  @OptionGroup var change: LegalHoldChange

  func run() async throws {
    try await change.run(isOn: true)
  }
}

/// `tally audit legal-hold lift`.
struct LegalHoldLiftCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lift", abstract: "Lift the legal hold from a team.",
    discussion: """
      Example:
        tally audit legal-hold lift acme --reason "case 2026/17 is closed"
      """)

  @OptionGroup var change: LegalHoldChange

  func run() async throws {
    try await change.run(isOn: false)
  }
}

/// `tally audit legal-hold list`.
struct LegalHoldListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the teams on which a legal hold is placed.",
    discussion: """
      With the line that placed it; none is shown where that line was pruned or
      stands in a log that was replaced.

      Example:
        tally audit legal-hold list --json
      """)

  @OptionGroup var database: DatabaseOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let rows = try await database.withStore { store in
      var rows: [OutputRow] = []
      for team in try await store.teams() where team.isOnLegalHold {
        let placed = AuditEntryFilter(limit: 1, actions: [.legalHoldPlaced])
        let line = try await store.auditEntries(of: team.id, placed).entries.first
        rows.append(OutputRow(held: team, by: line?.header))
      }
      return rows
    }
    try Console.current.show(rows, asJSON: output.asJSON, whenEmpty: "No team is on legal hold.")
  }
}

extension OutputRow {
  fileprivate init(held team: TeamView, by line: LineHeader?) {
    self.init()
    add("teamId", "TEAM", .id(team.id))
    add("name", "NAME", .string(team.name))
    add("placedAt", "PLACED", .time(line?.at))
    add("index", "LINE", .optional(line?.index))
  }
}

/// What placing and lifting share.
struct LegalHoldChange: ParsableArguments {
  @Argument(help: "The team's id or name.") var team: String
  @OptionGroup var administrator: AdministratorOptions
  @OptionGroup var database: DatabaseOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard administrator.reason != nil else { throw ValidationError("Say why with --reason.") }
  }

  /// Changes it and shows the team.
  func run(isOn: Bool) async throws {
    let (changed, isChanged) = try await database.withStore { store in
      let id = try await store.team(named: team).id
      let isChanged = try await store.changeLegalHold(of: id, isOn: isOn, by: administrator.administrator)
      return (try await store.team(id), isChanged)
    }
    if !isChanged {
      Console.current.note(
        "Nothing was changed, and no line was written: \(changed.name) is \(isOn ? "" : "not ")on legal hold already.")
    }
    var row = OutputRow(changed)
    row.showInTable("isOnLegalHold", as: "LEGAL HOLD")
    row.add("changed", nil, .boolean(isChanged))
    try Console.current.show(row, asJSON: output.asJSON)
  }
}
