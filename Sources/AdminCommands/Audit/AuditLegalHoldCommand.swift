import ArgumentParser
import Ledger
import LedgerStore

/// `tally audit legal-hold`: while one is placed, nothing of a team is erased or pruned.
struct AuditLegalHoldCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "legal-hold", abstract: "Forbid that anything of a team is erased or pruned, or allow it again.",
    subcommands: [LegalHoldPlaceCommand.self, LegalHoldLiftCommand.self])
}

/// `tally audit legal-hold place`.
struct LegalHoldPlaceCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "place", abstract: "Place a legal hold on a team.",
    discussion: """
      It is a line of the team's log and hinders no edit. `tally team show` tells
      whether one is placed.

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
    let changed = try await database.withStore { store in
      let id = try await store.team(named: team).id
      try await store.changeLegalHold(of: id, isOn: isOn, by: administrator.administrator)
      return try await store.team(id)
    }
    var row = OutputRow(changed)
    row.showInTable("isOnLegalHold", as: "LEGAL HOLD")
    try Console.current.show(row, asJSON: output.asJSON)
  }
}
